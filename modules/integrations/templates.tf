locals {
  start_templates = { for key, route in var.routes : key => templatefile("${path.module}/templates/start_execution.vtl", {
    input = file("${path.module}/templates/input_${coalesce(route.input, "body")}.vtl")
    name = startswith(coalesce(route.execution_name, "request_id"), "$") ? templatefile(
      "${path.module}/templates/name_json_path.vtl", { json_path = route.execution_name }
    ) : file("${path.module}/templates/name_${coalesce(route.execution_name, "request_id")}.vtl")
    state_machine_arn = local.targets[key].template
    }) if route.action == "StartExecution" && coalesce(route.input, "body") != "passthrough"
  }

  execution_templates = { for key, route in var.routes : key => templatefile(
    "${path.module}/templates/${route.action == "StopExecution" ? "stop_execution" : "describe_execution"}.vtl",
    { state_machine_arn = local.targets[key].template }
    ) if contains(["DescribeExecution", "StopExecution"], route.action)
  }

  passthrough_template = file("${path.module}/templates/passthrough.vtl")

  request_templates = merge(
    { for key, template in merge(local.start_templates, local.execution_templates) : key => {
      "application/json" = template
    } },
    # Also what curl -d says of its body when nothing else is said, so that the plainest call works.
    { for key, route in var.routes : key => {
      "application/json"                  = local.passthrough_template
      "application/x-www-form-urlencoded" = local.passthrough_template
    } if coalesce(route.input, "body") == "passthrough" },
  )

  # A 4xx or 5xx of Step Functions becomes the API's error; anything else passes as it came.
  responses = {
    "200" = {
      response_templates = {}
      selection_pattern  = null
    }
    "400" = {
      response_templates = {
        "application/json" = templatefile("${path.module}/templates/error.vtl", { default_status = 400 })
      }
      selection_pattern = "4\\d{2}"
    }
    "502" = {
      response_templates = {
        "application/json" = templatefile("${path.module}/templates/error.vtl", { default_status = 502 })
      }
      selection_pattern = "5\\d{2}"
    }
  }
}
