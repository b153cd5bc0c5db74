module "location" {
  source = "../location"
}

module "function" {
  source = "../lambda_function"

  architecture          = var.architecture
  description           = "Stores large request bodies in S3 and starts executions with references to them"
  log_retention_in_days = var.log_retention_in_days
  memory_mb             = var.memory_mb
  name                  = var.name
  package               = "${path.module}/payload_offload.zip"
  permissions_boundary  = var.permissions_boundary
  role_name             = var.role_name
  tags                  = var.tags
  # As long as API Gateway waits. S3 and Step Functions are given up before that.
  timeout_seconds = 29

  environment = {
    BUCKET           = aws_s3_bucket.this.id
    INLINE_MAX_BYTES = tostring(var.inline_max_bytes)
  }

  policy_statements = {
    DescribeExecution = {
      actions   = ["states:DescribeExecution"]
      resources = [for arn in local.state_machine_arns : "${replace(arn, ":stateMachine:", ":execution:")}:*"]
    }
    RemovePayload = {
      actions   = ["s3:DeleteObject"]
      resources = ["${aws_s3_bucket.this.arn}/*"]
    }
    StartExecution = {
      actions   = ["states:StartExecution"]
      resources = local.state_machine_arns
    }
    StorePayload = {
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.this.arn}/*"]
    }
  }
}

locals {
  # IAM knows no aliases and versions: they are allowed with their state machine.
  state_machine_arns = distinct([for arn in var.state_machine_arns : replace(arn, "/(:stateMachine:[^:]+):.*$/", "$1")])
}
