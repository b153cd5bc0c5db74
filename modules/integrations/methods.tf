# What modules/rest_api and modules/openapi_api make methods of.

locals {
  # "POST /orders/{id}" => PostOrdersId. Where two methods would have the same name, each has a hash of its key behind it.
  # API Gateway's models have names of letters and digits only.
  method_words = { for key in concat(keys(local.routes), keys(local.preflight_methods)) : key => join("", [
    for index, word in regexall("[A-Za-z0-9]+", key) : title(index == 0 ? lower(word) : word)
  ]) }
  method_names = { for key, words in local.method_words : key =>
    length([for other in values(local.method_words) : other if other == words]) == 1
    ? words : "${words}${substr(sha1(key), 0, 6)}"
  }

  integration_uri_prefix = "arn:${module.location.partition}:apigateway:${module.location.region}"

  routed_methods = { for key, route in local.routes : key => {
    authorization = local.authorizations[key]
    http_method   = route.http_method
    path          = route.path
    integration = {
      # A route's own templates, its function's, or the generated ones.
      request_templates = (
        route.request_templates != null ? route.request_templates :
        try(coalesce(var.functions[key].request_templates), local.request_templates[key])
      )
      timeout_milliseconds = route.timeout_milliseconds
      type                 = "AWS"
      uri                  = try(var.functions[key].uri, "${local.integration_uri_prefix}:states:action/${route.action}")
    }
    request   = local.requests[key]
    responses = try(local.function_responses[key], local.responses[key])
  } }

  # Each method's name, and the request validator that it needs: null for none.
  methods = { for key, method in merge(local.routed_methods, local.preflight_methods) : key => merge(method, {
    name      = local.method_names[key]
    validator = try(coalesce(local.validators[key]), null)
  }) }
}
