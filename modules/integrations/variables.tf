variable "authorizers" {
  description = "Name => who decides about callers of the routes that name it in `authorization`; see modules/settings."
  type        = any
  default     = {}
  nullable    = false
}

variable "cors" {
  description = "Which pages of other origins may call the API from a browser, null for none; see modules/settings."
  type        = any
  default     = null
}

variable "endpoint_type" {
  description = "REGIONAL or EDGE: how long API Gateway may wait for a function or for Step Functions depends on it."
  type        = string
  default     = "REGIONAL"
  nullable    = false
}

variable "functions" {
  description = <<-EOT
    Route => the function that it calls in place of Step Functions: its ARN, the URI of its integration, its
    responses, and its request templates, null for those of a start that waits; as modules/execution_waiter and
    modules/payload_offload give them.
  EOT
  type = map(object({
    function_arn      = string
    request_templates = optional(map(string))
    responses = map(object({
      response_templates = map(string)
      selection_pattern  = optional(string)
    }))
    uri = string
  }))
  default  = {}
  nullable = false
}

variable "routes" {
  description = "What the API answers: \"<METHOD> <path>\" => settings of the route; see modules/settings."
  type        = any
  nullable    = false

  validation {
    condition     = try(length(keys(var.routes)) > 0, true)
    error_message = "routes is empty, and an API needs a method. Write for example { \"POST /execution\" = {} }."
  }
}

variable "stage_state_machine_arns" {
  description = <<-EOT
    Stage => ARN of the state machine that its routes call, null for the default one. Once a stage has a state machine
    of its own, the templates read the ARN from the stage variable stateMachineArn.
  EOT
  type        = map(string)
  nullable    = false
}

variable "state_machine_arn" {
  description = "ARN of the state machine that a route calls unless it, or the stage, has its own."
  type        = string
  nullable    = false
}

variable "state_machine_type" {
  description = "STANDARD or EXPRESS: the type of the default state machine and of the stages'."
  type        = string
  default     = "STANDARD"
  nullable    = false
}
