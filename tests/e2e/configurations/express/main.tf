# An EXPRESS state machine, started and forgotten.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "express"
}

locals {
  # One state for each way to end, picked by the input.
  definition = {
    StartAt = "Pick"
    States = {
      Pick = {
        Type    = "Choice"
        Default = "Echo"
        Choices = [
          { Variable = "$.fail", IsPresent = true, Next = "Fail" },
          { Variable = "$.fail_quietly", IsPresent = true, Next = "FailQuietly" },
          { Variable = "$.wait", IsPresent = true, Next = "Wait" },
        ]
      }
      Echo        = { Type = "Pass", End = true }
      Fail        = { Type = "Fail", ErrorPath = "$.fail.error", CausePath = "$.fail.cause" }
      FailQuietly = { Type = "Fail" }
      Wait        = { Type = "Wait", SecondsPath = "$.wait", End = true }
    }
    TimeoutSeconds = 2
  }
}

module "api" {
  source = "../../../../"

  engine = var.engine
  name   = var.name
  state_machine = {
    definition = jsonencode(local.definition)
    type       = "EXPRESS"
  }
  routes = {
    "POST /execution" = {}
    "POST /sync"      = { action = "StartSyncExecution" }
    "POST /sync/{id}" = { action = "StartSyncExecution", input = "request" }
    "POST /impatient" = { action = "StartSyncExecution", timeout_milliseconds = 300 }
  }
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}
