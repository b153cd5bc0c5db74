data "aws_region" "current" {}

locals {
  # IAM knows no aliases and versions: they are allowed with their state machine.
  state_machine_arns = distinct([for arn in var.state_machine_arns : replace(arn, "/(:stateMachine:[^:]+):.*$/", "$1")])
  execution_arns     = [for arn in local.state_machine_arns : "${replace(arn, ":stateMachine:", ":execution:")}:*"]
}

resource "aws_iam_role" "this" {
  # Role names are global to an account: with the region in it, the same name can be used in each region.
  name                 = coalesce(var.role_name, "${substr(var.name, 0, 40)}-lambda-${data.aws_region.current.id}")
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

resource "aws_iam_role_policy" "this" {
  name = "function"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "StartExecution"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = local.state_machine_arns
      },
      {
        Sid      = "DescribeExecution"
        Effect   = "Allow"
        Action   = "states:DescribeExecution"
        Resource = local.execution_arns
      },
      {
        Sid      = "StorePayload"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Sid      = "RemovePayload"
        Effect   = "Allow"
        Action   = "s3:DeleteObject"
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.this.arn}:log-stream:*"
      },
    ]
  })
}
