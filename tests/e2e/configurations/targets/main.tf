# State machines that were there, called from the default route: the module's, and a stage's own.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "targets"
}

module "machine" {
  source   = "../../../../modules/state_machine"
  for_each = toset(["default", "own"])

  name       = "${var.name}-${each.key}"
  definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  state_machine = { arn = module.machine["default"].arn }

  stages = {
    alpha = {}
    beta  = { state_machine_arn = module.machine["own"].arn }
  }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}

output "state_machine_arns" {
  value = { alpha = module.machine["default"].arn, beta = module.machine["own"].arn }
}
