# Routes whose body is the request of the action, beside other routes, stages and actions that it must not reach.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "passthrough"
}

locals {
  definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
}

module "machine" {
  source   = "../../../../modules/state_machine"
  for_each = { dev = "STANDARD", express = "EXPRESS", payroll = "STANDARD", prod = "STANDARD" }

  name       = "${var.name}-${each.key}"
  definition = local.definition
  type       = each.value
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  state_machine = { arn = module.machine["dev"].arn }

  routes = {
    "POST /staged"  = { input = "passthrough" }
    "POST /payroll" = { authorization = "AWS_IAM", state_machine_arn = module.machine["payroll"].arn }
    "POST /express" = {
      input              = "passthrough"
      state_machine_arn  = module.machine["express"].arn
      state_machine_type = "EXPRESS"
    }
    "POST /sync" = {
      action             = "StartSyncExecution"
      input              = "passthrough"
      state_machine_arn  = module.machine["express"].arn
      state_machine_type = "EXPRESS"
    }
    "POST /other/sync" = {
      action             = "StartSyncExecution"
      state_machine_arn  = module.machine["express"].arn
      state_machine_type = "EXPRESS"
    }
  }

  stages = {
    dev  = {}
    prod = { state_machine_arn = module.machine["prod"].arn }
  }
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "state_machine_arns" {
  value = { for name, machine in module.machine : name => machine.arn }
}
