variable "name" {
  description = "Name of the role: 1 to 64 of A-Z a-z 0-9 + = , . @ _ -. Role names are global to an account: put the region in it if the API is deployed to several."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -."
  }
}

variable "permissions" {
  description = "What API Gateway may do in the role: action, such as \"states:StartExecution\" => ARNs it may do it on."
  type        = map(list(string))
  nullable    = false

  validation {
    condition     = length(var.permissions) > 0
    error_message = "permissions is empty. Name at least one action and its targets, for example { \"states:StartExecution\" = [module.state_machine.arn] }."
  }

  validation {
    condition     = alltrue([for action in keys(var.permissions) : can(regex("^[a-z0-9-]+:[A-Za-z]+$", action))])
    error_message = "permissions: an action is \"<service>:<Action>\" without wildcards, for example \"states:StartExecution\"."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role, if the account asks for one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the role."
  type        = map(string)
  default     = {}
  nullable    = false
}
