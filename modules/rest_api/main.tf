module "location" {
  source = "../location"
}

module "paths" {
  source = "../paths"

  methods = keys(var.methods)
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
  # A key without the names of parameters stays when one of them changes, which renames the resource in place: API
  # Gateway takes no second variable part beside the old one.
  methods = { for key, method in module.paths.methods : key => merge(var.methods[method], {
    http_method = split(" ", key)[0]
    place       = split(" ", key)[1]
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
