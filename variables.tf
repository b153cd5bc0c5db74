variable "authorizers" {
  description = <<-EOT
    Name => who decides about callers of the routes that name it in `authorization`. `type`: TOKEN or REQUEST, a Lambda
    function (`function_arn`) that API Gateway asks, or COGNITO_USER_POOLS (`user_pool_arns`). `identity_sources` are
    where the caller says who it is, such as method.request.header.Authorization: one header for TOKEN and
    COGNITO_USER_POOLS, any number for REQUEST. `token_pattern` is a regular expression that a TOKEN has to match.
    `ttl_seconds` is how long the function's answer is kept, 0 (not at all) to 3,600: it has to hold for every route that
    names the authorizer.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "cors" {
  description = <<-EOT
    Which pages may call the API from a browser; null for none but its own. `origins` are scheme, host and port, such as
    https://shop.example.com, or "*" for any. `methods` are the routes' own unless others are named; `headers` is what a page
    may send, `exposed_headers` what it may read; `max_age_seconds` (0 to 86,400) is how long a browser may remember;
    `credentials` allows cookies and HTTP authentication.
  EOT
  type        = any
  default     = null
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
    Settings of the Lambda functions behind routes with `wait` and `offload`: their processor (arm64 or x86_64), how many
    days their logs are kept, their memory in MB, and how many calls may wait at the same time (-1: as many as the account
    has room for).
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "name" {
  description = "Prefix of every name: 1 to 40 of A-Z a-z 0-9 - _, starting with a letter. Two instances of the module in one account and region need two names."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,39}$", var.name))
    error_message = "name must be 1 to 40 characters of A-Z a-z 0-9 - _ and start with a letter, for example \"orders\"."
  }
}

variable "names" {
  description = "Names in place of the ones made from `name`, where a convention asks for them: of the API, of the role that API Gateway assumes, of the state machine, and of the role that it runs with."
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
    What the API answers: "<METHOD> <path>" => how. Paths have up to six segments and may have {parameters}. Defaults make
    "POST /execution" = {} start an execution whose input is the request's body and whose name is the request's id.
    `action`: StartExecution; StartSyncExecution (EXPRESS), which answers with the output; DescribeExecution,
    StopExecution and GetExecutionHistory of the execution that {name} in the path names; ListExecutions; SendTaskSuccess,
    SendTaskFailure and SendTaskHeartbeat. All but the first two need a STANDARD state machine.
    `input` (of a start): body, the whole body; request, an envelope of the body and what `request` chooses beside it; none, {};
    passthrough, where the body is the action's own request.
    `request`: what the envelope has beside body, path and querystring: `headers` by name, in any case; `context`, keys of
    $context such as requestId or identity.sourceIp; `authorizer`, keys of $context.authorizer such as principalId or claims.sub.
    `execution_name` (of a start): request_id; idempotency_key, the header Idempotency-Key (STANDARD); generated, made by
    Step Functions; or a JSONPath into the body such as "$.orderId".
    `form`: whether the route takes application/x-www-form-urlencoded too; the fields are an object of strings.
    `state_machine_arn`: another state machine than the default one, with `state_machine_type` if it is of another type.
    `request_templates`: content type => mapping template, in place of the generated ones.
    `timeout_milliseconds`: how long API Gateway waits for Step Functions, 50 to 29,000.
    `body_schema`: JSON schema (draft 4, as JSON text) that the body has to fit; `required_headers` and
    `required_query_strings` have to be there. A request without them is refused with 400 and starts nothing.
    `authorization`: NONE; AWS_IAM, a signed request; or the name of one of `authorizers`, with `authorization_scopes` of a
    user pool. `api_key_required`: whether the caller needs an API key of a usage plan of the stage.
    `wait` (StartExecution, STANDARD): whether the answer is the execution's end, by a Lambda function that waits for it; an
    execution that takes longer than `timeout_milliseconds` less 4 seconds is answered with 202 and where to ask.
    `offload` (StartExecution of a body): whether a Lambda function stores bodies over `inline_max_bytes` (131,072) in a
    bucket, for `expire_after_days` (30), and the input refers to them; see modules/payload_offload. `force_destroy`:
    whether the bucket may be destroyed with what is in it.
  EOT
  type        = any
  default     = { "POST /execution" = {} }
  nullable    = false
}

variable "stages" {
  description = <<-EOT
    Stage => how it serves. `state_machine_arn` is the state machine that it calls in place of the module's, so that one
    deployment serves dev, test and prod. `variables` are further stage variables. `throttling` limits all its methods
    together, in requests per second (`rate_limit`) and requests at once (`burst_limit`). `access_log` writes a line per
    request, without body and headers unless its `format` asks for them. `execution_log_level` is OFF, ERROR or INFO.
    Logs need the account's CloudWatch role for API Gateway.
  EOT
  type        = any
  default     = { alpha = {} }
  nullable    = false
}

variable "state_machine" {
  description = <<-EOT
    The workflow: either `definition`, from which the module makes the state machine (Amazon States Language as JSON
    text), or the `arn` of one that exists. `type` is STANDARD or EXPRESS, also with an `arn`. For one that the module
    makes: `policy_statements` are what its tasks may do, `logging` and `tracing_enabled` what is recorded of its
    executions (`logging.level` is OFF, ERROR, FATAL or ALL; left out, ERROR for EXPRESS and OFF for STANDARD).
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
