resource "aws_api_gateway_method" "this" {
  for_each = local.methods

  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = local.resource_ids[each.value.path]
  http_method   = each.value.http_method
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.methods

  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_method.this[each.key].resource_id
  http_method = aws_api_gateway_method.this[each.key].http_method
  type        = each.value.integration.type
  uri         = each.value.integration.uri
  credentials = each.value.integration.type == "AWS" ? var.credentials : null
  # How API Gateway calls the service, whatever the caller's method is.
  integration_http_method = each.value.integration.type == "AWS" ? "POST" : null
  # A content type without a template of its own is refused with 415: passed through, it would reach the service unmapped.
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
  for_each = var.gateway_responses

  rest_api_id        = aws_api_gateway_rest_api.this.id
  response_type      = each.key
  status_code        = each.value.status_code
  response_templates = { "application/json" = each.value.template }

  response_parameters = { for name, value in each.value.headers : "gatewayresponse.header.${name}" => value }
}
