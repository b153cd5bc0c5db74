# Routes that call a Lambda function, which calls Step Functions.

locals {
  # Where an execution can be asked for: the path of a route that describes executions of the same state machine by
  # nothing but their name.
  describing_paths = { for key, route in var.routes : local.targets[key].template => split(" ", key)[1]...
    if alltrue([
      route.action == "DescribeExecution",
      route.request_templates == null,
      join("", regexall("[{][^}]*[}]", key)) == "{name}",
    ])
  }

  # What a start that waits has in its event beside StartExecution's own members.
  wait_members = { for key, route in var.routes : key => templatefile("${local.templates}/wait_members.vtl", {
    location          = try(sort(local.describing_paths[local.targets[key].template])[0], "")
    segments          = length(split("/", split(" ", key)[1])) - 1
    wait_milliseconds = route.timeout_milliseconds - 4000
  }) if route.wait }

  function_responses = { for key, function in var.functions : key => {
    for status_code, response in function.responses : status_code => {
      response_headers = local.cors_headers
      response_templates = { for content_type, template in response.response_templates : content_type => join("", [
        local.cors_template,
        response.selection_pattern == null ? templatefile("${local.templates}/refused.vtl", {
          refusals = values(local.refusals[key])
        }) : "",
        template,
      ]) }
      selection_pattern = response.selection_pattern
    }
  } }

  # Only STANDARD executions can be asked how they ended.
  waiting_express = [for key, route in var.routes : "\"${key}\"" if route.wait && local.targets[key].type == "EXPRESS"]
}
