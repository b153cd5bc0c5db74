# What modules/rest_api and modules/openapi_api make methods of.

locals {
  # Where API Gateway finds the services that it calls.
  services = "arn:${module.location.partition}:apigateway:${module.location.region}"

  routed_methods = { for key, route in local.routes : key => {
    authorization = local.authorizations[key]
    integration = {
      # A route's own templates, its function's, or the generated ones.
      request_templates = (
        route.request_templates != null ? route.request_templates :
        try(coalesce(var.functions[key].request_templates), local.request_templates[key])
      )
      timeout_milliseconds = route.timeout_milliseconds
      type                 = "AWS"
      uri                  = try(var.functions[key].uri, "${local.services}:states:action/${route.action}")
    }
    request   = local.requests[key]
    responses = try(local.function_responses[key], local.responses[key])
  } }

  methods = merge(local.routed_methods, local.preflight_methods)
}
