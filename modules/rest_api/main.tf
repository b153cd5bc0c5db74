resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = var.description
  tags        = var.tags

  endpoint_configuration {
    types = [var.endpoint_type]
  }
}

locals {
  # "POST /execution/{name}" => POST and /execution/{name}
  methods = { for key, method in var.methods : key => merge(method, {
    http_method = split(" ", key)[0]
    path        = split(" ", key)[1]
  }) }

  # One entry for each response of each method.
  responses = merge([for key, method in local.methods : {
    for status_code, response in method.responses : "${key} ${status_code}" => {
      method             = key
      response_headers   = response.response_headers
      response_templates = response.response_templates
      selection_pattern  = response.selection_pattern
      status_code        = status_code
    }
  }]...)
}
