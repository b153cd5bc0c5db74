locals {
  package = "${path.module}/payload_offload.zip"
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  description      = "Stores large request bodies in S3 and starts executions with references to them"
  role             = aws_iam_role.this.arn
  runtime          = "python3.13"
  handler          = "handler.handler"
  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  architectures    = ["arm64"]
  memory_size      = var.memory_mb
  tags             = var.tags
  # As long as API Gateway waits. S3 and Step Functions are given up before that.
  timeout = 29

  environment {
    variables = {
      BUCKET           = aws_s3_bucket.this.id
      INLINE_MAX_BYTES = tostring(var.inline_max_bytes)
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  # Without its permissions a first call would fail, and leave no log.
  depends_on = [aws_iam_role_policy.this]
}
