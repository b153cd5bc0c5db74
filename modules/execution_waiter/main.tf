module "function" {
  source = "../lambda_function"

  architecture          = var.architecture
  description           = "Starts an execution and answers with how it ended"
  environment           = { MAX_WAIT_MILLISECONDS = tostring(floor(var.wait_seconds * 1000)) }
  log_retention_in_days = var.log_retention_in_days
  memory_mb             = var.memory_mb
  name                  = var.name
  package               = "${path.module}/execution_waiter.zip"
  permissions_boundary  = var.permissions_boundary
  reserved_concurrency  = var.reserved_concurrency
  role_name             = var.role_name
  tags                  = var.tags
  # A last look at the execution that hangs takes three seconds; a start that hangs, whatever the time to wait, sixteen.
  timeout_seconds = max(20, var.wait_seconds + 4)

  policy_statements = {
    DescribeExecution = {
      actions   = ["states:DescribeExecution"]
      resources = [for arn in local.state_machine_arns : "${replace(arn, ":stateMachine:", ":execution:")}:*"]
    }
    StartExecution = {
      actions   = ["states:StartExecution"]
      resources = local.state_machine_arns
    }
  }
}

locals {
  # IAM knows no aliases and versions: they are allowed with their state machine.
  state_machine_arns = distinct([for arn in var.state_machine_arns : replace(arn, "/(:stateMachine:[^:]+):.*$/", "$1")])
}
