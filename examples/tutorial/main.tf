# The AWS tutorial "Creating a Step Functions API Using API Gateway", in its own names: the role
# APIGatewayToStepFunctions, the API StartExecutionAPI, the resource /execution with a POST method that passes its body to
# StartExecution, and the stage alpha.
module "start_execution_api" {
  source = "../../"

  # Role, resource, method, integration and stage as resources of their own, as the tutorial makes them.
  engine = "resources"

  name = "HelloWorld"
  names = {
    api         = "StartExecutionAPI"
    invoke_role = "APIGatewayToStepFunctions"
  }

  state_machine = { definition = file("${path.module}/hello_world.asl.json") }

  routes = {
    "POST /execution" = { input = "passthrough" }
  }

  stages = { alpha = {} }
}

output "curl_commands" {
  description = "Stage => route => a curl command that calls it."
  value       = module.start_execution_api.curl_commands
}

output "invoke_role_name" {
  description = "Name of the role that API Gateway assumes."
  value       = module.start_execution_api.invoke_role_name
}

output "invoke_urls" {
  description = "Stage => its URL."
  value       = module.start_execution_api.invoke_urls
}

output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = module.start_execution_api.state_machine_arn
}
