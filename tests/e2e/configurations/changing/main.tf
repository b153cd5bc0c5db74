# An API that changes in one thing from one apply to the next.

variable "change" {
  description = "none, target, input, new_route or timeout."
  type        = string
  default     = "none"
}

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "changing"
}

module "second" {
  source = "../../../../modules/state_machine"

  name       = "${var.name}-second"
  definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  routes = merge(
    { "POST /execution" = {
      input                = var.change == "input" ? "none" : "body"
      state_machine_arn    = var.change == "target" ? module.second.arn : null
      timeout_milliseconds = var.change == "timeout" ? 28000 : 29000
    } },
    var.change == "new_route" ? { "POST /added" = {} } : {},
  )

  stages = { alpha = {}, beta = {} }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}
