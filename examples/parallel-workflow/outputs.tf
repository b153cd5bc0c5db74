output "curl_commands" {
  description = "Stage => route => a curl command that calls it."
  value       = module.api.curl_commands
}

output "function_names" {
  description = "Function => its name."
  value       = { for key, function in module.function : key => function.function_name }
}

output "invoke_urls" {
  description = "Stage => its URL."
  value       = module.api.invoke_urls
}

output "invoke_role_name" {
  description = "Name of the role that API Gateway assumes."
  value       = module.api.invoke_role_name
}

output "openapi_document" {
  description = "The API as an OpenAPI 3.0.1 document."
  value       = module.api.openapi_document
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = module.api.state_machine_arn
}

output "state_machine_role_name" {
  description = "Name of the role that the state machine runs with."
  value       = module.api.state_machine_role_name
}
