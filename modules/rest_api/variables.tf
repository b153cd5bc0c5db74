variable "authorizers" {
  description = <<-EOT
    Name => authorizer: its `type` (TOKEN, REQUEST, COGNITO_USER_POOLS), the `uri` of its function, which API Gateway
    calls with `credentials`, or its `provider_arns`, its `identity_source` (several with commas between them),
    `token_pattern` and `ttl_seconds`.
  EOT
  type = map(object({
    identity_source = string
    provider_arns   = optional(list(string), [])
    token_pattern   = optional(string)
    ttl_seconds     = optional(number, 300)
    type            = string
    uri             = optional(string)
  }))
  default  = {}
  nullable = false
}

variable "credentials" {
  description = "ARN of the role that API Gateway assumes to call the integrations."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:iam::[0-9]{12}:role/[A-Za-z0-9._~:/?#&=,-]{1,507}$", var.credentials))
    error_message = <<-EOT
      credentials is "${var.credentials}", and a stage variable, which names the role, holds no other characters than
      A-Z a-z 0-9 - . _ ~ : / ? # & = and a comma. Write the ARN of a role without + and @ in its name, or use the
      engine "openapi".
    EOT
  }
}

variable "description" {
  description = "What the API is for, as the console shows it."
  type        = string
  default     = null
}

variable "endpoint_type" {
  description = "REGIONAL, or EDGE for CloudFront's edge locations."
  type        = string
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["EDGE", "REGIONAL"], var.endpoint_type)
    error_message = "endpoint_type must be REGIONAL or EDGE."
  }
}

variable "gateway_responses" {
  description = <<-EOT
    Gateway response type (DEFAULT_4XX, UNSUPPORTED_MEDIA_TYPE, ...) => headers (name => mapping expression),
    status_code, null for the type's own, and the template of its JSON body.
  EOT
  type = map(object({
    headers     = optional(map(string), {})
    status_code = optional(string)
    template    = string
  }))
  default  = {}
  nullable = false
}

variable "methods" {
  description = <<-EOT
    What the API serves: "<METHOD> <path>" => its integration and its responses. Paths have up to six segments. An
    integration is of `type` AWS, with a service at `uri`, or MOCK. `responses` are status code => the regular
    expression that the service's status must match whole (`selection_pattern`, null for the one default response),
    header => mapping expression (`response_headers`), and content type => mapping template (`response_templates`). A
    `request` may have to fit a `model`, a JSON schema with a name of letters and digits, and to have headers and query
    strings. The `type` of an `authorization` is NONE, AWS_IAM or one of `authorizers`.
  EOT
  type = map(object({
    authorization = optional(object({
      api_key_required = optional(bool, false)
      scopes           = optional(list(string), [])
      type             = optional(string, "NONE")
    }), {})
    integration = object({
      request_templates    = map(string)
      timeout_milliseconds = optional(number, 29000)
      type                 = optional(string, "AWS")
      uri                  = optional(string)
    })
    request = optional(object({
      model                  = optional(object({ name = string, schema = string }))
      required_headers       = optional(list(string), [])
      required_query_strings = optional(list(string), [])
    }), {})
    responses = map(object({
      response_headers   = optional(map(string), {})
      response_templates = map(string)
      selection_pattern  = optional(string)
    }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.methods) : can(regex("^[A-Z]+ /", key))])
    error_message = <<-EOT
      methods: ${join(", ", [for key in keys(var.methods) : jsonencode(key) if !can(regex("^[A-Z]+ /", key))])} is not
      "<METHOD> <path>". Write for example "POST /execution".
    EOT
  }

  validation {
    condition = alltrue([for integration in values(var.methods)[*].integration :
      integration.type == "MOCK" || (integration.type == "AWS" && integration.uri != null)
    ])
    error_message = "methods: an integration is of type \"AWS\" and has a uri, or of type \"MOCK\"."
  }

  validation {
    condition = alltrue([for key, method in var.methods :
      !startswith(key, "OPTIONS ") || method.integration.type == "MOCK"
    ])
    error_message = join(" ", [
      "methods: ${join(", ", [for key in keys(var.methods) : jsonencode(key) if startswith(key, "OPTIONS ")])}:",
      "with explicit resources OPTIONS is the preflight, because an integration can't change its type.",
      "Write engine = \"openapi\" on the root module, or use modules/openapi_api.",
    ])
  }

  validation {
    condition = alltrue([for key in keys(var.methods) : length(split("/", key)) <= 7])
    error_message = join(" ", [
      "methods: ${join(", ", [for key in keys(var.methods) : jsonencode(key) if length(split("/", key)) > 7])}",
      "has more than six path segments. Shorten the path, or write engine = \"openapi\", which has no such limit.",
    ])
  }
}

variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false
}

variable "stages" {
  description = "Stage => how it serves; see modules/deployment, with a stage variable invokeRole beside its own."
  type        = any
  nullable    = false

  validation {
    condition     = alltrue([for stage in values(var.stages) : !contains(keys(try(stage.variables, {})), "invokeRole")])
    error_message = "stages: the stage variable invokeRole is this module's own. Give yours another name."
  }
}

variable "tags" {
  description = "Tags of the API and its stages."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "wait_for" {
  description = "What has to be there before a stage serves: any value made of the resources that the methods call."
  type        = any
  default     = null
}
