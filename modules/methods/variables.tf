variable "authorizers" {
  description = <<-EOT
    Name => authorizer: its `type` (TOKEN, REQUEST, COGNITO_USER_POOLS), the `uri` of its function, or its
    `provider_arns`, its `identity_source` (several with commas between them), `token_pattern` and `ttl_seconds`.
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
    What the API serves: "<METHOD> <path>" => its integration and its responses. An integration is of `type` AWS, with a
    service at `uri`, or MOCK. `responses` are status code => the regular expression that the service's status must
    match whole (`selection_pattern`, null for the one default response), header => mapping expression
    (`response_headers`), and content type => mapping template (`response_templates`). A `request` may have to fit a
    `model`, a JSON schema with a name of letters and digits (the method's own unless another is given), and to have
    headers and query strings. The `type` of an `authorization` is NONE, AWS_IAM or one of `authorizers`.
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
      model                  = optional(object({ name = optional(string), schema = string }))
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
}
