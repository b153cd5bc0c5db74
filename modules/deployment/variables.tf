variable "rest_api_id" {
  description = "Id of the API."
  type        = string
  nullable    = false
}

variable "served" {
  description = "A text that changes whenever anything that the API serves does, such as a hash of all of it. A change makes a new deployment."
  type        = string
  nullable    = false
}

variable "stages" {
  description = <<-EOT
    Stage => how it serves. `variables` are its stage variables. `throttling` limits all its methods together, in
    requests per second (`rate_limit`) and requests at once (`burst_limit`). `access_log` writes a line per request to
    the CloudWatch log group or Firehose stream of `destination_arn`; the default `format` has neither body nor headers.
    `execution_log_level` is OFF, ERROR or INFO. Logs need the account's CloudWatch role for API Gateway.
  EOT
  type = map(object({
    access_log = optional(object({
      destination_arn = string
      format          = optional(string)
    }))
    description         = optional(string)
    execution_log_level = optional(string, "OFF")
    metrics_enabled     = optional(bool, false)
    throttling = optional(object({
      burst_limit = number
      rate_limit  = number
    }))
    tracing_enabled = optional(bool, false)
    variables       = optional(map(string), {})
  }))
  nullable = false

  validation {
    condition     = length(var.stages) > 0
    error_message = "stages is empty: without a stage nobody can call the API. Leave it out for { alpha = {} }."
  }

  validation {
    condition     = alltrue([for stage in keys(var.stages) : can(regex("^[A-Za-z0-9_-]{1,128}$", stage))])
    error_message = "stages: ${join(", ", [for stage in keys(var.stages) : jsonencode(stage) if !can(regex("^[A-Za-z0-9_-]{1,128}$", stage))])}: a stage's name is 1 to 128 of A-Z a-z 0-9 - _, for example \"alpha\"."
  }

  validation {
    condition     = alltrue([for stage in values(var.stages) : contains(["OFF", "ERROR", "INFO"], stage.execution_log_level)])
    error_message = "stages: execution_log_level must be OFF, ERROR or INFO."
  }

  validation {
    condition = alltrue(flatten([for stage in values(var.stages) : [for name, value in stage.variables :
      can(regex("^[A-Za-z0-9_]+$", name)) && can(regex("^[A-Za-z0-9._~:/?#&=,-]*$", value))
    ]]))
    error_message = "stages: a stage variable's name is of A-Z a-z 0-9 _ and its value of A-Z a-z 0-9 - . _ ~ : / ? # & = , (API Gateway refuses others)."
  }
}

variable "tags" {
  description = "Tags of the stages."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "wait_for" {
  description = <<-EOT
    What has to be there before a stage serves: any value made of the resources that the methods call. The deployment
    does not wait for them.
  EOT
  type        = any
  default     = null
}
