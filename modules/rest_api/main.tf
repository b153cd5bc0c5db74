module "location" {
  source = "../location"
}

module "methods" {
  source = "../methods"

  authorizers       = var.authorizers
  gateway_responses = var.gateway_responses
  methods           = var.methods
}

resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = var.description
  tags        = var.tags

  endpoint_configuration {
    types = [var.endpoint_type]
  }
}

locals {
  # One entry for each response of each method. Its key, and those of all resources, have no names of parameters: a new
  # name renames the resource in place. API Gateway takes no second variable part beside the old one.
  responses = merge([for key, method in module.methods.methods : {
    for status_code, response in method.responses : "${key} ${status_code}" => {
      method             = key
      response_headers   = response.response_headers
      response_templates = response.response_templates
      selection_pattern  = response.selection_pattern
      status_code        = status_code
    }
  }]...)
}
