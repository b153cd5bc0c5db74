# What a user has beside the module and changes: a log group that the module as a whole depends on, and a function that
# decides about callers.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "retention_in_days" {
  description = "How long the log group keeps what is in it."
  type        = number
  default     = 7
}

data "aws_region" "current" {}

module "api" {
  source = "../../../../"

  authorizers   = { gate = { type = "TOKEN", function_arn = aws_lambda_function.authorizer.arn } }
  engine        = var.engine
  name          = "depending"
  routes        = { "POST /execution" = {}, "POST /guarded" = { authorization = "gate" } }
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/depending/orders"
  retention_in_days = var.retention_in_days
}

resource "aws_iam_role" "authorizer" {
  name = "depending-authorizer-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name    = "depending-authorizer"
  role             = aws_iam_role.authorizer.arn
  runtime          = "python3.13"
  handler          = "authorize.handler"
  filename         = "${path.module}/../paths/authorize.zip"
  source_code_hash = filebase64sha256("${path.module}/../paths/authorize.zip")
}

output "invoke_role_arn" {
  value = module.api.invoke_role_arn
}

output "invoke_urls" {
  value = module.api.invoke_urls
}
