locals {
  # $connect and $disconnect are called when a client comes and goes, $default with every message but those to
  # subscribe.
  routes = toset(["$connect", "$default", "$disconnect", "subscribe"])
}

resource "aws_apigatewayv2_api" "this" {
  name                       = local.name
  description                = "Tells clients that an execution has ended"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
  tags                       = var.tags

  lifecycle {
    precondition {
      condition     = (var.authorization == "CUSTOM") == (var.authorizer != null)
      error_message = var.authorizer == null ? local.authorizer_missing : local.authorizer_unused
    }
  }
}

resource "aws_apigatewayv2_integration" "function" {
  api_id             = aws_apigatewayv2_api.this.id
  integration_type   = "AWS_PROXY"
  integration_method = "POST"
  integration_uri    = aws_lambda_function.this.invoke_arn
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
  # A connection is authorized once, when it is made.
  authorization_type = each.key == "$connect" ? var.authorization : "NONE"
  authorizer_id      = each.key == "$connect" ? one(aws_apigatewayv2_authorizer.this[*].id) : null
}

resource "aws_apigatewayv2_deployment" "this" {
  api_id = aws_apigatewayv2_api.this.id

  # A deployment is a copy of the API: without a new one the stage goes on serving what it had.
  triggers = {
    served = sha1(jsonencode({
      authorization = var.authorization
      authorizer    = one(aws_apigatewayv2_authorizer.this[*].id)
      integration   = aws_apigatewayv2_integration.function.id
      module        = filesha1("${path.module}/api.tf")
    }))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_apigatewayv2_route.this]
}

resource "aws_apigatewayv2_stage" "this" {
  api_id        = aws_apigatewayv2_api.this.id
  deployment_id = aws_apigatewayv2_deployment.this.id
  name          = var.stage
  tags          = var.tags

  dynamic "default_route_settings" {
    for_each = var.throttling == null ? [] : [var.throttling]

    content {
      throttling_burst_limit = default_route_settings.value.burst_limit
      throttling_rate_limit  = default_route_settings.value.rate_limit
    }
  }
}

resource "aws_lambda_permission" "api" {
  statement_id  = "AllowTheAPI"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/${var.stage}/*"
}
