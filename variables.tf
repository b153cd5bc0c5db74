variable "authorizers" {
  description = <<-EOT
    Name => who decides about the callers of the routes that name it in `authorization`; its settings are in
    modules/settings.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "cors" {
  description = <<-EOT
    Which pages of other origins may call the API from a browser (`origins` and more, see modules/settings); null for
    none.
  EOT
  type        = any
  default     = null
}

variable "description" {
  description = "What the API is for, as the console shows it."
  type        = string
  # Not null: the provider keeps the description that an API has when there is none any more.
  default  = "Step Functions over HTTPS"
  nullable = false
}

variable "endpoint_type" {
  description = "REGIONAL, or EDGE for CloudFront's edge locations."
  type        = string
  default     = "REGIONAL"
  nullable    = false
}

variable "engine" {
  description = <<-EOT
    How the API is made: "openapi", from one document that is generated from the routes, or "resources", a Terraform
    resource for each method and response; docs/engines.md compares them. Changing it makes a new API.
  EOT
  type        = string
  default     = "openapi"
  nullable    = false

  validation {
    condition     = contains(["openapi", "resources"], var.engine)
    error_message = "engine is \"${var.engine}\". Write \"resources\" or \"openapi\"."
  }
}

variable "functions" {
  description = <<-EOT
    Memory, logs and concurrency of the Lambda functions behind routes with `wait` and `offload`; see
    modules/settings.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "name" {
  description = <<-EOT
    Prefix of every name: 1 to 40 of A-Z a-z 0-9 - _, starting with a letter. Two instances of the module in one
    account and region need two names.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,39}$", var.name))
    error_message = <<-EOT
      name must be 1 to 40 characters of A-Z a-z 0-9 - _ and start with a letter, for example "orders".
    EOT
  }
}

variable "names" {
  description = <<-EOT
    Names in place of those made from `name`: `api`, `invoke_role`, `state_machine` and `state_machine_role`.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the roles, if the account asks for one."
  type        = string
  default     = null
}

variable "routes" {
  description = <<-EOT
    What the API answers: "<METHOD> <path>" => settings of the route, {} for the defaults; see modules/settings.
  EOT
  type        = any
  default     = { "POST /execution" = {} }
  nullable    = false
}

variable "stages" {
  description = <<-EOT
    Stage => how it serves: its state machine, variables, throttling, logs and metrics; see modules/settings.
  EOT
  type        = any
  default     = { alpha = {} }
  nullable    = false
}

variable "state_machine" {
  description = <<-EOT
    The workflow: either `definition`, from which the module makes it, or `arn`; and its `type`. See modules/settings.
  EOT
  type        = any
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}
