# Routes that call a Lambda function, which calls Step Functions.

locals {
  # Where an execution can be asked for: the path of a route that describes executions of the same state machine by
  # nothing but their name.
  describing_paths = { for key, route in local.routes : local.targets[key].template => route.path...
    if alltrue([
      route.action == "DescribeExecution",
      route.request_templates == null,
      join("", regexall("[{][^}]*[}]", route.path)) == "{name}",
    ])
  }

  # What a start that waits has in its event beside StartExecution's own members.
  wait_members = { for key, route in local.routes : key => templatefile("${local.templates}/wait_members.vtl", {
    location          = try(sort(local.describing_paths[local.targets[key].template])[0], "")
    segments          = length(split("/", route.path)) - 1
    wait_milliseconds = route.timeout_milliseconds - 4000
  }) if route.wait }

  function_responses = { for key, function in var.functions : key => {
    for status_code, response in function.responses : status_code => {
      response_headers = local.cors_headers
      response_templates = { for content_type, template in response.response_templates : content_type => join("", [
        local.cors_template,
        response.selection_pattern == null ? templatefile("${local.templates}/refused.vtl", {
          refusals = try(values(local.refusals[key]), [])
        }) : "",
        template,
      ]) }
      selection_pattern = response.selection_pattern
    }
  } }
}
