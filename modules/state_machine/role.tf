locals {
  role_name = coalesce(var.role_name, "${substr(var.name, 0, 40)}-states-${module.location.region}")

  log_delivery_statements = local.logs ? [{
    Sid    = "DeliverLogs"
    Effect = "Allow"
    Action = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    # Log delivery is an account-wide setting: none of these actions takes a resource.
    Resource = "*"
  }] : []

  tracing_statements = var.tracing_enabled ? [{
    Sid    = "Trace"
    Effect = "Allow"
    Action = [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]
    # X-Ray's actions take no resource.
    Resource = "*"
  }] : []

  task_statements = [for statement in var.policy_statements : merge(
    { Effect = statement.effect, Action = statement.actions, Resource = statement.resources },
    statement.sid == null ? {} : { Sid = statement.sid },
    length(statement.conditions) == 0 ? {} : { Condition = statement.conditions },
  )]

  has_policy = local.logs || var.tracing_enabled || length(var.policy_statements) > 0
}

resource "aws_iam_role" "execution" {
  name                 = local.role_name
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      # Only this account's state machines, so that no other account can have Step Functions use the role.
      Condition = {
        ArnLike = {
          "aws:SourceArn" = "${local.service}:stateMachine:*"
        }
        StringEquals = {
          "aws:SourceAccount" = module.location.account
        }
      }
    }]
  })

  lifecycle {
    # A role with another name is there before the state machine moves to it.
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "execution" {
  count = local.has_policy ? 1 : 0

  name = "execution"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.log_delivery_statements, local.tracing_statements, local.task_statements)
  })
}
