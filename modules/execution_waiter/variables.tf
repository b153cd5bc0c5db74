variable "log_retention_in_days" {
  description = "How long the function's log is kept, in days: one of the periods CloudWatch Logs knows; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false
}

variable "memory_mb" {
  description = "The function's memory in MB, 128 to 10,240. More memory is also more CPU: below 256, importing the SDK takes seconds."
  type        = number
  default     = 256
  nullable    = false
}

variable "name" {
  description = "Name of the function: 1 to 64 of A-Z a-z 0-9 - _."
  type        = string
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role, if the account asks for one."
  type        = string
  default     = null
}

variable "reserved_concurrency" {
  description = "How many calls may wait at the same time; the others are refused with 502. -1 is no limit but the account's, which all its functions share: a call that waits takes one place all the time."
  type        = number
  default     = -1
  nullable    = false
}

variable "role_name" {
  description = "Name of the role. Left out, it is the function's name and the region, because role names are global to an account."
  type        = string
  default     = null
}

variable "state_machine_arns" {
  description = "ARNs of the STANDARD state machines that the function may start and wait for; of an alias or a version too."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.state_machine_arns) > 0
    error_message = "state_machine_arns is empty: the function could start nothing. Write for example [module.orders.arn]."
  }

  validation {
    condition     = alltrue([for arn in var.state_machine_arns : can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", arn))])
    error_message = "state_machine_arns: ${join(", ", [for arn in var.state_machine_arns : jsonencode(arn) if !can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", arn))])} is no state machine's ARN. Write arn:<partition>:states:<region>:<account>:stateMachine:<name>, best as a reference."
  }
}

variable "tags" {
  description = "Tags of the function, its role and its log group."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "wait_seconds" {
  description = "How long the function waits at most, in seconds: 1 to 25. API Gateway waits 29 seconds for it by default, and needs some of them for a cold start."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition     = var.wait_seconds >= 1 && var.wait_seconds <= 25 && floor(var.wait_seconds) == var.wait_seconds
    error_message = "wait_seconds is ${var.wait_seconds}. Write a whole number from 1 to 25: API Gateway gives up after 29 seconds, and the caller would not learn the execution's ARN. Longer workflows are started without waiting, and asked for with DescribeExecution."
  }
}
