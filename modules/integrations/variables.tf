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
  EOT
  type = map(object({
    action         = optional(string, "StartExecution")
    execution_name = optional(string)
    form           = optional(bool, false)
    input          = optional(string)
    request = optional(object({
      authorizer = optional(list(string), [])
      context    = optional(list(string), [])
      headers    = optional(list(string), [])
    }), {})
    request_templates    = optional(map(string))
    state_machine_arn    = optional(string)
    state_machine_type   = optional(string)
    timeout_milliseconds = optional(number, 29000)
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
