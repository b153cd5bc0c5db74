locals {
  # What each route asks of its caller, as the modules that make the API take it.
  authorizations = { for key, route in var.routes : key => {
    api_key_required = route.api_key_required
    scopes           = route.authorization_scopes
    type             = route.authorization
  } }

  unknown_authorizers = [for key, route in var.routes : "\"${key}\" has the authorization \"${route.authorization}\""
    if !contains(concat(["AWS_IAM", "NONE"], keys(var.authorizers)), route.authorization)
  ]
  stray_scopes = [for key, route in var.routes : "\"${key}\""
    if length(route.authorization_scopes) > 0 && try(var.authorizers[route.authorization].type, "COGNITO_USER_POOLS") != "COGNITO_USER_POOLS"
  ]

  used_authorizers = { for name, authorizer in var.authorizers : name => authorizer if contains(values(var.routes)[*].authorization, name) }

  authorizers = { for name, authorizer in local.used_authorizers : name => {
    identity_source = join(",", authorizer.identity_sources)
    provider_arns   = authorizer.user_pool_arns
    token_pattern   = authorizer.token_pattern
    ttl_seconds     = authorizer.ttl_seconds
    type            = authorizer.type
    # Asked of the type, because the function's ARN may not be known to the plan.
    uri = authorizer.type == "COGNITO_USER_POOLS" ? null : (
      "arn:${module.location.partition}:apigateway:${module.location.region}:lambda:path/2015-03-31/functions/${authorizer.function_arn}/invocations"
    )
  } }
}
