locals {
  # An example is for people; API Gateway refuses a schema with one.
  schemas = { for key, route in local.routes : key => jsonencode({
    for name, value in try(jsondecode(route.body_schema), {}) : name => value if name != "example"
  }) if route.body_schema != null }

  # What API Gateway checks of a request before it calls Step Functions.
  requests = { for key, route in local.routes : key => {
    model                  = route.body_schema == null ? null : { schema = local.schemas[key] }
    required_headers       = route.required_headers
    required_query_strings = route.required_query_strings
  } }
}
