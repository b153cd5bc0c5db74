# What a caller has to show, as OpenAPI's security schemes.

locals {
  api_key_scheme   = "api_key"
  signature_scheme = "sigv4"
  parameter_source = "request[.](?:header|querystring)[.]([A-Za-z0-9_-]+)"

  # Method => scheme => scopes. All of them are asked for.
  security = { for key, method in module.methods.methods : key => merge(
    { for type in [method.authorization.type] :
      (type == "AWS_IAM" ? local.signature_scheme : type) => method.authorization.scopes if type != "NONE"
    },
    method.authorization.api_key_required ? { (local.api_key_scheme) = [] } : {},
  ) }

  # Scheme => as OpenAPI has it, and what API Gateway adds.
  security_schemes = { for name, scheme in merge(
    {
      (local.api_key_scheme) = {
        plain     = { in = "header", name = "x-api-key", type = "apiKey" }
        extension = {}
      }
      (local.signature_scheme) = {
        plain     = { in = "header", name = "Authorization", type = "apiKey" }
        extension = { "x-amazon-apigateway-authtype" = "awsSigv4" }
      }
    },
    { for name, authorizer in module.methods.authorizers : name => {
      # An authorizer of the type REQUEST may look anywhere; a document has one place.
      plain = {
        in = (
          strcontains(authorizer.identity_source, "request.querystring.") &&
          !strcontains(authorizer.identity_source, "request.header.") ? "query" : "header"
        )
        name = try(regex(local.parameter_source, authorizer.identity_source)[0], "Authorization")
        type = "apiKey"
      }
      extension = {
        "x-amazon-apigateway-authtype" = authorizer.type == "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom"
        "x-amazon-apigateway-authorizer" = merge(
          {
            authorizerResultTtlInSeconds = authorizer.ttl_seconds
            type                         = lower(authorizer.type)
          },
          authorizer.type == "COGNITO_USER_POOLS" ? { providerARNs = authorizer.provider_arns } : {},
          authorizer.type == "COGNITO_USER_POOLS" ? {} : {
            authorizerCredentials = var.credentials
            authorizerUri         = authorizer.uri
          },
          authorizer.type == "REQUEST" ? { identitySource = authorizer.identity_source } : {},
          authorizer.token_pattern == null ? {} : { identityValidationExpression = authorizer.token_pattern },
        )
      }
    } },
  ) : name => scheme if contains(flatten([for asked in values(local.security) : keys(asked)]), name) }
}
