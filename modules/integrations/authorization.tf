locals {
  # What each route asks of its caller, as the modules that make the API take it.
  authorizations = { for key, route in local.routes : key => {
    api_key_required = route.api_key_required
    scopes           = route.authorization_scopes
    type             = route.authorization
  } }

  used_authorizers = { for name, authorizer in module.settings.authorizers : name => authorizer
    if contains(values(local.routes)[*].authorization, name)
  }

  authorizers = { for name, authorizer in local.used_authorizers : name => {
    identity_source = join(",", authorizer.identity_sources)
    provider_arns   = authorizer.user_pool_arns
    token_pattern   = authorizer.token_pattern
    ttl_seconds     = authorizer.ttl_seconds
    type            = authorizer.type
    # Asked of the type, because the function's ARN may not be known to the plan.
    uri = authorizer.type == "COGNITO_USER_POOLS" ? null : (
      "${local.integration_uri_prefix}:lambda:path/2015-03-31/functions/${authorizer.function_arn}/invocations"
    )
  } }
}
