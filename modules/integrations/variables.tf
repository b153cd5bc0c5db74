variable "routes" {
  description = <<-EOT
    What the API answers: "<METHOD> <path>" => how. Defaults make "POST /execution" = {} start an execution whose input
    is the request's body and whose name is the request's id.
    `action`: StartExecution, DescribeExecution or StopExecution; the last two take the execution's name from {name} in the path.
    `input` (StartExecution): body (the whole body), none ({}), or passthrough (the body is the action's own request).
    `execution_name` (StartExecution): request_id, generated (Step Functions makes one), or a JSONPath into the body such as "$.orderId".
    `state_machine_arn`: another state machine than the default one, with `state_machine_type` if it is of another type.
    `request_templates`: content type => mapping template, in place of the generated ones.
    `timeout_milliseconds`: how long API Gateway waits for Step Functions, 50 to 29,000.
  EOT
  type = map(object({
    action               = optional(string, "StartExecution")
    execution_name       = optional(string)
    input                = optional(string)
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
    condition = alltrue([for key in keys(var.routes) : can(regex(
      "^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._:-]+\\}))+)$", key
    ))])
    error_message = "routes: ${join(", ", [for key in keys(var.routes) : jsonencode(key) if !can(regex("^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._:-]+\\}))+)$", key))])} is not \"<METHOD> <path>\". Write an upper-case method, one space, and a path of letters, digits, . _ : - and {parameters} without a slash at the end, for example \"POST /execution\" or \"GET /execution/{name}\"."
  }

  validation {
    condition = alltrue([for route in values(var.routes) : contains(
      ["DescribeExecution", "StartExecution", "StopExecution"], route.action
    )])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the action \"${route.action}\"" if !contains(["DescribeExecution", "StartExecution", "StopExecution"], route.action)])}. Write StartExecution, DescribeExecution or StopExecution."
  }

  validation {
    condition = alltrue([for route in values(var.routes) : contains(
      ["body", "none", "passthrough"], coalesce(route.input, "body")
    )])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the input \"${route.input}\"" if !contains(["body", "none", "passthrough"], coalesce(route.input, "body"))])}. Write body, none or passthrough."
  }

  validation {
    condition = alltrue([for route in values(var.routes) : can(regex(
      "^(request_id|generated|\\$(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+)$", coalesce(route.execution_name, "request_id")
    ))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the execution_name \"${route.execution_name}\"" if !can(regex("^(request_id|generated|\\$(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+)$", coalesce(route.execution_name, "request_id")))])}. Write request_id, generated, or a JSONPath into the body such as \"$.orderId\" or \"$.order.items[0].id\"."
  }

  validation {
    condition = alltrue([for route in values(var.routes) :
      route.action == "StartExecution" || (route.input == null && route.execution_name == null)
    ])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if route.action != "StartExecution" && (route.input != null || route.execution_name != null)])}: input and execution_name are for StartExecution. Leave them out: the other actions take the execution's name from {name} in the path."
  }

  validation {
    condition = alltrue([for route in values(var.routes) :
      coalesce(route.input, "body") != "passthrough" || route.execution_name == null
    ])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if coalesce(route.input, "body") == "passthrough" && route.execution_name != null])}: with input = \"passthrough\" the body brings the name. Leave execution_name out, or write input = \"body\"."
  }

  validation {
    condition = alltrue([for route in values(var.routes) :
      coalesce(route.input, "body") != "none" || !startswith(coalesce(route.execution_name, "request_id"), "$")
    ])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\"" if coalesce(route.input, "body") == "none" && startswith(coalesce(route.execution_name, "request_id"), "$")])}: with input = \"none\" no name can come from the body. Write execution_name = \"request_id\" or \"generated\", or input = \"body\"."
  }

  validation {
    condition = alltrue([for key, route in var.routes :
      !contains(["DescribeExecution", "StopExecution"], route.action) || route.request_templates != null || strcontains(key, "/{name}")
    ])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" (${route.action})" if contains(["DescribeExecution", "StopExecution"], route.action) && route.request_templates == null && !strcontains(key, "/{name}")])} needs the execution's name in the path. Write for example \"GET /execution/{name}\"."
  }

  validation {
    condition = alltrue([for route in values(var.routes) :
      route.state_machine_arn == null || can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", coalesce(route.state_machine_arn, "-")))
    ])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the state_machine_arn \"${coalesce(route.state_machine_arn, "-")}\"" if route.state_machine_arn != null && !can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$", coalesce(route.state_machine_arn, "-")))])}, which is no state machine's ARN. Write arn:<partition>:states:<region>:<account>:stateMachine:<name>, best as a reference such as aws_sfn_state_machine.orders.arn."
  }

  validation {
    condition     = alltrue([for route in values(var.routes) : contains(["STANDARD", "EXPRESS"], coalesce(route.state_machine_type, "STANDARD"))])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the state_machine_type \"${coalesce(route.state_machine_type, "-")}\"" if !contains(["STANDARD", "EXPRESS"], coalesce(route.state_machine_type, "STANDARD"))])}. Write \"STANDARD\" or \"EXPRESS\"."
  }

  validation {
    condition     = alltrue([for route in values(var.routes) : route.timeout_milliseconds >= 50 && route.timeout_milliseconds <= 29000])
    error_message = "routes: ${join(", ", [for key, route in var.routes : "\"${key}\" has the timeout_milliseconds ${route.timeout_milliseconds}" if route.timeout_milliseconds < 50 || route.timeout_milliseconds > 29000])}. Write 50 to 29000, API Gateway's limits."
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
