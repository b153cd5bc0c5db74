output "arn" {
  description = "ARN of the state machine."
  value       = aws_sfn_state_machine.this.arn
}

output "log_group_arn" {
  description = "ARN of the log group of its executions; null when the log level is OFF."
  value       = one(aws_cloudwatch_log_group.this[*].arn)
}

output "name" {
  description = "Name of the state machine."
  value       = aws_sfn_state_machine.this.name
}

output "planned_arn" {
  description = "The same ARN, made of the name: known to the plan. What uses it does not wait for the state machine."
  value       = local.planned_arn
}

output "role_arn" {
  description = "ARN of the role that executions run with."
  value       = aws_iam_role.execution.arn
}

output "role_name" {
  description = "Name of the role that executions run with."
  value       = aws_iam_role.execution.name
}

output "type" {
  description = "STANDARD or EXPRESS."
  value       = var.type
}
