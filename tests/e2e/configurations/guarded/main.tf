# Every way to refuse a request before Step Functions hears of it: a schema, parameters, authorizers, signatures, keys.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "guarded"
}

locals {
  order_schema = {
    "$schema"            = "http://json-schema.org/draft-04/schema#"
    type                 = "object"
    required             = ["dish"]
    additionalProperties = false

    properties = {
      dish     = { type = "string", minLength = 1 }
      portions = { type = "integer", minimum = 1 }
    }
  }
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  cors          = { origins = ["https://one.example.com"] }
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  authorizers = {
    pool = { type = "COGNITO_USER_POOLS", user_pool_arns = [aws_cognito_user_pool.this.arn] }
    query = {
      type             = "REQUEST"
      function_arn     = aws_lambda_function.authorizer.arn
      identity_sources = ["method.request.querystring.who"]
    }
    token = { type = "TOKEN", function_arn = aws_lambda_function.authorizer.arn, token_pattern = "^[a-z]+$" }
  }

  routes = {
    "POST /orders" = {
      body_schema            = jsonencode(local.order_schema)
      required_headers       = ["X-Tenant"]
      required_query_strings = ["table"]
    }
    "POST /schema" = { body_schema = jsonencode(local.order_schema) }
    "POST /schema/passthrough" = {
      body_schema = jsonencode({ type = "object", required = ["name"] })
      input       = "passthrough"
    }
    "GET /executions" = { action = "ListExecutions", required_query_strings = ["maxResults"] }

    "POST /pool" = { authorization = "pool", input = "request", request = { authorizer = ["claims.email"] } }
    "POST /query" = {
      authorization = "query"
      input         = "request"
      request       = { authorizer = ["principalId", "tenant", "level"] }
    }
    "POST /token"  = { authorization = "token" }
    "POST /signed" = { authorization = "AWS_IAM" }
    "POST /key"    = { api_key_required = true }
    "POST /both"   = { authorization = "token", api_key_required = true }
  }
}

data "aws_region" "current" {}

resource "aws_iam_role" "authorizer" {
  name = "${var.name}-authorizer-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name    = "${var.name}-authorizer"
  role             = aws_iam_role.authorizer.arn
  runtime          = "python3.13"
  handler          = "authorize.handler"
  filename         = "${path.module}/authorize.zip"
  source_code_hash = filebase64sha256("${path.module}/authorize.zip")
}

resource "aws_cognito_user_pool" "this" {
  name = var.name
}

resource "aws_cognito_user_pool_client" "this" {
  name                = var.name
  user_pool_id        = aws_cognito_user_pool.this.id
  explicit_auth_flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}

# One caller whose policy lets it in, and one without a policy.
resource "aws_iam_user" "caller" {
  for_each = toset(["friend", "stranger"])

  name          = "${var.name}-${each.key}"
  force_destroy = true
}

resource "aws_iam_user_policy" "friend" {
  name = "call"
  user = aws_iam_user.caller["friend"].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "execute-api:Invoke"
      Resource = "${module.api.rest_api_execution_arn}/alpha/POST/signed"
    }]
  })
}

# One caller may call twice a day, one as often as it likes.
resource "aws_api_gateway_api_key" "caller" {
  for_each = toset(["guest", "regular"])

  name = "${var.name}-${each.key}"
}

resource "aws_api_gateway_usage_plan" "caller" {
  for_each = aws_api_gateway_api_key.caller

  name = each.value.name

  api_stages {
    api_id = module.api.rest_api_id
    stage  = module.api.stage_names["alpha"]
  }

  dynamic "quota_settings" {
    for_each = each.key == "guest" ? [2] : []

    content {
      limit  = quota_settings.value
      period = "DAY"
    }
  }
}

resource "aws_api_gateway_usage_plan_key" "caller" {
  for_each = aws_api_gateway_api_key.caller

  key_id        = each.value.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.caller[each.key].id
}

output "api_keys" {
  value     = { for name, key in aws_api_gateway_api_key.caller : name => key.value }
  sensitive = true
}

output "authorizer_arn" {
  value = aws_lambda_function.authorizer.arn
}

output "curl_commands" {
  value = module.api.curl_commands
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "openapi_document" {
  value = module.api.openapi_document
}

output "openapi_document_extended" {
  value = module.api.openapi_document_extended
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}

output "user_names" {
  value = { for name, user in aws_iam_user.caller : name => user.name }
}

output "user_pool" {
  value = { client_id = aws_cognito_user_pool_client.this.id, id = aws_cognito_user_pool.this.id }
}
