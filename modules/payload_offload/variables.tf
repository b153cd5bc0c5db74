variable "architecture" {
  description = "Processor of the function: arm64, or x86_64 where a region has no other."
  type        = string
  default     = "arm64"
  nullable    = false
}

variable "bucket_name" {
  description = <<-EOT
    Name of the bucket: 3 to 63 of a-z 0-9 - . Left out, it is the name, the account and the region, because bucket
    names are shared by all accounts.
  EOT
  type        = string
  default     = null

  validation {
    condition = var.bucket_name == null || can(
      regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", coalesce(var.bucket_name, "-"))
    )
    error_message = join(" ", [
      "bucket_name must be 3 to 63 characters of a-z 0-9 - and . that start and end with a letter or a digit, for",
      "example \"orders-payloads-123456789012\".",
    ])
  }
}

variable "content_types" {
  description = <<-EOT
    Content types of requests. Those that are JSON (application/json, and what ends in +json) have to have a JSON
    body; the text of others is taken as it is. Any other type is refused with 415.
  EOT
  type        = list(string)
  default     = ["application/json"]
  nullable    = false

  validation {
    condition = length(var.content_types) > 0 && alltrue([
      for type in var.content_types : can(regex("^[a-z0-9.+-]+/[a-z0-9.+-]+$", type))
    ])
    error_message = join(" ", [
      "content_types must be media types in small letters and without parameters, at least one, for example",
      "[\"application/json\", \"text/csv\"].",
    ])
  }
}

variable "execution_name" {
  description = <<-EOT
    The execution's name, as a Velocity reference for the request templates, for example
    $input.params('Idempotency-Key'). By default the id of the header x-amz-apigw-id, which no client can choose, with -
    for + and _ for / and without =.
  EOT
  type        = string
  default     = "$context.extendedRequestId.replaceAll('[+]', '-').replaceAll('/', '_').replaceAll('=', '')"
  nullable    = false

  validation {
    condition = startswith(var.execution_name, "$") && !strcontains(var.execution_name, "\n")
    error_message = join(" ", [
      "execution_name is ${jsonencode(var.execution_name)}, which is not a Velocity reference. Write for example",
      "\"$context.extendedRequestId\" or \"$input.params('Idempotency-Key')\".",
    ])
  }
}

variable "expire_after_days" {
  description = <<-EOT
    After how many days a payload is deleted: longer than an execution runs and its payload may be asked for.
  EOT
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = var.expire_after_days >= 1 && floor(var.expire_after_days) == var.expire_after_days
    error_message = join(" ", [
      "expire_after_days is ${var.expire_after_days}. Write a whole number of days from 1; an execution runs for",
      "365 days at most.",
    ])
  }
}

variable "force_destroy" {
  description = <<-EOT
    Whether destroying the module deletes the payloads in the bucket; otherwise a bucket with payloads can't be
    destroyed.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "inline_max_bytes" {
  description = <<-EOT
    Largest body, in bytes, that goes into the execution's input itself: 0 (every body is stored) to 262,000. An
    input, and what tasks add to it, may have 262,144 bytes.
  EOT
  type        = number
  default     = 131072
  nullable    = false

  validation {
    condition = (
      var.inline_max_bytes >= 0 && var.inline_max_bytes <= 262000 && floor(var.inline_max_bytes) == var.inline_max_bytes
    )
    error_message = join(" ", [
      "inline_max_bytes is ${var.inline_max_bytes}. Write a whole number from 0, which stores every body, to",
      "262000: Step Functions takes inputs of 262,144 bytes.",
    ])
  }
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept, in days: one of the periods CloudWatch Logs knows; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false
}

variable "memory_mb" {
  description = <<-EOT
    The function's memory in MB, 256 to 10,240. More memory is also more CPU: a body of 6 MB is checked in memory.
  EOT
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_mb >= 256 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is ${var.memory_mb}. Write a whole number from 256 to 10240."
  }
}

variable "name" {
  description = "Name of the function: 1 to 64 of A-Z a-z 0-9 - _."
  type        = string
  nullable    = false
}

variable "name_template" {
  description = <<-EOT
    Velocity that sets $executionName, escaped for JSON, where the reference of `execution_name` is not enough; lines
    that end.
  EOT
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role, if the account asks for one."
  type        = string
  default     = null
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
    ARNs of the state machines that the function may start; of an alias or a version too. If there is more than one,
    the request templates take the one that the stage variable stateMachineArn names.
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

variable "state_machine_reference" {
  description = <<-EOT
    The state machine's ARN as the request templates write it, text or a Velocity reference. Left out, it is the only
    one of `state_machine_arns`, or the stage variable stateMachineArn.
  EOT
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the function, its role, its log group and the bucket."
  type        = map(string)
  default     = {}
  nullable    = false
}
