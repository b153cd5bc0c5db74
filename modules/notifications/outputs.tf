output "api_id" {
  description = "Id of the WebSocket API."
  value       = aws_apigatewayv2_api.this.id
}

output "role_name" {
  description = "Name of the function's role."
  value       = aws_iam_role.function.name
}

output "table_name" {
  description = "Name of the table of subscriptions."
  value       = aws_dynamodb_table.subscriptions.name
}

output "url" {
  description = "Where clients connect to: wss://... Whoever uses it waits until everything that answers there is made."
  value       = aws_apigatewayv2_stage.this.invoke_url

  depends_on = [
    aws_cloudwatch_event_target.function,
    aws_iam_role_policy.function,
    aws_lambda_permission.api,
    aws_lambda_permission.events,
  ]
}
