# An API that changes, beside things of the caller's that it depends on, names, and is waited for by.

variable "cors" {
  description = "As the module takes it."
  type        = any
  default     = null
}

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "openapi"
}

variable "retention_in_days" {
  description = "Of the log group that the module depends on."
  type        = number
  default     = 7
}

variable "routes" {
  description = "As the module takes them."
  type        = any
  default     = { "POST /execution" = {} }
}

# A change of what a module depends on defers the module's data sources to the apply.
resource "aws_cloudwatch_log_group" "platform" {
  name              = "changes-platform"
  retention_in_days = var.retention_in_days
}

# The user's own, which the definition names.
resource "aws_lambda_function" "worker" {
  function_name = "changes-worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "authorize.handler"
  filename      = "${path.module}/../guarded/authorize.zip"
}

resource "aws_iam_role" "worker" {
  name = "changes-worker"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

module "api" {
  source = "../../../../"

  cors   = var.cors
  engine = var.engine
  name   = "changes"
  routes = var.routes

  state_machine = {
    definition = jsonencode({
      StartAt = "Choose"
      States = {
        Choose = {
          Type    = "Choice"
          Choices = [{ Variable = "$.work", IsPresent = true, Next = "Work" }]
          Default = "Echo"
        }
        Echo = { Type = "Pass", End = true }
        Work = { Type = "Task", Resource = aws_lambda_function.worker.arn, End = true }
      }
    })
    policy_statements = [{ actions = ["lambda:InvokeFunction"], resources = [aws_lambda_function.worker.arn] }]
  }

  depends_on = [aws_cloudwatch_log_group.platform]
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}

# A caller's resource that waits for all of the module, which has to wait for nothing of the caller's in turn.
resource "terraform_data" "after" {
  depends_on = [module.api]
}
