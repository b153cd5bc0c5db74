locals {
  package = "${path.module}/execution_waiter.zip"

  # A last look at the execution that hangs takes three seconds; a start that hangs, whatever the time to wait, sixteen.
  timeout = max(20, var.wait_seconds + 4)
}

resource "aws_lambda_function" "this" {
  function_name                  = var.name
  description                    = "Starts an execution and answers with how it ended"
  role                           = aws_iam_role.this.arn
  runtime                        = "python3.13"
  handler                        = "handler.handler"
  filename                       = local.package
  source_code_hash               = filebase64sha256(local.package)
  architectures                  = ["arm64"]
  memory_size                    = var.memory_mb
  reserved_concurrent_executions = var.reserved_concurrency
  timeout                        = local.timeout
  tags                           = var.tags

  environment {
    variables = {
      MAX_WAIT_MILLISECONDS = tostring(floor(var.wait_seconds * 1000))
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  # Without its permissions a first call would fail, and leave no log.
  depends_on = [aws_iam_role_policy.this]
}
