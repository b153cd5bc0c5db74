# What is wrong with routes: each rule once, as the list of those that break it. outputs.tf refuses them.

locals {
  route_pattern = "^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._:-]+\\}))+)$"

  header_pattern    = "^[A-Za-z0-9!#$%&*+.^_|~-]+$"
  parameter_pattern = "^[A-Za-z0-9._$-]+$"
  context_pattern   = "^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)?$"
  name_pattern      = "^(request_id|idempotency_key|generated|\\$(\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])+)$"

  inputs = ["body", "none", "passthrough", "request"]

  # Each route as the rules look at it: null has become what it stands for.
  checked_routes = { for key, route in module.settings.routes : key => merge(route, {
    action_known   = contains(keys(local.actions), route.action)
    authorization  = coalesce(route.authorization, "NONE")
    execution_name = coalesce(route.execution_name, "request_id")
    has_body       = try(local.actions[route.action].body, true)
    input          = coalesce(route.input, "body")
    input_known    = contains(local.inputs, coalesce(route.input, "body"))
    key_known      = can(regex(local.route_pattern, key))
    name_from_path = startswith(coalesce(route.execution_name, "request_id"), "$")
    name_known     = can(regex(local.name_pattern, coalesce(route.execution_name, "request_id")))
    name_written   = route.execution_name != null
    start          = try(local.actions[route.action].start, true)
    start_settings = route.input != null || route.execution_name != null || route.form
    type           = coalesce(route.state_machine_type, var.state_machine_type)
    types          = try(local.actions[route.action].types, ["EXPRESS", "STANDARD"])
  }) }

  broken_routes = {
    key = [for key, route in local.checked_routes : "\"${key}\"" if !route.key_known]

    action = [for key, route in local.checked_routes : "\"${key}\" has the action \"${route.action}\""
      if !route.action_known
    ]
    # An execution is named by a parameter of the path.
    unnamed = [for key, route in local.checked_routes : "\"${key}\" (${route.action})"
      if try(local.actions[route.action].target, "") == "execution" && route.request_templates == null
      && !strcontains(key, "/{name}")
    ]
    express_only = [for key, route in local.checked_routes : "\"${key}\" (${route.action})"
      if route.type == "STANDARD" && !contains(route.types, "STANDARD")
    ]
    standard_only = [for key, route in local.checked_routes : "\"${key}\" (${route.action})"
      if route.type == "EXPRESS" && !contains(route.types, "EXPRESS")
    ]
    not_start = [for key, route in local.checked_routes : "\"${key}\"" if !route.start && route.start_settings]

    input = [for key, route in local.checked_routes : "\"${key}\" has the input \"${route.input}\""
      if !route.input_known
    ]
    passthrough = [for key, route in local.checked_routes : "\"${key}\""
      if route.input == "passthrough" && (route.name_written || route.form)
    ]
    envelope = [for key, route in local.checked_routes : "\"${key}\""
      if route.input != "request" && length(flatten(values(route.request))) > 0
    ]
    context = [for key, route in local.checked_routes : "\"${key}\""
      if !alltrue([for name in concat(route.request.authorizer, route.request.context) :
        can(regex(local.context_pattern, name))
      ])
    ]
    request_header = [for key, route in local.checked_routes : "\"${key}\""
      if !alltrue([for name in route.request.headers : can(regex(local.header_pattern, name))])
    ]

    name = [for key, route in local.checked_routes : "\"${key}\" has the execution_name \"${route.execution_name}\""
      if !route.name_known
    ]
    bodyless_name = [for key, route in local.checked_routes : "\"${key}\"" if route.input == "none" && route.name_from_path]
    form_name = [for key, route in local.checked_routes : "\"${key}\" has the execution_name \"${route.execution_name}\""
      if route.form && route.name_from_path && !can(regex("^\\$\\.[A-Za-z0-9_-]+$", route.execution_name))
    ]
    express_key = [for key, route in local.checked_routes : "\"${key}\""
      if route.execution_name == "idempotency_key" && route.type == "EXPRESS"
    ]

    timeout = [for key, route in local.checked_routes :
      "\"${key}\" has the timeout_milliseconds ${route.timeout_milliseconds}"
      if route.timeout_milliseconds < 50 || route.timeout_milliseconds > local.timeout_limit
    ]

    parameter = [for key, route in local.checked_routes : "\"${key}\""
      if !alltrue([for name in concat(route.required_headers, route.required_query_strings) :
        can(regex(local.parameter_pattern, name))
      ])
    ]

    authorization = [for key, route in local.checked_routes :
      "\"${key}\" has the authorization \"${route.authorization}\""
      if !contains(local.authorization_values, route.authorization)
    ]
    scopes = [for key, route in local.checked_routes : "\"${key}\""
      if length(route.authorization_scopes) > 0 && contains(local.authorization_values, route.authorization)
      && try(module.settings.authorizers[route.authorization].type, "") != "COGNITO_USER_POOLS"
    ]

    wait = [for key, route in local.checked_routes : "\"${key}\"" if route.wait && !(
      route.action == "StartExecution" && route.input != "passthrough" && route.request_templates == null
      && route.offload == null
    )]
    wait_time = [for key, route in local.checked_routes : "\"${key}\""
      if route.wait && route.timeout_milliseconds < 6000
    ]
    # Only STANDARD executions can be asked how they ended.
    wait_express = [for key, route in local.checked_routes : "\"${key}\"" if route.wait && route.type == "EXPRESS"]

    offload = [for key, route in local.checked_routes : "\"${key}\"" if route.offload != null && !(
      route.action == "StartExecution" && route.input == "body" && !route.form && route.request_templates == null
    )]
  }

  # 29 seconds is API Gateway's default quota, and for edge-optimized APIs its limit.
  timeout_limit = 29000

  authorization_values = concat(["AWS_IAM", "NONE"], keys(module.settings.authorizers))
}
