output "gateway_responses" {
  description = "Gateway response type => its status code (null for the type's own) and JSON template: the errors that API Gateway makes itself, in the API's one shape."
  value       = local.gateway_responses
}

output "methods" {
  description = "Route => its integration (uri, request_templates, timeout_milliseconds) and its responses, as modules/rest_api takes them."
  value       = local.methods

  precondition {
    condition     = length(local.wrong_type) == 0
    error_message = "routes: ${join(", ", local.wrong_type)}: only a STANDARD state machine has this action; an EXPRESS one keeps no execution to ask for. Make the state machine's type STANDARD, or leave the route out."
  }
}

output "permissions" {
  description = "Action => ARNs: exactly what the role of the integrations needs, as modules/invoke_role takes it."
  value       = local.permissions
}

output "stage_variables" {
  description = "Stage => variables that the templates read from it."
  value       = { for stage, arn in local.stage_targets : stage => local.by_stage ? { stateMachineArn = arn } : {} }
}
