variable "architecture" {
  description = "Processor of the function: arm64, or x86_64 where a region has no other."
  type        = string
  default     = "arm64"
  nullable    = false
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept, in days: one of the periods CloudWatch Logs knows; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false
}

variable "memory_mb" {
  description = <<-EOT
    The function's memory in MB, 128 to 10,240. More memory is also more CPU: below 256, importing the SDK takes
    seconds.
  EOT
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
  description = <<-EOT
    How many calls may wait at the same time. Lambda throttles the others, which API Gateway answers with its error
    INTEGRATION_FAILURE: 503 in the root module, 504 by default. -1 is no limit but the account's, which all its
    functions share: a call that waits takes one place all the time.
  EOT
  type        = number
  default     = -1
  nullable    = false
}

variable "role_name" {
  description = <<-EOT
    Name of the role. Left out, it is the function's name and the region, because role names are global to an account.
  EOT
  type        = string
  default     = null
}

variable "state_machine_arns" {
  description = <<-EOT
    ARNs of the STANDARD state machines that the function may start and wait for; of an alias or a version too.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.state_machine_arns) > 0
    error_message = join(" ", [
      "state_machine_arns is empty: the function could start nothing. Write for example [module.orders.arn].",
    ])
  }

  validation {
    condition = alltrue([
      for arn in var.state_machine_arns :
      can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", arn))
    ])
    error_message = join(" ", [
      "state_machine_arns: not all of ${jsonencode(var.state_machine_arns)} are ARNs of state machines.",
      "Write arn:<partition>:states:<region>:<account>:stateMachine:<name>, best as a reference.",
    ])
  }
}

variable "tags" {
  description = "Tags of the function, its role and its log group."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "wait_seconds" {
  description = <<-EOT
    How long the function waits at most, in seconds: 1 to 296. API Gateway needs four seconds more, for a cold start and
    a last look: its timeout_milliseconds is 29,000 by default, and up to 300,000 for a REGIONAL API once the account's
    quota is raised.
  EOT
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition = var.wait_seconds >= 1 && var.wait_seconds <= 296 && floor(var.wait_seconds) == var.wait_seconds
    error_message = join(" ", [
      "wait_seconds is ${var.wait_seconds}. Write a whole number from 1 to 296; more than 25 needs a REGIONAL API,",
      "and a higher quota \"Maximum integration timeout in milliseconds\" of API Gateway.",
    ])
  }
}
