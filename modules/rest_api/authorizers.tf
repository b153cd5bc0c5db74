locals {
  # Authorizer => the `authorization` of the methods that use it.
  authorization_types = { for name, authorizer in module.methods.authorizers : name =>
    authorizer.type == "COGNITO_USER_POOLS" ? authorizer.type : "CUSTOM"
  }

  lambda_authorizers = [for name, type in local.authorization_types : name if type == "CUSTOM"]

  # An authorizer of another type is another authorizer, and its name is unique in the API: one is there before the
  # methods move to it, and the other goes after that.
  authorizer_keys = { for name, authorizer in module.methods.authorizers : name => "${name}-${lower(authorizer.type)}" }

  authorizer_ids = { for name, key in local.authorizer_keys : name => aws_api_gateway_authorizer.this[key].id }
}

resource "aws_api_gateway_authorizer" "this" {
  for_each = { for name, authorizer in module.methods.authorizers : local.authorizer_keys[name] => authorizer }

  rest_api_id = aws_api_gateway_rest_api.this.id
  name        = each.key
  type        = each.value.type

  # Changes in place. AWS documents no stage variable here.
  authorizer_credentials           = each.value.type == "COGNITO_USER_POOLS" ? null : var.credentials
  authorizer_result_ttl_in_seconds = each.value.ttl_seconds
  authorizer_uri                   = each.value.uri
  identity_source                  = each.value.identity_source
  identity_validation_expression   = each.value.token_pattern
  provider_arns                    = each.value.provider_arns

  lifecycle {
    create_before_destroy = true
  }
}
