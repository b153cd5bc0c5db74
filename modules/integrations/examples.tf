# How each route is called, as an example for people.

locals {
  # curl reads {} in a URL as a list to go through, so {name} stands as NAME.
  example_paths = { for key, route in local.routes : key => join("", [
    for part in regexall("[^{}]+|\\{[^{}]+\\}", route.path) : startswith(part, "{") ? upper(trim(part, "{}")) : part
  ]) }

  # Headers and query strings that the caller has to put in: required ones, and those in which an authorizer looks.
  identity_sources = { for key, route in local.routes : key =>
    try(module.settings.authorizers[route.authorization].identity_sources, [])
  }
  example_parameters = { for key, route in local.routes : key => {
    headers = distinct(concat(route.required_headers, flatten([
      for source in local.identity_sources[key] : regexall("^method[.]request[.]header[.](.*)$", source)
    ])))
    query_strings = distinct(concat(route.required_query_strings, flatten([
      for source in local.identity_sources[key] : regexall("^method[.]request[.]querystring[.](.*)$", source)
    ])))
  } }

  example_headers = { for key, route in local.routes : key => concat(
    [for header in ["Idempotency-Key: example-1"] : header if route.execution_name == "idempotency_key"],
    [for name in local.example_parameters[key].headers : "${name}: example"],
    [for header in ["x-api-key: KEY"] : header if route.api_key_required],
  ) }

  # A body with a value where the execution's name is taken from: $.order.id => {"order":{"id":"example-1"}}. A path
  # through a list is left to the reader.
  name_members = { for key, start in local.starts : key => split(".", trimprefix(start.execution_name, "$."))
    if can(regex("^\\$([.][A-Za-z0-9_-]+)+$", start.execution_name))
  }
  named_bodies = { for key, members in local.name_members : key => join("", concat(
    [for member in members : "{\"${member}\":"], ["\"example-1\""], [for member in members : "}"],
  )) }

  # A route without a body has no entry. A later map's wins: what is known of a route is closer to it than its action
  # is.
  example_bodies = merge(
    { for key, start in local.starts : key => "{}" if contains(["body", "request"], start.input) },
    local.named_bodies,
    # The state machine is the route's, or that of the stage in the command.
    { for key, start in local.starts : key => jsonencode({ input = "{}" }) if start.input == "passthrough" },
    { for key, route in local.routes : key => jsonencode(jsondecode(route.body_schema).example)
      if can(jsondecode(route.body_schema).example)
    },
    { for key, route in local.routes : key => jsonencode(local.actions[route.action].example)
      if local.actions[route.action].example != null
    },
  )

  # ANY is API Gateway's word for all methods, and no method.
  example_methods = { for key, route in local.routes : key =>
    route.http_method != "ANY" ? route.http_method : contains(keys(local.example_bodies), key) ? "POST" : "GET"
  }

  examples = { for key, route in local.routes : key => {
    # The answer to HEAD has no body, and curl's option for that takes none for the request.
    body         = route.http_method == "HEAD" ? null : lookup(local.example_bodies, key, null)
    content_type = try(keys(route.request_templates)[0], "application/json")
    headers      = local.example_headers[key]
    method       = local.example_methods[key]
    path         = local.example_paths[key]
    query        = [for name in local.example_parameters[key].query_strings : "${name}=example"]
    signed       = route.authorization == "AWS_IAM"
  } }
}
