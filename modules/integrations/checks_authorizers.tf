# What is wrong with authorizers: each rule once, as the list of those that break it. outputs.tf refuses them.

locals {
  function_arn_pattern = "^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$"

  identity_source_pattern = join("|", [
    "^method[.]request[.](header|querystring)[.][A-Za-z0-9_-]+$",
    "^stageVariables[.][A-Za-z0-9_]+$",
    "^context[.][A-Za-z0-9_.]+$",
  ])

  broken_authorizers = {
    name = [for name in keys(module.settings.authorizers) : "\"${name}\""
      if !can(regex("^[A-Za-z][A-Za-z0-9_-]{0,127}$", name)) || contains(["AWS_IAM", "NONE"], name)
    ]
    type = [for name, authorizer in module.settings.authorizers : "\"${name}\""
      if !contains(["COGNITO_USER_POOLS", "REQUEST", "TOKEN"], authorizer.type)
    ]
    decider = [for name, authorizer in module.settings.authorizers : "\"${name}\"" if !(
      authorizer.type == "COGNITO_USER_POOLS"
      ? authorizer.function_arn == null && length(authorizer.user_pool_arns) > 0
      : authorizer.function_arn != null && length(authorizer.user_pool_arns) == 0
    )]
    function = [for name, authorizer in module.settings.authorizers : "\"${name}\""
      if authorizer.function_arn != null && !can(regex(local.function_arn_pattern, authorizer.function_arn))
    ]
    identity_source = [for name, authorizer in module.settings.authorizers : "\"${name}\""
      if !alltrue([for source in authorizer.identity_sources : can(regex(local.identity_source_pattern, source))])
    ]
    one_header = [for name, authorizer in module.settings.authorizers : "\"${name}\"" if authorizer.type != "REQUEST" && !(
      length(authorizer.identity_sources) == 1
      && alltrue([for source in authorizer.identity_sources : startswith(source, "method.request.header.")])
    )]
    token_pattern = [for name, authorizer in module.settings.authorizers : "\"${name}\""
      if authorizer.token_pattern != null && authorizer.type != "TOKEN"
    ]
    ttl = [for name, authorizer in module.settings.authorizers : "\"${name}\""
      if authorizer.ttl_seconds < 0 || authorizer.ttl_seconds > 3600
    ]
  }
}
