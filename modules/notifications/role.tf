locals {
  # One statement for each purpose: "executions" is what the state machines' executions are called to IAM.
  statements = {
    DescribeExecutions = {
      actions   = ["states:DescribeExecution"]
      resources = [for arn in var.state_machine_arns : "${replace(arn, ":stateMachine:", ":execution:")}:*"]
    }
    SendMessages = {
      actions   = ["execute-api:ManageConnections"]
      resources = ["${aws_apigatewayv2_api.this.execution_arn}/${var.stage}/POST/@connections/*"]
    }
    Subscriptions = {
      actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
      resources = [aws_dynamodb_table.subscriptions.arn]
    }
    SubscriptionsOfAConnection = {
      actions   = ["dynamodb:Query"]
      resources = ["${aws_dynamodb_table.subscriptions.arn}/index/${local.index}"]
    }
    CallItselfLater = {
      actions   = ["lambda:InvokeFunction"]
      resources = [aws_lambda_function.this.arn]
    }
    KeepWhatFailed = {
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.failed.arn]
    }
    WriteLogs = {
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.function.arn}:log-stream:*"]
    }
  }
}

resource "aws_iam_role" "function" {
  name                 = local.role_name
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  name = "function"
  role = aws_iam_role.function.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for sid, statement in local.statements : {
      Sid      = sid
      Effect   = "Allow"
      Action   = statement.actions
      Resource = statement.resources
    }]
  })
}
