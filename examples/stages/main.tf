# One deployment, three stages, three state machines: each stage's variable stateMachineArn picks its own.
locals {
  stages = ["dev", "test", "prod"]
}

module "state_machine" {
  source   = "../../modules/state_machine"
  for_each = toset(local.stages)

  name = "greeter-${each.key}"
  definition = jsonencode({
    StartAt = "Greet"
    States  = { Greet = { Type = "Pass", Result = "hello from ${each.key}", End = true } }
  })
}

module "greeter_api" {
  source = "../../"

  name          = "greeter"
  state_machine = { arn = module.state_machine["prod"].arn }

  routes = {
    "POST /execution"       = { authorization = "NONE" }
    "GET /execution/{name}" = { action = "DescribeExecution", authorization = "NONE" }
  }

  stages = { for stage in local.stages : stage => {
    state_machine_arn = module.state_machine[stage].arn
    # Nobody should wait for a load test against dev.
    throttling = stage == "dev" ? { rate_limit = 10, burst_limit = 20 } : null
  } }
}

output "invoke_urls" {
  description = "Stage => its URL."
  value       = module.greeter_api.invoke_urls
}

output "state_machine_arns" {
  description = "Stage => ARN of its state machine."
  value       = { for stage, state_machine in module.state_machine : stage => state_machine.arn }
}
