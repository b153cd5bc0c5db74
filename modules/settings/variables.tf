variable "authorizers" {
  description = <<-EOT
    Name => who decides about callers of the routes that name it in `authorization`. `type`: TOKEN or REQUEST, a
    Lambda function (`function_arn`) that API Gateway asks, or COGNITO_USER_POOLS (`user_pool_arns`).
    `identity_sources` are where the caller says who it is, such as method.request.header.Authorization: one header
    for TOKEN and COGNITO_USER_POOLS, any number for REQUEST. `token_pattern` is a regular expression that a TOKEN has
    to match. `ttl_seconds` is how long the function's answer is kept, 0 (not at all) to 3,600: it has to hold for
    every route that names the authorizer.
  EOT
  type = map(object({
    function_arn     = optional(string)
    identity_sources = optional(list(string), ["method.request.header.Authorization"])
    token_pattern    = optional(string)
    ttl_seconds      = optional(number, 300)
    type             = string
    user_pool_arns   = optional(list(string), [])
  }))
  default  = {}
  nullable = false
}

variable "cors" {
  description = <<-EOT
    Which pages may call the API from a browser; null for none but its own. `origins` are scheme, host and port, such
    as https://shop.example.com, or "*" for any. `methods` are the routes' own unless others are named; `headers` is
    what a page may send, `exposed_headers` what it may read; `max_age_seconds` (0 to 86,400) is how long a browser
    may remember; `credentials` allows cookies and HTTP authentication.
  EOT
  type = object({
    credentials     = optional(bool, false)
    exposed_headers = optional(list(string), ["Location", "x-amz-apigw-id", "x-amzn-requestid"])
    headers         = optional(list(string), ["Authorization", "Content-Type", "Idempotency-Key", "X-Api-Key"])
    max_age_seconds = optional(number, 600)
    methods         = optional(list(string))
    origins         = list(string)
  })
  default = null
}

variable "functions" {
  description = <<-EOT
    Settings of the Lambda functions behind routes with `wait` and `offload`: their processor (arm64 or x86_64), how
    many days their logs are kept, their memory in MB, and how many calls may wait at the same time (-1: as many as
    the account has room for).
  EOT
  type = object({
    architecture                = optional(string, "arm64")
    log_retention_in_days       = optional(number, 30)
    offload_memory_mb           = optional(number, 512)
    waiter_memory_mb            = optional(number, 256)
    waiter_reserved_concurrency = optional(number, -1)
  })
  default  = {}
  nullable = false
}

