output "invoke_urls" {
  description = "Stage => its URL, without a slash at the end."
  value       = { for name, stage in aws_api_gateway_stage.this : name => stage.invoke_url }
}

output "stage_arns" {
  description = "Stage => its ARN, for a web ACL for example."
  value       = { for name, stage in aws_api_gateway_stage.this : name => stage.arn }
}

output "stage_names" {
  description = "Stage => its name, for what needs the stage to be there, such as a usage plan."
  value       = { for name, stage in aws_api_gateway_stage.this : name => stage.stage_name }
}
