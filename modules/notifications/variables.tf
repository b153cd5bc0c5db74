variable "authorization" {
  description = "Who may connect: NONE, everyone who has the URL, or AWS_IAM, who signs the request with the permission execute-api:Invoke. A client sees the results of the executions whose ARNs it knows."
  type        = string
  default     = "NONE"
  nullable    = false

  validation {
    condition     = contains(["AWS_IAM", "NONE"], var.authorization)
    error_message = "authorization must be \"NONE\" or \"AWS_IAM\"."
  }
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept: one of the periods CloudWatch Logs knows, or 0 for ever."
  type        = number
  default     = 30
  nullable    = false
}

variable "name" {
  description = "Prefix of every name: 1 to 40 of A-Z a-z 0-9 - _, starting with a letter. The resources are called <name>-notifications."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,39}$", var.name))
    error_message = "name must be 1 to 40 characters of A-Z a-z 0-9 - _ and start with a letter, for example \"orders\"."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the function's role, if the account asks for one."
  type        = string
  default     = null
}

variable "stage" {
  description = "Name of the API's stage, the last part of the URL: 1 to 128 of A-Z a-z 0-9 - _."
  type        = string
  default     = "alpha"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage))
    error_message = "stage must be 1 to 128 characters of A-Z a-z 0-9 - _, for example \"alpha\"."
  }
}

variable "state_machine_arns" {
  description = "ARNs of the state machines whose executions can be watched, without a version or alias. They must be STANDARD: executions of EXPRESS ones emit no events."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.state_machine_arns) > 0
    error_message = "state_machine_arns is empty. Name at least one state machine, for example [module.orders_api.state_machine_arn]."
  }

  validation {
    condition     = alltrue([for arn in var.state_machine_arns : can(regex("^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}$", arn))])
    error_message = "state_machine_arns: an ARN is \"arn:aws:states:<region>:<account>:stateMachine:<name>\". Leave out the version or alias that may follow the name."
  }
}

variable "tags" {
  description = "Tags of every resource that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "throttling" {
  description = "Limits of the stage: connections and messages from clients together, per second (`rate_limit`) and at once (`burst_limit`). Left out, the account's apply."
  type = object({
    burst_limit = number
    rate_limit  = number
  })
  default = null

  validation {
    condition     = var.throttling == null || try(var.throttling.burst_limit >= 1 && var.throttling.rate_limit > 0, false)
    error_message = "throttling: burst_limit must be at least 1 and rate_limit more than 0, for example { burst_limit = 100, rate_limit = 50 }."
  }
}
