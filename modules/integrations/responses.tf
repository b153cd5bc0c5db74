locals {
  # What InvalidName means on a route that takes the name from somewhere.
  name_hints = {
    idempotency_key = "Send the header Idempotency-Key with 1 to 80 of A-Z a-z 0-9 - _."
  }

  # The body of a success: the end of a synchronous execution, which may be a failure, or what came. Without a template it
  # comes through as it is, but then nothing can name the origin.
  success_templates = { for key, route in local.routes : key => (
    route.action == "StartSyncExecution" ? "${local.cors_template}${trimspace(file("${local.templates}/sync_result.vtl"))}" :
    local.cors_template != "" ? "${local.cors_template}$input.body" : null
  ) }

  # A 4xx or 5xx of Step Functions becomes the API's error; anything else is a success.
  responses = { for key, route in local.routes : key => {
    "200" = {
      response_headers   = local.cors_headers
      response_templates = local.success_templates[key] == null ? {} : { "application/json" = local.success_templates[key] }
      selection_pattern  = null
    }
    "400" = {
      response_headers = local.cors_headers
      response_templates = { "application/json" = join("", [local.cors_template, templatefile("${local.templates}/error.vtl", {
        default_status = 400
        name_hint      = try(local.name_hints[local.starts[key].execution_name], "")
      })]) }
      selection_pattern = "4\\d{2}"
    }
    "502" = {
      response_headers = local.cors_headers
      response_templates = { "application/json" = join("", [local.cors_template, templatefile("${local.templates}/error.vtl", {
        default_status = 502
        name_hint      = ""
      })]) }
      selection_pattern = "5\\d{2}"
    }
  } }
}
