resource "aws_api_gateway_model" "this" {
  for_each = { for key, method in module.methods.methods : key => method.request.model if method.request.model != null }

  rest_api_id  = aws_api_gateway_rest_api.this.id
  name         = each.value.name
  content_type = "application/json"
  schema       = each.value.schema

  lifecycle {
    # A model goes after the method that does without it now: API Gateway keeps one that a method names.
    create_before_destroy = true
  }
}

resource "aws_api_gateway_request_validator" "this" {
  for_each = toset(compact(values(module.methods.methods)[*].validator))

  rest_api_id                 = aws_api_gateway_rest_api.this.id
  name                        = each.key
  validate_request_body       = strcontains(each.key, "body")
  validate_request_parameters = strcontains(each.key, "parameters")

  lifecycle {
    create_before_destroy = true
  }
}