variable "given" {
  description = <<-EOT
    The same settings again, as they were written: name of the variable => its value. Names that no setting has are
    looked for in them.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "names" {
  description = <<-EOT
    Names in place of the ones made from `name`, where a convention asks for them: of the API, of the role that API
    Gateway assumes, of the state machine, and of the role that it runs with.
  EOT
  type = object({
    api                = optional(string)
    invoke_role        = optional(string)
    state_machine      = optional(string)
    state_machine_role = optional(string)
  })
  default  = {}
  nullable = false
}

variable "routes" {
  description = <<-EOT
    What the API answers: "<METHOD> <path>" => how. Paths have up to six segments and may have {parameters}. Defaults
    make "POST /execution" = {} start an execution whose input is the request's body and whose name is the request's
    id. `action`: StartExecution; StartSyncExecution (EXPRESS), which answers with the output; DescribeExecution,
    StopExecution and GetExecutionHistory of the execution that {name} in the path names; ListExecutions;
    SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat. All but the first two need a STANDARD state machine.
    `input` (of a start): body, the whole body; request, an envelope of the body and what `request` chooses beside it;
    none, {}; passthrough, where the body is the action's own request. `request`: what the envelope has beside body,
    path and querystring: `headers` by name, in any case; `context`, keys of $context such as requestId or
    identity.sourceIp; `authorizer`, keys of $context.authorizer such as principalId or claims.sub. `execution_name`
    (of a start): request_id; idempotency_key, the header Idempotency-Key (STANDARD); generated, made by Step
    Functions; or a JSONPath into the body such as "$.orderId". `form`: whether the route takes
    application/x-www-form-urlencoded too; the fields are an object of strings. `state_machine_arn`: another state
    machine than the default one, with `state_machine_type` if it is of another type. `request_templates`: content
    type => mapping template, in place of the generated ones. `timeout_milliseconds`: how long API Gateway waits for
    Step Functions, 50 to 29,000. `body_schema`: JSON schema (draft 4, as JSON text) that the body has to fit;
    `required_headers` and `required_query_strings` have to be there. A request without them is refused with 400 and
    starts nothing. `authorization`: NONE; AWS_IAM, a signed request; or the name of one of `authorizers`, with
    `authorization_scopes` of a user pool. `api_key_required`: whether the caller needs an API key of a usage plan of
    the stage. `wait` (StartExecution, STANDARD): whether the answer is the execution's end, by a Lambda function that
    waits for it; an execution that takes longer than `timeout_milliseconds` less 4 seconds is answered with 202 and
    where to ask. `offload` (StartExecution of a body): whether a Lambda function stores bodies over
    `inline_max_bytes` (131,072) in a bucket, for `expire_after_days` (30), and the input refers to them; see
    modules/payload_offload. `force_destroy`: whether the bucket may be destroyed with what is in it.
  EOT
  type = map(object({
    action               = optional(string, "StartExecution")
    api_key_required     = optional(bool, false)
    authorization        = optional(string)
    authorization_scopes = optional(list(string), [])
    body_schema          = optional(string)
    execution_name       = optional(string)
    form                 = optional(bool, false)
    input                = optional(string)
    offload = optional(object({
      expire_after_days = optional(number)
      force_destroy     = optional(bool)
      inline_max_bytes  = optional(number)
    }))
    request = optional(object({
      authorizer = optional(list(string), [])
      context    = optional(list(string), [])
      headers    = optional(list(string), [])
    }), {})
    request_templates      = optional(map(string))
    required_headers       = optional(list(string), [])
    required_query_strings = optional(list(string), [])
    state_machine_arn      = optional(string)
    state_machine_type     = optional(string)
    timeout_milliseconds   = optional(number, 29000)
    wait                   = optional(bool, false)
  }))
  default  = {}
  nullable = false
}

variable "stages" {
  description = <<-EOT
    Stage => how it serves. `state_machine_arn` is the state machine that it calls in place of the module's, so that one
    deployment serves dev, test and prod. `variables` are further stage variables. `throttling` limits all its methods
    together, in requests per second (`rate_limit`) and requests at once (`burst_limit`). `access_log` writes a line per
    request, without body and headers unless its `format` asks for them. `execution_log_level` is OFF, ERROR or INFO.
    Logs need the account's CloudWatch role for API Gateway.
  EOT
  type = map(object({
    access_log = optional(object({
      destination_arn = string
      format          = optional(string)
    }))
    description         = optional(string)
    execution_log_level = optional(string, "OFF")
    metrics_enabled     = optional(bool, false)
    state_machine_arn   = optional(string)
    throttling = optional(object({
      burst_limit = number
      rate_limit  = number
    }))
    tracing_enabled = optional(bool, false)
    variables       = optional(map(string), {})
  }))
  default  = {}
  nullable = false
}

variable "state_machine" {
  description = <<-EOT
    The workflow: either `definition`, from which the module makes the state machine (Amazon States Language as JSON
    text), or the `arn` of one that exists. `type` is STANDARD or EXPRESS, also with an `arn`. For one that the module
    makes: `policy_statements` are what its tasks may do, `logging` and `tracing_enabled` what is recorded of its
    executions (`logging.level` is OFF, ERROR, FATAL or ALL; left out, ERROR for EXPRESS and OFF for STANDARD).
  EOT
  type = object({
    arn        = optional(string)
    definition = optional(string)
    logging = optional(object({
      include_execution_data = optional(bool, false)
      level                  = optional(string)
      retention_in_days      = optional(number, 30)
    }), {})
    policy_statements = optional(list(object({
      actions    = list(string)
      conditions = optional(map(map(list(string))), {})
      effect     = optional(string, "Allow")
      resources  = list(string)
      sid        = optional(string)
    })), [])
    tracing_enabled = optional(bool, false)
    type            = optional(string, "STANDARD")
  })
  default = null
}
