output "api_id" {
  description = "Id of the WebSocket API."
  value       = aws_apigatewayv2_api.this.id
}

output "failed_queue_arn" {
  description = "ARN of the queue that has the calls of the function that failed: watch its length with an alarm."
  value       = aws_sqs_queue.failed.arn
}

output "failed_queue_url" {
  description = "URL of the same queue."
  value       = aws_sqs_queue.failed.url
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
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
  description = "Where clients connect to: wss://... What uses it waits until everything that answers there is made."
  value       = aws_apigatewayv2_stage.this.invoke_url

  depends_on = [
    aws_cloudwatch_event_target.function,
    aws_iam_role_policy.function,
    aws_lambda_function_event_invoke_config.this,
    aws_lambda_permission.api,
    aws_lambda_permission.authorizer,
    aws_lambda_permission.events,
    aws_sqs_queue_policy.failed,
  ]
}
