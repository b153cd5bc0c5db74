# An EXPRESS state machine, started and forgotten.

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "express"
}

module "api" {
  source = "../../../../"

  name = var.name
  state_machine = {
    definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
    type       = "EXPRESS"
  }
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}
