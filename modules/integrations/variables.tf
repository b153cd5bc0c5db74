variable "authorizers" {
  description = <<-EOT
    Name => who decides about callers of the routes that name it in `authorization`. `type`: TOKEN or REQUEST, a Lambda
    function (`function_arn`) that API Gateway asks, or COGNITO_USER_POOLS (`user_pool_arns`). `identity_sources` are
    where the caller says who it is, such as method.request.header.Authorization: one header for TOKEN and
    COGNITO_USER_POOLS, any number for REQUEST. `token_pattern` is a regular expression that a TOKEN has to match.
    `ttl_seconds` is how long the function's answer is kept, 0 (not at all) to 3,600: it has to hold for every route that
    names the authorizer.
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

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : can(regex("^[A-Za-z][A-Za-z0-9_-]{0,127}$", name)) && !contains(["NONE", "AWS_IAM"], name)])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(can(regex("^[A-Za-z][A-Za-z0-9_-]{0,127}$", name)) && !contains(["NONE", "AWS_IAM"], name))])}: an authorizer's name is 1 to 128 of A-Z a-z 0-9 - _, starting with a letter, and neither NONE nor AWS_IAM."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : contains(["COGNITO_USER_POOLS", "REQUEST", "TOKEN"], authorizer.type)])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(contains(["COGNITO_USER_POOLS", "REQUEST", "TOKEN"], authorizer.type))])} is of no known type. Write type = \"TOKEN\", \"REQUEST\" or \"COGNITO_USER_POOLS\"."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : authorizer.type == "COGNITO_USER_POOLS" ? authorizer.function_arn == null && length(authorizer.user_pool_arns) > 0 : authorizer.function_arn != null && length(authorizer.user_pool_arns) == 0])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(authorizer.type == "COGNITO_USER_POOLS" ? authorizer.function_arn == null && length(authorizer.user_pool_arns) > 0 : authorizer.function_arn != null && length(authorizer.user_pool_arns) == 0)])}: TOKEN and REQUEST need function_arn, the ARN of a Lambda function; COGNITO_USER_POOLS needs user_pool_arns. Leave the other one out."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : authorizer.function_arn == null || can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$", coalesce(authorizer.function_arn, "-")))])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(authorizer.function_arn == null || can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$", coalesce(authorizer.function_arn, "-"))))])} has a function_arn that is no Lambda function's ARN. Write it as a reference such as aws_lambda_function.authorizer.arn."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : alltrue([for source in authorizer.identity_sources : can(regex("^(method[.]request[.](header|querystring)[.][A-Za-z0-9_-]+|stageVariables[.][A-Za-z0-9_]+|context[.][A-Za-z0-9_.]+)$", source))])])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(alltrue([for source in authorizer.identity_sources : can(regex("^(method[.]request[.](header|querystring)[.][A-Za-z0-9_-]+|stageVariables[.][A-Za-z0-9_]+|context[.][A-Za-z0-9_.]+)$", source))]))])}: identity_sources are such as \"method.request.header.Authorization\", \"method.request.querystring.token\", \"stageVariables.tenant\" or \"context.identity.sourceIp\"."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : authorizer.type == "REQUEST" || (length(authorizer.identity_sources) == 1 && alltrue([for source in authorizer.identity_sources : startswith(source, "method.request.header.")]))])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(authorizer.type == "REQUEST" || (length(authorizer.identity_sources) == 1 && alltrue([for source in authorizer.identity_sources : startswith(source, "method.request.header.")])))])}: TOKEN and COGNITO_USER_POOLS take their token from one header. Write identity_sources = [\"method.request.header.Authorization\"]."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : authorizer.token_pattern == null || authorizer.type == "TOKEN"])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(authorizer.token_pattern == null || authorizer.type == "TOKEN")])}: token_pattern is for the type TOKEN. Leave it out."
  }

  validation {
    condition     = alltrue([for name, authorizer in var.authorizers : authorizer.ttl_seconds >= 0 && authorizer.ttl_seconds <= 3600])
    error_message = "authorizers: ${join(", ", [for name, authorizer in var.authorizers : jsonencode(name) if !(authorizer.ttl_seconds >= 0 && authorizer.ttl_seconds <= 3600)])}: ttl_seconds must be from 0 to 3600."
  }
}

