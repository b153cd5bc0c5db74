output "approvals_queue_url" {
  description = "URL of the queue that has the questions: an order and the token that answers it."
  value       = aws_sqs_queue.approvals.url
}

output "curl_commands" {
  description = "Stage => route => a curl command that calls it."
  value       = module.api.curl_commands
}

output "invoke_urls" {
  description = "Stage => its URL."
  value       = module.api.invoke_urls
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = module.api.state_machine_arn
}

output "state_machine_role_name" {
  description = "Name of the role that the state machine runs with."
  value       = module.api.state_machine_role_name
}
