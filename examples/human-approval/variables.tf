variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "approval"
}

variable "patience" {
  description = <<-EOT
    How long an order waits for its answer, in seconds: `timeout_seconds` (60 to 1,209,600) in all, and
    `heartbeat_seconds` without a sign that somebody is at it.
  EOT
  type = object({
    heartbeat_seconds = optional(number, 3600)
    timeout_seconds   = optional(number, 86400)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.patience.timeout_seconds >= 60 && var.patience.timeout_seconds <= 1209600
    error_message = "patience.timeout_seconds must be from 60 to 1209600, as long as a queue keeps a message: 14 days."
  }

  validation {
    condition     = var.patience.heartbeat_seconds > 0 && var.patience.heartbeat_seconds < var.patience.timeout_seconds
    error_message = "patience.heartbeat_seconds must be less than patience.timeout_seconds, and more than 0."
  }
}
