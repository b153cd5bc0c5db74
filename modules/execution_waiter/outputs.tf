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

output "responses" {
  description = <<-EOT
    Responses of a method that calls the function, as modules/rest_api takes them: the function's status, Location and
    body.
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
