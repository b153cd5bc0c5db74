locals {
  # The member of a request that may have 262,144 bytes.
  payloads = { for key, route in local.routes : key => (
    startswith(route.action, "Start") ? "input" : route.action == "SendTaskSuccess" ? "output" : ""
  ) }

  # The body of a success: the end of a synchronous execution, which may be a failure, or what came. Without a template it
  # comes through as it is, but then nothing can name the origin.
  sync_template = "${local.cors_template}${trimspace(file("${local.templates}/sync_result.vtl"))}"
  success_templates = { for key, route in local.routes : key => (
    route.action == "StartSyncExecution" ? { "application/json" = local.sync_template } :
    local.cors_template != "" ? { "application/json" = "${local.cors_template}$input.body" } : {}
  ) }

  # Step Functions' error as the API's. Only a 4xx can be the answer to a request that was refused here.
  error_templates = { for key, route in local.routes : key => {
    for default_status, refusals in { "400" = try(values(local.refusals[key]), []), "502" = [] } :
    default_status => join("", [local.cors_template, templatefile("${local.templates}/error.vtl", {
      default_status = default_status
      payload        = local.payloads[key]
      refusals       = refusals
    })])
  } }

  # A 4xx or 5xx of Step Functions becomes the API's error; anything else is a success.
  responses = { for key, route in local.routes : key => {
    "200" = {
      response_headers   = local.cors_headers
      response_templates = local.success_templates[key]
      selection_pattern  = null
    }
    "400" = {
      response_headers   = local.cors_headers
      response_templates = { "application/json" = local.error_templates[key]["400"] }
      selection_pattern  = "4\\d{2}"
    }
    "502" = {
      response_headers   = local.cors_headers
      response_templates = { "application/json" = local.error_templates[key]["502"] }
      selection_pattern  = "5\\d{2}"
    }
  } }
}
