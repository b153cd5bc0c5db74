resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name    = local.name
  description      = "Tells WebSocket clients that an execution has ended"
  role             = aws_iam_role.function.arn
  runtime          = "python3.13"
  handler          = "main.handler"
  filename         = "${path.module}/notifications.zip"
  source_code_hash = filebase64sha256("${path.module}/notifications.zip")
  memory_size      = 256
  # API Gateway waits 29 seconds at most.
  timeout = 29
  tags    = var.tags

  environment {
    variables = {
      # Not from the stage, which is made after the function.
      CONNECTIONS_URL    = "https://${aws_apigatewayv2_api.this.id}.execute-api.${module.location.region}.${module.location.dns_suffix}/${var.stage}"
      STATE_MACHINE_ARNS = jsonencode(var.state_machine_arns)
      TABLE_NAME         = aws_dynamodb_table.subscriptions.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function.name
  }
}
