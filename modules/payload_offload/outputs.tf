output "bucket_arn" {
  description = "ARN of the bucket that payloads are stored in."
  value       = aws_s3_bucket.this.arn
}

output "bucket_name" {
  description = "Name of the bucket that payloads are stored in."
  value       = aws_s3_bucket.this.id
}

output "function_arn" {
  description = "ARN of the function."
  value       = module.function.function_arn
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.function_name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = module.function.log_group_name
}

output "permissions" {
  description = "What the role of the integration needs, as modules/invoke_role takes it: action => ARNs."
  value       = module.function.permissions
}

output "read_statement" {
  description = <<-EOT
    Statement for the policy of a role whose tasks read payloads, as policy_statements of modules/state_machine take
    it.
  EOT
  value       = { actions = ["s3:GetObject"], resources = ["${aws_s3_bucket.this.arn}/*"] }
}

output "request_templates" {
  description = "Content type => mapping template of the request, as modules/rest_api takes them."
  value       = local.request_templates
}

output "responses" {
  description = <<-EOT
    Responses of a method that calls the function, as modules/rest_api takes them: the function's status and body.
  EOT
  value       = module.function.responses
}

output "role_arn" {
  description = "ARN of the role that the function runs with."
  value       = module.function.role_arn
}

output "role_name" {
  description = "Name of the role that the function runs with."
  value       = module.function.role_name
}

output "uri" {
  description = "URI of the integration: its credentials are a role with `permissions`."
  value       = module.function.uri
}
