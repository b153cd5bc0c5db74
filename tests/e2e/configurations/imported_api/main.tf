# An API that is one OpenAPI document, beside the arguments that Terraform keeps in step with it.

terraform {
  required_version = ">= 1.5.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.31, < 7.0"
    }
  }
}

variable "changed" {
  description = "Whether the document has another path, no health check, and another answer."
  type        = bool
  default     = false
}

variable "mode" {
  description = "overwrite or merge."
  type        = string
  default     = "overwrite"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "imported"
}

module "state_machine" {
  source = "../../../../modules/state_machine"

  name       = var.name
  definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "start" {
  statement {
    actions   = ["states:StartExecution"]
    resources = [module.state_machine.arn]
  }
}

resource "aws_iam_role" "invoke" {
  name               = "${var.name}-invoke"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "invoke" {
  name   = "start"
  role   = aws_iam_role.invoke.id
  policy = data.aws_iam_policy_document.start.json
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  start = {
    summary = "Start an execution"

    requestBody = {
      content = { "application/json" = { schema = { "$ref" = "#/components/schemas/Order" } } }
    }

    responses = {
      "200" = { description = "started" }
      "400" = { description = "refused", headers = { "X-Refused" = { schema = { type = "string" } } } }
    }

    "x-amazon-apigateway-request-validator" = "body"

    "x-amazon-apigateway-integration" = {
      type       = "aws"
      httpMethod = "POST"
      uri = join(":", [
        "arn", data.aws_partition.current.partition, "apigateway", data.aws_region.current.id,
        "states", "action/StartExecution",
      ])
      credentials         = aws_iam_role.invoke.arn
      passthroughBehavior = "never"

      requestTemplates = {
        "application/json" = <<-VTL
          {
            "stateMachineArn": "${module.state_machine.arn}",
            "name": "$context.requestId",
            "input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\'", "'")"
          }
        VTL
      }

      responses = {
        default = {
          statusCode = "200"
          responseTemplates = {
            "application/json" = var.changed ? "{\"arn\": $input.json('$.executionArn')}" : "$input.json('$')"
          }
        }
        "4\\d{2}" = {
          statusCode         = "400"
          responseParameters = { "method.response.header.X-Refused" = "'yes'" }
        }
      }
    }
  }

  health = {
    responses = { "200" = { description = "healthy" } }

    "x-amazon-apigateway-integration" = {
      type             = "mock"
      requestTemplates = { "application/json" = "{\"statusCode\": 200}" }
      responses = { default = {
        statusCode        = "200"
        responseTemplates = { "application/json" = "{\"healthy\": true}" }
      } }
    }
  }

  document = {
    openapi = "3.0.1"
    info    = { title = "the document's title", description = "the document's description", version = "1.0" }

    paths = merge(
      { "/execution" = { post = local.start } },
      { (var.changed ? "/added" : "/health") = { get = local.health } },
    )

    components = {
      schemas = {
        Order = {
          type       = "object"
          required   = ["item"]
          properties = { item = { "$ref" = "#/components/schemas/Item" } }
        }
        Item = { type = "string" }
      }
    }

    "x-amazon-apigateway-binary-media-types" = ["image/png"]
    "x-amazon-apigateway-gateway-responses"  = { BAD_REQUEST_BODY = { statusCode = 422 } }
    "x-amazon-apigateway-request-validators" = { body = { validateRequestBody = true } }
  }
}

resource "aws_api_gateway_rest_api" "this" {
  name               = "${var.name}-api"
  description        = "the resource's description"
  binary_media_types = ["application/pdf", "image/jpeg"]
  body               = jsonencode(local.document)
  put_rest_api_mode  = var.mode

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  triggers    = { body = sha256(aws_api_gateway_rest_api.this.body) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "alpha" {
  deployment_id = aws_api_gateway_deployment.this.id
  rest_api_id   = aws_api_gateway_rest_api.this.id
  stage_name    = "alpha"
}

# What the document does not set, and Terraform is not told, is left to what the document says.
resource "aws_api_gateway_rest_api" "plain" {
  name = "${var.name}-plain"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "${var.name}-plain", description = "from the document", version = "1" }
    paths   = { "/" = { get = local.health } }

    "x-amazon-apigateway-api-key-source"           = "AUTHORIZER"
    "x-amazon-apigateway-binary-media-types"       = ["image/png"]
    "x-amazon-apigateway-minimum-compression-size" = 1024

    "x-amazon-apigateway-policy" = {
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }]
    }
  })
}

output "invoke_urls" {
  value = { alpha = aws_api_gateway_stage.alpha.invoke_url }
}

output "rest_api_id" {
  value = aws_api_gateway_rest_api.this.id
}

output "state_machine_arn" {
  value = module.state_machine.arn
}