variable "cors" {
  description = <<-EOT
    Which pages may call the API from a browser; null for none but its own. `origins` are scheme, host and port, such as
    https://shop.example.com, or "*" for any. `methods` are the routes' own unless others are named; `headers` is what a page
    may send, `exposed_headers` what it may read; `max_age_seconds` (0 to 86,400) is how long a browser may remember;
    `credentials` allows cookies and HTTP authentication.
  EOT
  type = object({
    credentials     = optional(bool, false)
    exposed_headers = optional(list(string), ["Location", "x-amzn-requestid"])
    headers         = optional(list(string), ["Authorization", "Content-Type", "Idempotency-Key", "X-Api-Key"])
    max_age_seconds = optional(number, 600)
    methods         = optional(list(string))
    origins         = list(string)
  })
  default = null

  validation {
    condition     = try(length(var.cors.origins) > 0, true)
    error_message = "cors.origins is empty. Name at least one origin such as \"https://shop.example.com\", or leave cors out."
  }

  validation {
    condition     = alltrue([for origin in try(var.cors.origins, []) : origin == "*" || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "cors.origins: ${join(", ", [for origin in try(var.cors.origins, []) : jsonencode(origin) if origin != "*" && !can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))])}: an origin is scheme, host and port and nothing after them, such as \"https://shop.example.com\" or \"http://localhost:3000\"."
  }

  validation {
    condition     = alltrue([for name in concat(try(var.cors.headers, []), try(var.cors.exposed_headers, [])) : can(regex("^[A-Za-z0-9!#$%&*+.^_|~-]+$", name))])
    error_message = "cors: ${join(", ", [for name in concat(try(var.cors.headers, []), try(var.cors.exposed_headers, [])) : jsonencode(name) if !can(regex("^[A-Za-z0-9!#$%&*+.^_|~-]+$", name))])} is no header's name. Write for example \"X-Tenant\"."
  }

  validation {
    condition     = alltrue([for method in try(coalescelist(var.cors.methods), []) : can(regex("^([A-Z]+|[*])$", method))])
    error_message = "cors.methods are in upper case, such as \"POST\", or \"*\". Leave them out for the routes' own."
  }

  validation {
    condition     = try(!contains(var.cors.origins, "*") || length(var.cors.origins) == 1, true)
    error_message = "cors.origins: \"*\" is any origin already. Write it alone, or name the origins."
  }

  validation {
    condition     = try(!var.cors.credentials || !(contains(var.cors.origins, "*") || contains(var.cors.headers, "*") || contains(coalesce(var.cors.methods, []), "*")), true)
    error_message = "cors: browsers refuse \"*\" together with credentials. Name the origins, headers and methods, or write credentials = false."
  }

  validation {
    condition     = try(var.cors.max_age_seconds >= 0 && var.cors.max_age_seconds <= 86400, true)
    error_message = "cors.max_age_seconds must be from 0 to 86400, the longest that a browser remembers."
  }
}

variable "functions" {
  description = "Route => the function that it calls in place of Step Functions: its ARN, the URI of its integration, its responses, and its request templates, null for those of a start that waits; as modules/execution_waiter and modules/payload_offload give them."
  type = map(object({
    function_arn      = string
    request_templates = optional(map(string))
    responses = map(object({
      response_templates = map(string)
      selection_pattern  = optional(string)
    }))
    uri = string
  }))
  default  = {}
  nullable = false
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
  type = map(object({
    action               = optional(string, "StartExecution")
    api_key_required     = optional(bool, false)
    authorization        = optional(string, "NONE")
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
  nullable = false

  validation {
    condition     = length(var.routes) > 0
    error_message = "routes is empty: an API without a method can't be deployed. Leave it out for { \"POST /execution\" = {} }."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : can(regex("^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._:-]+\\}))+)$", key))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !can(regex("^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._:-]+\\}))+)$", key))])} is not \"<METHOD> <path>\". Write an upper-case method, one space, and a path of letters, digits, . _ : - and {parameters} without a slash at the end, for example \"POST /execution\" or \"GET /execution/{name}\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : contains(["DescribeExecution", "GetExecutionHistory", "ListExecutions", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StartExecution", "StartSyncExecution", "StopExecution"], route.action)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the action \"${route.action}\"" if !contains(["DescribeExecution", "GetExecutionHistory", "ListExecutions", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StartExecution", "StartSyncExecution", "StopExecution"], route.action)])}. Write StartExecution, StartSyncExecution, DescribeExecution, StopExecution, ListExecutions, GetExecutionHistory, SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : contains(["body", "none", "passthrough", "request"], coalesce(route.input, "body"))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the input \"${route.input}\"" if !contains(["body", "none", "passthrough", "request"], coalesce(route.input, "body"))])}. Write body, request, none or passthrough."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : can(regex("^(request_id|idempotency_key|generated|\\$(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+)$", coalesce(route.execution_name, "request_id")))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the execution_name \"${route.execution_name}\"" if !can(regex("^(request_id|idempotency_key|generated|\\$(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+)$", coalesce(route.execution_name, "request_id")))])}. Write request_id, idempotency_key, generated, or a JSONPath into the body such as \"$.orderId\" or \"$.order.items[0].id\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : startswith(route.action, "Start") || (route.input == null && route.execution_name == null && !route.form) || !contains(["DescribeExecution", "GetExecutionHistory", "ListExecutions", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StartExecution", "StartSyncExecution", "StopExecution"], route.action)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(startswith(route.action, "Start") || (route.input == null && route.execution_name == null && !route.form) || !contains(["DescribeExecution", "GetExecutionHistory", "ListExecutions", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StartExecution", "StartSyncExecution", "StopExecution"], route.action))])}: input, execution_name and form are for StartExecution and StartSyncExecution. Leave them out."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : coalesce(route.input, "body") != "passthrough" || (route.execution_name == null && !route.form)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(coalesce(route.input, "body") != "passthrough" || (route.execution_name == null && !route.form))])}: with input = \"passthrough\" the body is the whole request and brings the name. Leave execution_name and form out, or write input = \"body\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : coalesce(route.input, "body") != "none" || !startswith(coalesce(route.execution_name, "request_id"), "$")])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(coalesce(route.input, "body") != "none" || !startswith(coalesce(route.execution_name, "request_id"), "$"))])}: with input = \"none\" no name can come from the body. Write execution_name = \"request_id\" or \"generated\", or input = \"body\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : !route.form || !startswith(coalesce(route.execution_name, "request_id"), "$") || can(regex("^\\$\\.[A-Za-z0-9_-]+$", coalesce(route.execution_name, "request_id")))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the execution_name \"${route.execution_name}\"" if !(!route.form || !startswith(coalesce(route.execution_name, "request_id"), "$") || can(regex("^\\$\\.[A-Za-z0-9_-]+$", coalesce(route.execution_name, "request_id"))))])}: a form has fields and nothing below them. Write \"$.<field>\", for example \"$.orderId\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : coalesce(route.input, "body") == "request" || (length(route.request.authorizer) + length(route.request.context) + length(route.request.headers) == 0)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(coalesce(route.input, "body") == "request" || (length(route.request.authorizer) + length(route.request.context) + length(route.request.headers) == 0))])}: request chooses what the envelope has. Write input = \"request\" beside it, or leave it out."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : alltrue([for name in concat(route.request.authorizer, route.request.context) : can(regex("^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)?$", name))])])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(alltrue([for name in concat(route.request.authorizer, route.request.context) : can(regex("^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)?$", name))]))])}: request.context and request.authorizer name keys of $context and of $context.authorizer, such as \"requestId\", \"identity.sourceIp\" or \"claims.sub\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : alltrue([for name in route.request.headers : can(regex("^[A-Za-z0-9!#$%&*+.^_|~-]+$", name))])])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if !(alltrue([for name in route.request.headers : can(regex("^[A-Za-z0-9!#$%&*+.^_|~-]+$", name))]))])}: request.headers are names of headers, such as \"X-Tenant\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : !contains(["DescribeExecution", "GetExecutionHistory", "StopExecution"], route.action) || route.request_templates != null || strcontains(key, "/{name}")])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" (${route.action})" if !(!contains(["DescribeExecution", "GetExecutionHistory", "StopExecution"], route.action) || route.request_templates != null || strcontains(key, "/{name}"))])} needs the execution's name in the path. Write for example \"GET /execution/{name}\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : route.state_machine_arn == null || can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", coalesce(route.state_machine_arn, "-")))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the state_machine_arn \"${coalesce(route.state_machine_arn, "-")}\"" if !(route.state_machine_arn == null || can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", coalesce(route.state_machine_arn, "-"))))])}, which is no state machine's ARN. Write arn:<partition>:states:<region>:<account>:stateMachine:<name>, best as a reference such as aws_sfn_state_machine.orders.arn."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : contains(["EXPRESS", "STANDARD"], coalesce(route.state_machine_type, "STANDARD"))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the state_machine_type \"${coalesce(route.state_machine_type, "-")}\"" if !contains(["EXPRESS", "STANDARD"], coalesce(route.state_machine_type, "STANDARD"))])}. Write \"STANDARD\" or \"EXPRESS\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : route.timeout_milliseconds >= 50 && route.timeout_milliseconds <= 29000])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the timeout_milliseconds ${route.timeout_milliseconds}" if !(route.timeout_milliseconds >= 50 && route.timeout_milliseconds <= 29000)])}. Write 50 to 29000, API Gateway's limits."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : route.body_schema == null || can(keys(jsondecode(coalesce(route.body_schema, "-"))))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(route.body_schema == null || can(keys(jsondecode(coalesce(route.body_schema, "-")))))])} has a body_schema that is no JSON schema. Write a JSON object as text, for example file(\"order.schema.json\") or jsonencode({ type = \"object\" })."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : length(setsubtract(try(keys(jsondecode(coalesce(route.body_schema, "-"))), []), ["$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions", "dependencies", "description", "enum", "example", "exclusiveMaximum", "exclusiveMinimum", "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "uniqueItems"])) == 0])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has ${join(", ", setsubtract(try(keys(jsondecode(coalesce(route.body_schema, "-"))), []), ["$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions", "dependencies", "description", "enum", "example", "exclusiveMaximum", "exclusiveMinimum", "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "uniqueItems"]))}" if !(length(setsubtract(try(keys(jsondecode(coalesce(route.body_schema, "-"))), []), ["$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions", "dependencies", "description", "enum", "example", "exclusiveMaximum", "exclusiveMinimum", "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "uniqueItems"])) == 0)])} in body_schema, which API Gateway refuses: its models know the keywords of JSON schema's draft 4. Leave them out, or write them as draft 4 does, such as enum for const."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : !strcontains(try(jsonencode(jsondecode(coalesce(route.body_schema, "-"))), ""), "\"required\":[]")])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(!strcontains(try(jsonencode(jsondecode(coalesce(route.body_schema, "-"))), ""), "\"required\":[]"))])} has a body_schema with required = [], which API Gateway refuses. Leave required out."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : route.body_schema == null || (!route.form && contains(["StartExecution", "StartSyncExecution", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StopExecution"], route.action) && route.input != "none")])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(route.body_schema == null || (!route.form && contains(["StartExecution", "StartSyncExecution", "SendTaskFailure", "SendTaskHeartbeat", "SendTaskSuccess", "StopExecution"], route.action) && route.input != "none"))])}: body_schema is for a body in JSON, which this route has not: because of form = true, input = \"none\" or an action without a body. Leave body_schema out."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : alltrue([for name in concat(route.required_headers, route.required_query_strings) : can(regex("^[A-Za-z0-9._$-]+$", name))])])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(alltrue([for name in concat(route.required_headers, route.required_query_strings) : can(regex("^[A-Za-z0-9._$-]+$", name))]))])}: required_headers and required_query_strings are names of A-Z a-z 0-9 . _ $ -, such as \"X-Tenant\" or \"page\"."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : length(route.authorization_scopes) == 0 || !contains(["NONE", "AWS_IAM"], route.authorization)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(length(route.authorization_scopes) == 0 || !contains(["NONE", "AWS_IAM"], route.authorization))])}: authorization_scopes are of a user pool. Name an authorizer of the type COGNITO_USER_POOLS in authorization, or leave them out."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : !route.wait || (route.action == "StartExecution" && coalesce(route.input, "body") != "passthrough" && route.request_templates == null && route.offload == null)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(!route.wait || (route.action == "StartExecution" && coalesce(route.input, "body") != "passthrough" && route.request_templates == null && route.offload == null))])}: wait is for StartExecution with a generated template and without offload. Leave wait out, or what it can't go with: another action, input = \"passthrough\", request_templates, offload."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : !route.wait || route.timeout_milliseconds >= 6000])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(!route.wait || route.timeout_milliseconds >= 6000)])}: with wait the function keeps 4 seconds of timeout_milliseconds for itself. Write 6000 to 29000."
  }

  validation {
    condition     = alltrue([for key, route in var.routes : route.offload == null || (route.action == "StartExecution" && coalesce(route.input, "body") == "body" && !route.form && route.request_templates == null)])
    error_message = "routes: ${join(", ", [for key, route in var.routes : jsonencode(key) if !(route.offload == null || (route.action == "StartExecution" && coalesce(route.input, "body") == "body" && !route.form && route.request_templates == null))])}: offload is for StartExecution of a JSON body. Leave offload out, or what it can't go with: another action or input, form, request_templates."
  }
}

variable "stage_state_machine_arns" {
  description = "Stage => ARN of the state machine that its routes call, null for the default one. Once any stage has its own, the templates read the ARN from the stage variable stateMachineArn."
  type        = map(string)
  nullable    = false
}

variable "state_machine_arn" {
  description = "ARN of the state machine that a route calls unless it, or the stage, has its own."
  type        = string
  nullable    = false
}

variable "state_machine_type" {
  description = "STANDARD or EXPRESS: the type of the default state machine and of the stages'."
  type        = string
  default     = "STANDARD"
  nullable    = false
}
