# A function of the user's own that decides about callers. Its ARN is made of its name: with a reference to it, the
# function would be created before it is destroyed, as the deployment is.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "openapi"
}

locals {
  function_name = "own-authorizer"
  function_arn = join(":", [
    "arn", data.aws_partition.current.partition, "lambda", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, "function", local.function_name,
  ])
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

module "api" {
  source = "../../../../"

  authorizers   = { gate = { type = "TOKEN", function_arn = local.function_arn } }
  engine        = var.engine
  name          = "own"
  routes        = { "POST /execution" = { authorization = "gate" } }
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }
}

resource "aws_iam_role" "authorizer" {
  name = "own-authorizer-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name    = local.function_name
  role             = aws_iam_role.authorizer.arn
  runtime          = "python3.13"
  handler          = "authorize.handler"
  filename         = "${path.module}/../paths/authorize.zip"
  source_code_hash = filebase64sha256("${path.module}/../paths/authorize.zip")
}

output "invoke_urls" {
  value = module.api.invoke_urls
}
