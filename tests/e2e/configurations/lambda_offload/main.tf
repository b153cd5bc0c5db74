# The offload function behind a small API. The stage alpha starts a workflow whose task reads the payload; the stage
# slow one that waits, so that its executions run while the tests look at them.

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "offload"
}

data "aws_partition" "current" {}

module "payloads" {
  source = "../../../../modules/payload_offload"

  name               = "${var.name}-payloads"
  content_types      = ["application/json", "text/plain"]
  execution_name     = "$input.params('Idempotency-Key')"
  force_destroy      = true
  inline_max_bytes   = 1000
  state_machine_arns = [module.machine.arn, module.slow_machine.arn]
}

module "machine" {
  source = "../../../../modules/state_machine"

  name = "${var.name}-read"
  definition = jsonencode({
    StartAt = "Read"
    States = { Read = {
      Type           = "Task"
      Resource       = "arn:${data.aws_partition.current.partition}:states:::lambda:invoke"
      Parameters     = { FunctionName = "${var.name}-read", "Payload.$" = "$" }
      ResultSelector = { "result.$" = "$.Payload" }
      OutputPath     = "$.result"
      End            = true
    } }
  })
  policy_statements = [{ actions = ["lambda:InvokeFunction"], resources = [aws_lambda_function.read.arn] }]
}

module "slow_machine" {
  source = "../../../../modules/state_machine"

  name       = "${var.name}-slow"
  definition = jsonencode({ StartAt = "Wait", States = { Wait = { Type = "Wait", Seconds = 300, End = true } } })
}

resource "aws_iam_role" "read" {
  name = "${var.name}-read"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "read" {
  name = "function"
  role = aws_iam_role.read.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = module.payloads.read_statement.actions
      Resource = module.payloads.read_statement.resources
    }]
  })
}

resource "aws_lambda_function" "read" {
  function_name    = "${var.name}-read"
  role             = aws_iam_role.read.arn
  runtime          = "python3.13"
  handler          = "handler.handler"
  filename         = "${path.module}/read_payload.zip"
  source_code_hash = filebase64sha256("${path.module}/read_payload.zip")
  memory_size      = 512
  timeout          = 20

  depends_on = [aws_iam_role_policy.read]
}

module "invoke_role" {
  source = "../../../../modules/invoke_role"

  name        = "${var.name}-invoke"
  permissions = module.payloads.permissions
}

module "rest_api" {
  source = "../../../../modules/rest_api"

  name        = var.name
  credentials = module.invoke_role.arn

  methods = {
    "POST /orders" = {
      integration = {
        uri               = module.payloads.uri
        request_templates = module.payloads.request_templates
      }
      responses = module.payloads.responses
    }
  }

  stages = {
    alpha = { variables = { stateMachineArn = module.machine.arn } }
    slow  = { variables = { stateMachineArn = module.slow_machine.arn } }
  }
}

output "bucket_arn" {
  value = module.payloads.bucket_arn
}

output "bucket_name" {
  value = module.payloads.bucket_name
}

output "function_arn" {
  value = module.payloads.function_arn
}

output "invoke_role_name" {
  value = module.invoke_role.name
}

output "invoke_urls" {
  value = module.rest_api.invoke_urls
}

output "log_group_name" {
  value = module.payloads.log_group_name
}

output "reader_function_arn" {
  value = aws_lambda_function.read.arn
}

output "reader_role_name" {
  value = aws_iam_role.read.name
}

output "role_name" {
  value = module.payloads.role_name
}

output "state_machine_arns" {
  value = { alpha = module.machine.arn, slow = module.slow_machine.arn }
}
