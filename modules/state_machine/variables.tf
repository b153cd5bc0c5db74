variable "definition" {
  description = <<-EOT
    Definition of the workflow in Amazon States Language, as JSON text, at most 1 MB. Read it with file() or build it
    with jsonencode().
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.definition))
    error_message = <<-EOT
      definition is not JSON. Pass the text of an Amazon States Language document, for example
      file("$${path.module}/workflow.asl.json") or jsonencode({ StartAt = ..., States = { ... } }).
    EOT
  }

  validation {
    condition = !can(jsondecode(var.definition)) || (
      can(jsondecode(var.definition).StartAt) && can(keys(jsondecode(var.definition).States))
    )
    error_message = <<-EOT
      definition has no StartAt or no States. An Amazon States Language document needs both: { "StartAt": "First",
      "States": { "First": { "Type": "Pass", "End": true } } }.
    EOT
  }

  validation {
    condition = !can(keys(jsondecode(var.definition).States)) || !can(jsondecode(var.definition).StartAt) || try(
      contains(keys(jsondecode(var.definition).States), jsondecode(var.definition).StartAt), false
    )
    error_message = "definition: StartAt names no state. Write the name of one of the States there."
  }
}

variable "logging" {
  description = <<-EOT
    Execution logs. `level` is OFF, ERROR, FATAL or ALL; left out, it is OFF for a STANDARD state machine, whose
    history Step Functions keeps anyway, and ERROR for an EXPRESS one, which has no other record.
    `include_execution_data` also logs input and output. `retention_in_days` is one of the periods CloudWatch Logs
    knows.
  EOT
  type = object({
    include_execution_data = optional(bool, false)
    level                  = optional(string)
    retention_in_days      = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["OFF", "ERROR", "FATAL", "ALL"], coalesce(var.logging.level, "OFF"))
    error_message = "logging.level must be OFF, ERROR, FATAL or ALL."
  }
}

variable "name" {
  description = "Name of the state machine: 1 to 80 of A-Z a-z 0-9 - _."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.name))
    error_message = <<-EOT
      name must be 1 to 80 characters of A-Z a-z 0-9 - _ so that CloudWatch can show it, for example "orders".
    EOT
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the execution role, if the account asks for one."
  type        = string
  default     = null
}

variable "policy_statements" {
  description = <<-EOT
    What the workflow's tasks may do, beyond logging and tracing: statements for the execution role's policy, for
    example { actions = ["lambda:InvokeFunction"], resources = [aws_lambda_function.charge.arn] }. `conditions` are
    operator => key => values.
  EOT
  type = list(object({
    actions    = list(string)
    conditions = optional(map(map(list(string))), {})
    effect     = optional(string, "Allow")
    resources  = list(string)
    sid        = optional(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for statement in var.policy_statements : contains(["Allow", "Deny"], statement.effect)])
    error_message = "policy_statements: effect must be Allow or Deny."
  }
}

variable "role_name" {
  description = <<-EOT
    Name of the execution role. Left out, it is the state machine's name and the region, because role names are global
    to an account.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", coalesce(var.role_name, "-")))
    error_message = "role_name must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "tracing_enabled" {
  description = "Whether executions are traced with X-Ray."
  type        = bool
  default     = false
  nullable    = false
}

variable "type" {
  description = <<-EOT
    STANDARD (up to a year, exactly once, kept history) or EXPRESS (up to five minutes, at least once, can be waited
    for).
  EOT
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "EXPRESS"], var.type)
    error_message = "type must be \"STANDARD\" or \"EXPRESS\"."
  }
}
