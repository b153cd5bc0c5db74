terraform {
  required_version = ">= 1.5.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.31, < 7.0"
    }
  }
}

# An HTTP API whose routes call Step Functions by integration subtype: start, start and wait, stop.

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "http-api"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  execution_prefix = join(":", [
    "arn", data.aws_partition.current.partition, "states", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, "execution", aws_sfn_state_machine.standard.name,
  ])

  integrations = {
    "POST /execution" = {
      subtype = "StepFunctions-StartExecution"
      parameters = {
        StateMachineArn = "$stageVariables.machine"
        Name            = "$request.header.idempotency-key"
        Input           = "$request.body"
      }
      responses = { "200" = {
        "overwrite:statuscode"      = "202"
        "append:header.x-execution" = "$response.body.executionArn"
      } }
    }
    "POST /sync" = {
      subtype    = "StepFunctions-StartSyncExecution"
      parameters = { StateMachineArn = aws_sfn_state_machine.express.arn, Input = "$request.body" }
      responses  = {}
    }
    "DELETE /execution/{name}" = {
      subtype = "StepFunctions-StopExecution"
      parameters = {
        ExecutionArn = "${local.execution_prefix}:$${request.path.name}"
        Cause        = "$request.querystring.cause"
      }
      responses = {}
    }
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["apigateway", "states"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "states" {
  name               = "${var.name}-states"
  assume_role_policy = data.aws_iam_policy_document.trust["states"].json
}

resource "aws_iam_role" "gateway" {
  name               = "${var.name}-gateway"
  assume_role_policy = data.aws_iam_policy_document.trust["apigateway"].json
}

data "aws_iam_policy_document" "gateway" {
  statement {
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.standard.arn]
  }

  statement {
    actions   = ["states:StartSyncExecution"]
    resources = [aws_sfn_state_machine.express.arn]
  }

  statement {
    actions   = ["states:StopExecution"]
    resources = ["${local.execution_prefix}:*"]
  }
}

resource "aws_iam_role_policy" "gateway" {
  name   = "step-functions"
  role   = aws_iam_role.gateway.id
  policy = data.aws_iam_policy_document.gateway.json
}

resource "aws_sfn_state_machine" "standard" {
  name     = "${var.name}-standard"
  role_arn = aws_iam_role.states.arn

  definition = jsonencode({
    StartAt = "Wait"
    States = {
      Wait = { Type = "Wait", SecondsPath = "$.seconds", Next = "Done" }
      Done = { Type = "Succeed" }
    }
  })
}

resource "aws_sfn_state_machine" "express" {
  name     = "${var.name}-express"
  role_arn = aws_iam_role.states.arn
  type     = "EXPRESS"

  definition = jsonencode({
    StartAt = "Greet"
    States = { Greet = {
      Type       = "Pass"
      Parameters = { "greeting.$" = "States.Format('Hello {}', $.name)" }
      End        = true
    } }
  })
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.integrations

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_subtype    = each.value.subtype
  credentials_arn        = aws_iam_role.gateway.arn
  payload_format_version = "1.0"
  request_parameters     = each.value.parameters

  dynamic "response_parameters" {
    for_each = each.value.responses

    content {
      status_code = response_parameters.key
      mappings    = response_parameters.value
    }
  }
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.integrations

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "live"
  auto_deploy = true

  stage_variables = { machine = aws_sfn_state_machine.standard.arn }
}

output "invoke_urls" {
  description = "Stage => URL."
  value       = { (aws_apigatewayv2_stage.live.name) = aws_apigatewayv2_stage.live.invoke_url }
}

output "state_machine_arn" {
  description = "The Standard state machine."
  value       = aws_sfn_state_machine.standard.arn
}
