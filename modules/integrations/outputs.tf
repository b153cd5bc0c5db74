output "authorizers" {
  description = "Name => authorizer, as modules/rest_api takes them. API Gateway calls their functions with the role of the integrations."
  value       = local.authorizers
}

output "gateway_responses" {
  description = "Gateway response type => its headers, its status code (null for the type's own) and its JSON template: the errors that API Gateway makes itself, in the API's one shape."
  value       = local.gateway_responses
}

output "methods" {
  description = "Method and path => its integration and its responses, as modules/rest_api takes them: of every route, and OPTIONS of every path for CORS."
  value       = merge(local.route_integrations, local.preflight_methods)

  precondition {
    condition     = length(local.standard_only) == 0
    error_message = "routes: ${join(", ", local.standard_only)}: only a STANDARD state machine has this action; an EXPRESS one keeps no execution to ask for. Make the state machine's type STANDARD, or leave the route out."
  }

  precondition {
    condition     = length(local.express_only) == 0
    error_message = "routes: ${join(", ", local.express_only)}: only an EXPRESS state machine has this action. Make the state machine's type EXPRESS, or write action = \"StartExecution\"."
  }

  precondition {
    condition     = length(local.waiting_express) == 0
    error_message = "routes: ${join(", ", local.waiting_express)}: only executions of a STANDARD state machine can be waited for by asking. Write action = \"StartSyncExecution\" in place of wait."
  }

  precondition {
    condition     = length(local.unknown_authorizers) == 0
    error_message = "routes: ${join(", ", local.unknown_authorizers)}. Write NONE, AWS_IAM, or the name of one of authorizers${length(var.authorizers) == 0 ? ", of which there are none" : ": ${join(", ", keys(var.authorizers))}"}."
  }

  precondition {
    condition     = length(local.stray_scopes) == 0
    error_message = "routes: ${join(", ", local.stray_scopes)}: authorization_scopes are of a user pool. Name an authorizer of the type COGNITO_USER_POOLS in authorization, or leave them out."
  }

  precondition {
    condition     = length(local.keyed_express) == 0
    error_message = "routes: ${join(", ", local.keyed_express)}: execution_name = \"idempotency_key\" needs a STANDARD state machine, because an EXPRESS one starts anew for every request of a name. Write \"request_id\", or make the type STANDARD."
  }
}

output "name_templates" {
  description = "Route of a start => Velocity that sets $executionName from a request in JSON, as modules/payload_offload takes it."
  value       = { for key, templates in local.name_templates : key => templates["application/json"] }
}

output "permissions" {
  description = "Action => ARNs: exactly what the role of the integrations needs, as modules/invoke_role takes it."
  value       = local.permissions
}

output "stage_variables" {
  description = "Stage => variables that the templates read from it."
  value       = { for stage, arn in local.stage_targets : stage => local.by_stage ? { stateMachineArn = arn } : {} }
}

output "targets" {
  description = "Route => the state machines that it starts or asks: `arns`, all of them, and `template`, the one of a request as its template writes it."
  value       = { for key, target in local.targets : key => { arns = target.arns, template = target.template } }
}
