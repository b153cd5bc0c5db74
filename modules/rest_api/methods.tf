resource "aws_api_gateway_method" "this" {
  for_each = module.methods.methods

  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = local.resource_ids[each.value.place]
  http_method = each.value.http_method

  authorization        = lookup(local.authorization_types, each.value.authorization.type, each.value.authorization.type)
  authorization_scopes = each.value.authorization.scopes
  authorizer_id        = try(local.authorizer_ids[each.value.authorization.type], null)
  api_key_required     = each.value.authorization.api_key_required

  request_validator_id = (
    each.value.validator == null ? null : aws_api_gateway_request_validator.this[each.value.validator].id
  )
  # Whatever type the body is said to be of: one that the route takes without a model would get past it.
  request_models = each.value.request.model == null ? {} : {
    for content_type in keys(each.value.integration.request_templates) :
    content_type => aws_api_gateway_model.this[each.key].name
  }
  request_parameters = merge(
    { for name in each.value.request.required_headers : "method.request.header.${name}" => true },
    { for name in each.value.request.required_query_strings : "method.request.querystring.${name}" => true },
  )
}

resource "aws_api_gateway_integration" "this" {
  for_each = module.methods.methods

  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_method.this[each.key].resource_id
  http_method = aws_api_gateway_method.this[each.key].http_method
  type        = each.value.integration.type
  uri         = each.value.integration.uri
  credentials = each.value.integration.type == "AWS" ? local.credentials : null
  # How API Gateway calls the service, whatever the caller's method is.
  integration_http_method = each.value.integration.type == "AWS" ? "POST" : null
  # A content type without a template of its own is refused with 415: passed through, it would reach the service
  # unmapped.
  passthrough_behavior = "NEVER"
  request_templates    = each.value.integration.request_templates
  timeout_milliseconds = each.value.integration.timeout_milliseconds
}

resource "aws_api_gateway_method_response" "this" {
  for_each = local.responses

  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_method.this[each.value.method].resource_id
  http_method = aws_api_gateway_method.this[each.value.method].http_method
  status_code = each.value.status_code
  # A header that an integration response sets has to be declared here; whether it is required, nobody asks.
  response_parameters = { for name in keys(each.value.response_headers) : "method.response.header.${name}" => true }
}

resource "aws_api_gateway_integration_response" "this" {
  for_each = local.responses

  rest_api_id        = aws_api_gateway_rest_api.this.id
  resource_id        = aws_api_gateway_integration.this[each.value.method].resource_id
  http_method        = aws_api_gateway_integration.this[each.value.method].http_method
  status_code        = aws_api_gateway_method_response.this[each.key].status_code
  selection_pattern  = each.value.selection_pattern
  response_templates = each.value.response_templates

  response_parameters = { for name, value in each.value.response_headers : "method.response.header.${name}" => value }
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = module.methods.gateway_responses

  rest_api_id        = aws_api_gateway_rest_api.this.id
  response_type      = each.key
  status_code        = each.value.status_code
  response_templates = { "application/json" = each.value.template }

  response_parameters = { for name, value in each.value.headers : "gatewayresponse.header.${name}" => value }
}
