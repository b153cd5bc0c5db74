variable "architecture" {
  description = <<-EOT
    Processor of the function: arm64, or x86_64 where a region has no other, such as ca-west-1 in its first years.
  EOT
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is ${jsonencode(var.architecture)}. Write \"arm64\" or \"x86_64\"."
  }
}

variable "description" {
  description = "What the function does, as the console shows it."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Environment variables."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "handler" {
  description = "Module and function in the package."
  type        = string
  default     = "handler.handler"
  nullable    = false
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept, in days: one of the periods CloudWatch Logs knows; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains([
      0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.log_retention_in_days)
    error_message = join(" ", [
      "log_retention_in_days is ${var.log_retention_in_days}, a period that CloudWatch Logs does not know.",
      "Write for example 7, 30, 90 or 365; 0 keeps the log for ever.",
    ])
  }
}

variable "memory_mb" {
  description = <<-EOT
    The function's memory in MB, 128 to 10,240. More memory is also more CPU: below 256, importing the SDK takes
    seconds.
  EOT
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is ${var.memory_mb}. Write a whole number from 128 to 10240."
  }
}

variable "name" {
  description = "Name of the function: 1 to 64 of A-Z a-z 0-9 - _."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 characters of A-Z a-z 0-9 - _, for example \"orders-waiter\"."
  }
}

variable "package" {
  description = "Path of the zip with the function's code, for Python 3.13."
  type        = string
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role, if the account asks for one."
  type        = string
  default     = null
}

variable "policy_statements" {
  description = "Sid => what the function may do, beside writing its own log."
  type = map(object({
    actions   = list(string)
    resources = list(string)
  }))
  default  = {}
  nullable = false
}

variable "reserved_concurrency" {
  description = <<-EOT
    How many calls may run at the same time. -1 is no limit but the account's, which all its functions share.
  EOT
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency is ${var.reserved_concurrency}. Write -1, no limit, or a whole number from 0."
  }
}

variable "role_name" {
  description = <<-EOT
    Name of the role. Left out, it is the function's name and the region, because role names are global to an account.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", coalesce(var.role_name, "-")))
    error_message = "role_name must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -."
  }
}

variable "tags" {
  description = "Tags of the function, its role and its log group."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeout_seconds" {
  description = "How long a call may take, in seconds: 1 to 900."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition = (
      var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    )
    error_message = "timeout_seconds is ${var.timeout_seconds}. Write a whole number from 1 to 900."
  }
}
