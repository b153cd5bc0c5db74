locals {
  # Stage => route => what calls it.
  curl_commands = { for stage, url in local.api.invoke_urls : stage => {
    for route in keys(module.integrations.routes) : route => join(" ", concat(
      ["curl -X ${element(split(" ", route), 0)} '${url}${local.example_paths[route]}${local.example_queries[route]}'"],
      local.example_credentials[route],
      local.example_headers[route],
      [for body in local.example_bodies[route] : "-H 'Content-Type: ${local.example_content_types[route]}' -d '${body}'"],
    ))
  } }

  # curl reads {} in a URL as a list to go through, so {name} stands as NAME.
  example_paths = { for route in keys(module.integrations.routes) : route => join("", [
    for part in regexall("[^{}]+|\\{[^{}]+\\}", element(split(" ", route), 1)) : startswith(part, "{") ? upper(trim(part, "{}")) : part
  ]) }

  # What the caller has to put in: required parameters, and where an authorizer looks.
  example_parameters = { for route, settings in module.integrations.routes : route => {
    for place, names in {
      header      = settings.required_headers
      querystring = settings.required_query_strings
      } : place => distinct(concat(names, flatten([
        for source in try(module.integrations.written_authorizers[settings.authorization].identity_sources, []) : regexall("^method[.]request[.]${place}[.](.*)$", source)
    ])))
  } }

  example_queries = { for route, places in local.example_parameters : route =>
    length(places.querystring) == 0 ? "" : "?${join("&", [for name in places.querystring : "${name}=example"])}"
  }

  example_headers = { for route, settings in module.integrations.routes : route => concat(
    settings.execution_name == "idempotency_key" ? ["-H 'Idempotency-Key: example-1'"] : [],
    [for name in local.example_parameters[route].header : "-H '${name}: example'"],
    settings.api_key_required ? ["-H 'x-api-key: KEY'"] : [],
  ) }

  example_credentials = { for route, settings in module.integrations.routes : route => settings.authorization != "AWS_IAM" ? [] : [
    "--aws-sigv4 'aws:amz:${module.location.region}:execute-api' --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" -H \"x-amz-security-token: $AWS_SESSION_TOKEN\""
  ] }

  example_content_types = { for route, settings in module.integrations.routes : route =>
    settings.request_templates == null ? "application/json" : try(keys(settings.request_templates)[0], "application/json")
  }

  # What an action is sent that is no start.
  example_task_bodies = {
    SendTaskFailure   = { taskToken = "TOKEN", error = "Refused", cause = "why" }
    SendTaskHeartbeat = { taskToken = "TOKEN" }
    SendTaskSuccess   = { taskToken = "TOKEN", output = {} }
  }

  # None or one.
  example_bodies = { for route, settings in module.integrations.routes : route =>
    contains(keys(local.example_task_bodies), settings.action) ? [jsonencode(local.example_task_bodies[settings.action])] :
    !startswith(settings.action, "Start") || settings.input == "none" ? [] :
    settings.input != "passthrough" ? [try(jsonencode(jsondecode(settings.body_schema).example), local.named_bodies[route])] :
    [jsonencode({ input = "{}" })] # The state machine is the route's, or that of the stage in the command.
  }

  # With a value at the path that the execution's name is taken from: $.order.id => {"order":{"id":"example-1"}}. A path
  # through a list is left to the reader.
  named_bodies = { for route, settings in module.integrations.routes : route =>
    can(regex("^\\$([.][A-Za-z0-9_-]+)+$", settings.execution_name)) ? join("", concat(
      [for key in slice(split(".", settings.execution_name), 1, length(split(".", settings.execution_name))) : "{\"${key}\":"],
      ["\"example-1\""],
      [for key in slice(split(".", settings.execution_name), 1, length(split(".", settings.execution_name))) : "}"],
    )) : "{}"
  }
}
