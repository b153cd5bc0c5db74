output "execution_arn" {
  description = "ARN of the API for permissions to call it, without stage, method and path."
  value       = aws_api_gateway_rest_api.this.execution_arn
}

output "id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.this.id
}

output "invoke_urls" {
  description = "Stage => its URL, without a slash at the end."
  value       = module.deployment.invoke_urls
}

output "root_resource_id" {
  description = "Id of the API's resource /."
  value       = aws_api_gateway_rest_api.this.root_resource_id
}

output "stage_arns" {
  description = "Stage => its ARN, for a web ACL for example."
  value       = module.deployment.stage_arns
}

output "stage_names" {
  description = "Stage => its name, for what needs the stage to be there, such as a usage plan."
  value       = module.deployment.stage_names
}
