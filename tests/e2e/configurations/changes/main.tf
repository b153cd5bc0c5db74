# An API every part of which can change from one apply to the next.

variable "authorizer" {
  description = "Type of the authorizer of GET /execution/{name}; null for a route that is open."
  type        = string
  default     = null
}

variable "cors" {
  description = "As the module takes it."
  type        = any
  default     = null
}

variable "endpoint_type" {
  description = "REGIONAL or EDGE."
  type        = string
  default     = "REGIONAL"
}

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "openapi"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "changes"
}

variable "names" {
  description = "As the module takes them."
  type        = any
  default     = {}
}

variable "permissions_boundary" {
  description = "Whether the roles have one."
  type        = bool
  default     = false
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

variable "stages" {
  description = "As the module takes them."
  type        = any
  default     = { alpha = {} }
}

variable "tags" {
  description = "As the module takes them."
  type        = map(string)
  default     = {}
}

variable "type" {
  description = "Of the state machine."
  type        = string
  default     = "STANDARD"
}

# A change of what a module depends on defers the module's data sources to the apply.
resource "aws_cloudwatch_log_group" "platform" {
  name              = "${var.name}-platform"
  retention_in_days = var.retention_in_days
}

# The user's own, which the definition names.
resource "aws_lambda_function" "worker" {
  function_name = "${var.name}-worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "authorize.handler"
  filename      = "${path.module}/../guarded/authorize.zip"
}

resource "aws_iam_role" "worker" {
  name = "${var.name}-worker"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name = "${var.name}-authorizer"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "authorize.handler"
  filename      = "${path.module}/../guarded/authorize.zip"
}

resource "aws_cognito_user_pool" "this" {
  name = var.name
}

resource "aws_iam_policy" "boundary" {
  name = "${var.name}-boundary"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["lambda:*", "states:*"], Resource = "*" }]
  })
}

module "api" {
  source = "../../../../"

  authorizers = var.authorizer == null ? {} : { caller = {
    function_arn   = var.authorizer == "COGNITO_USER_POOLS" ? null : aws_lambda_function.authorizer.arn
    type           = var.authorizer
    user_pool_arns = var.authorizer == "COGNITO_USER_POOLS" ? [aws_cognito_user_pool.this.arn] : []
  } }
  cors                 = var.cors
  endpoint_type        = var.endpoint_type
  engine               = var.engine
  name                 = var.name
  names                = var.names
  permissions_boundary = var.permissions_boundary ? aws_iam_policy.boundary.arn : null
  stages               = var.stages
  tags                 = var.tags

  routes = merge(var.routes, var.authorizer == null ? {} : {
    "GET /execution/{name}" = { action = "DescribeExecution", authorization = "caller" }
  })

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
    type              = var.type
  }

  depends_on = [aws_cloudwatch_log_group.platform]
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
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
