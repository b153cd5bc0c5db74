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
  # Long enough to repeat what is throttled. API Gateway needs an answer only to a client that connects.
  timeout = 60
  tags    = var.tags

  environment {
    variables = {
      ALLOWED_ORIGINS = jsonencode(var.allowed_origins)
      # Not from the stage, which is made after the function.
      CONNECTIONS_URL    = "https://${local.host}/${var.stage}"
      STATE_MACHINE_ARNS = jsonencode(var.state_machine_arns)
      TABLE_NAME         = aws_dynamodb_table.subscriptions.name
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function.name
  }
}

# What the function was called with and failed on: by EventBridge, or by itself. A connection lasts two hours.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_event_age_in_seconds = local.event_age_seconds
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  # Lambda asks whether the role may send to the queue.
  depends_on = [aws_iam_role_policy.function]
}
