# The AWS tutorial "Creating a Step Functions API Using API Gateway", in its own names: the role
# APIGatewayToStepFunctions, the API StartExecutionAPI, the resource /execution with a POST method that passes its body to
# StartExecution, and the stage alpha.
module "start_execution_api" {
  source = "../../"

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
  value = module.start_execution_api.curl_commands
}

output "invoke_role_name" {
  value = module.start_execution_api.invoke_role_name
}

output "invoke_urls" {
  value = module.start_execution_api.invoke_urls
}

output "state_machine_arn" {
  value = module.start_execution_api.state_machine_arn
}
