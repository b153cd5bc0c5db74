output "function_arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "permissions" {
  description = "What the role of an integration needs, as modules/invoke_role takes it: action => ARNs."
  value       = { "lambda:InvokeFunction" = [aws_lambda_function.this.arn] }
}

output "responses" {
  description = <<-EOT
    Responses of a method that calls the function, as modules/rest_api takes them, if it returns a status, headers and a
    body.
  EOT
  value       = local.responses
}

output "role_arn" {
  description = "ARN of the role that the function runs with."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the role that the function runs with."
  value       = aws_iam_role.this.name
}

output "uri" {
  description = "URI of an integration that calls the function: its credentials are a role with `permissions`."
  value       = local.uri
}
