variable "allowed_origins" {
  description = <<-EOT
    Origins whose pages may connect, such as https://orders.example.com; "*" is every page. Browsers send the page's
    origin, and a page of another origin is refused with 403. Other clients send none, and are let in.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for origin in var.allowed_origins : can(regex("^(\\*|[a-z][a-z0-9+.-]*://[a-z0-9.-]+(:[0-9]{1,5})?)$", origin))
    ])
    error_message = join(" ", [
      "allowed_origins are scheme, host and port, in small letters, without a path or a slash at the end.",
      "Write for example [\"https://orders.example.com\"].",
    ])
  }
}

variable "authorization" {
  description = <<-EOT
    Who may connect. AWS_IAM: a client that signs the request, with the permission execute-api:Invoke. CUSTOM: a client
    that the function of `authorizer` lets in. NONE: everyone who has the URL. A client sees the results of the
    executions whose ARNs it knows.
  EOT
  type        = string
  default     = "AWS_IAM"
  nullable    = false

  validation {
    condition     = contains(["AWS_IAM", "CUSTOM", "NONE"], var.authorization)
    error_message = "authorization must be \"AWS_IAM\", \"CUSTOM\" or \"NONE\"."
  }
}

variable "authorizer" {
  description = <<-EOT
    The function that API Gateway asks about a client that connects, where `authorization` is CUSTOM: a Lambda
    authorizer of the type REQUEST, with the answer's policy. `identity_sources` are where the client says who it is,
    such as route.request.querystring.token or route.request.header.Cookie: without one of them it is refused with 401,
    and the function is not called. The module allows the API to call the function.
  EOT
  type = object({
    function_arn     = string
    identity_sources = list(string)
  })
  default = null

  validation {
    condition = var.authorizer == null || can(regex(
      "^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$", var.authorizer.function_arn
    ))
    error_message = join(" ", [
      "authorizer: function_arn must be a function's ARN without a version or alias,",
      "for example aws_lambda_function.authorizer.arn.",
    ])
  }

  validation {
    condition = var.authorizer == null || try(length(var.authorizer.identity_sources) > 0 && alltrue([
      for source in var.authorizer.identity_sources : can(regex(
        "^(route\\.request\\.(header|querystring)|stageVariables|context)\\.[A-Za-z0-9._-]+$", source
      ))
    ]), false)
    error_message = join(" ", [
      "authorizer: identity_sources must be one or more of route.request.header.<name>,",
      "route.request.querystring.<name>, stageVariables.<name> and context.<name>,",
      "for example [\"route.request.querystring.token\"].",
    ])
  }
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept: one of the periods CloudWatch Logs knows, or 0 for ever."
  type        = number
  default     = 30
  nullable    = false
}

variable "name" {
  description = <<-EOT
    Prefix of every name: 1 to 40 of A-Z a-z 0-9 - _, starting with a letter. The resources are called
    <name>-notifications; the role's name has the first 35 characters of it.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,39}$", var.name))
    error_message = "name must be 1 to 40 of A-Z a-z 0-9 - _ and start with a letter, for example \"orders\"."
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
  description = <<-EOT
    ARNs of the state machines whose executions can be watched, without a version or alias. They must be STANDARD:
    executions of EXPRESS ones emit no events.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.state_machine_arns) > 0
    error_message = join(" ", [
      "state_machine_arns is empty. Name at least one state machine,",
      "for example [module.orders_api.state_machine_arn].",
    ])
  }

  validation {
    condition = alltrue([
      for arn in var.state_machine_arns :
      can(regex("^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}$", arn))
    ])
    error_message = join(" ", [
      "state_machine_arns: an ARN is \"arn:aws:states:<region>:<account>:stateMachine:<name>\".",
      "Leave out the version or alias that may follow the name.",
    ])
  }
}

variable "tags" {
  description = "Tags of every resource that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "throttling" {
  description = <<-EOT
    Limits of the stage: connections and messages from clients together, per second (`rate_limit`) and at once
    (`burst_limit`). Left out, the account's apply.
  EOT
  type = object({
    burst_limit = number
    rate_limit  = number
  })
  default = null

  validation {
    condition = var.throttling == null || try(
      var.throttling.burst_limit >= 1 && var.throttling.rate_limit > 0, false
    )
    error_message = join(" ", [
      "throttling: burst_limit must be at least 1 and rate_limit more than 0,",
      "for example { burst_limit = 100, rate_limit = 50 }.",
    ])
  }
}
