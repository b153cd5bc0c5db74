module "location" {
  source = "../location"
}

resource "aws_lambda_function" "this" {
  function_name                  = var.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  runtime                        = "python3.13"
  handler                        = var.handler
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  reserved_concurrent_executions = var.reserved_concurrency
  timeout                        = var.timeout_seconds
  tags                           = var.tags

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  # Without its permissions a first call would fail, and leave no log.
  depends_on = [aws_iam_role_policy.this]
}

# Made here and not by the function's first call, so that it has a retention and goes when the function goes.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}
