module "location" {
  source = "../location"
}

locals {
  # Made of the name, so that it can be used before the state machine is there.
  service     = "arn:${module.location.partition}:states:${module.location.region}:${module.location.account}"
  planned_arn = "${local.service}:stateMachine:${var.name}"

  log_level = coalesce(var.logging.level, var.type == "EXPRESS" ? "ERROR" : "OFF")
  logs      = local.log_level != "OFF"
}

resource "aws_sfn_state_machine" "this" {
  name       = var.name
  definition = var.definition
  role_arn   = aws_iam_role.execution.arn
  type       = var.type
  tags       = var.tags

  dynamic "logging_configuration" {
    for_each = local.logs ? [local.log_level] : []

    content {
      include_execution_data = var.logging.include_execution_data
      level                  = logging_configuration.value
      # Step Functions wants the group's ARN with ":*", which names its streams.
      log_destination = "${aws_cloudwatch_log_group.this[0].arn}:*"
    }
  }

  tracing_configuration {
    enabled = var.tracing_enabled
  }

  # Step Functions checks at creation that the role may deliver the logs.
  depends_on = [aws_iam_role_policy.execution]
}
