output "curl_commands" {
  description = "Stage => route => a curl command that calls it, ready to paste. A path parameter stands in capitals: put a value in its place."
  value       = local.curl_commands
}

output "invoke_role_arn" {
  description = "ARN of the role that API Gateway assumes to call Step Functions."
  value       = module.invoke_role.arn
}

output "invoke_role_name" {
  description = "Name of the role that API Gateway assumes to call Step Functions."
  value       = module.invoke_role.name
}

output "invoke_urls" {
  description = "Stage => its URL, without a slash at the end: a route's path follows it."
  value       = local.api.invoke_urls
}

output "open_routes" {
  description = "Routes that anybody can call: without authorization and without an API key."
  value       = module.integrations.open_routes
}

output "openapi_document" {
  description = "The API as an OpenAPI 3.0.1 document in JSON, for people and for generated clients; null with the engine \"resources\"."
  value       = one(module.openapi_api[*].document)
}

output "openapi_document_extended" {
  description = "The same with API Gateway's extensions, from which the API is made; null with the engine \"resources\"."
  value       = one(module.openapi_api[*].extended_document)
}

output "payloads" {
  description = "Route with offload => the bucket that its payloads are in (`bucket_name`), and what a role needs to read them (`read_statement`: actions and resources)."
  value       = { for key, offload in module.payload_offload : key => { bucket_name = offload.bucket_name, read_statement = offload.read_statement } }
}

output "rest_api_execution_arn" {
  description = "ARN of the API for permissions to call it: stage, method and path follow, as in \"$${arn}/alpha/POST/execution\"."
  value       = local.api.execution_arn
}

output "rest_api_id" {
  description = "Id of the API."
  value       = local.api.id
}

output "stage_names" {
  description = "Stage => its name, known once the stage is there: for a usage plan, a domain name's mapping or a web ACL."
  value       = local.api.stage_names
}

output "state_machine_arn" {
  description = "ARN of the state machine that routes call unless they, or the stage, have their own."
  value       = local.state_machine_arn
  depends_on  = [module.state_machine]
}

output "state_machine_role_name" {
  description = "Name of the role that the state machine runs with; null if the module did not make it."
  value       = one(module.state_machine[*].role_name)
}
