locals {
  # Authorizer => what a method that it guards is of.
  authorization_types = { for name, authorizer in var.authorizers : name => authorizer.type == "COGNITO_USER_POOLS" ? authorizer.type : "CUSTOM" }
}

resource "aws_api_gateway_authorizer" "this" {
  for_each = var.authorizers

  rest_api_id = aws_api_gateway_rest_api.this.id
  name        = each.key
  type        = each.value.type

  authorizer_credentials           = each.value.type == "COGNITO_USER_POOLS" ? null : var.credentials
  authorizer_result_ttl_in_seconds = each.value.ttl_seconds
  authorizer_uri                   = each.value.uri
  identity_source                  = each.value.identity_source
  identity_validation_expression   = each.value.token_pattern
  provider_arns                    = each.value.provider_arns
}
