locals {
  # What InvalidName means on a route that takes the name from somewhere.
  name_hints = {
    idempotency_key = "Send the header Idempotency-Key with 1 to 80 of A-Z a-z 0-9 - _."
  }

  # A 4xx or 5xx of Step Functions becomes the API's error. Anything else passes as it came, but for the end of a
  # synchronous execution, which may be a failure.
  responses = { for key, route in var.routes : key => {
    "200" = {
      response_templates = route.action == "StartSyncExecution" ? {
        "application/json" = trimspace(file("${local.templates}/sync_result.vtl"))
      } : {}
      selection_pattern = null
    }
    "400" = {
      response_templates = { "application/json" = templatefile("${local.templates}/error.vtl", {
        default_status = 400
        name_hint      = try(local.name_hints[local.starts[key].execution_name], "")
      }) }
      selection_pattern = "4\\d{2}"
    }
    "502" = {
      response_templates = { "application/json" = templatefile("${local.templates}/error.vtl", {
        default_status = 502
        name_hint      = ""
      }) }
      selection_pattern = "5\\d{2}"
    }
  } }
}
