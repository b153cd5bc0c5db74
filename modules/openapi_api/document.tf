# The API as an OpenAPI 3.0.1 document: plain, for people and for generated clients, and with API Gateway's extensions.

locals {
  operations = { for key, method in module.methods.methods : key => {
    path      = method.path
    validator = method.validator
    verb      = method.http_method == "ANY" ? "x-amazon-apigateway-any-method" : lower(method.http_method)

    plain = merge(
      {
        # PostOrdersId => postOrdersId
        operationId = "${lower(substr(method.name, 0, 1))}${substr(method.name, 1, -1)}"
        parameters = [for parameter in concat(
          [for name in regexall("\\{([^{}+]+)\\+?\\}", method.path) : { in = "path", name = name[0] }],
          [for name in method.request.required_headers : { in = "header", name = name }],
          [for name in method.request.required_query_strings : { in = "query", name = name }],
        ) : merge(parameter, { required = true, schema = { type = "string" } })]
        responses = { for status_code, response in method.responses : status_code => merge(
          { description = startswith(status_code, "2") ? "Success" : "Error" },
          length(response.response_headers) == 0 ? {} : {
            headers = { for name in keys(response.response_headers) : name => { schema = { type = "string" } } }
          },
          startswith(status_code, "2") ? {} : {
            content = { "application/json" = { schema = { "$ref" = "#/components/schemas/Error" } } }
          },
        ) }
      },
      method.request.model == null ? {} : { requestBody = {
        content = { for content_type in keys(method.integration.request_templates) : content_type => {
          schema = { "$ref" = "#/components/schemas/${method.request.model.name}" }
        } }
        required = true
      } },
      length(local.security[key]) == 0 ? {} : { security = [local.security[key]] },
    )

    # Any body: for people, and not for API Gateway, which makes a model of every schema that it imports.
    any_body = method.request.model != null || !contains(["PATCH", "POST", "PUT"], method.http_method) ? {} : {
      requestBody = {
        content  = { for content_type in keys(method.integration.request_templates) : content_type => { schema = {} } }
        required = false
      }
    }

    integration = merge(
      {
        passthroughBehavior = "never"
        requestTemplates    = method.integration.request_templates
        timeoutInMillis     = method.integration.timeout_milliseconds
        type                = lower(method.integration.type)
        responses = { for code, response in method.responses : coalesce(response.selection_pattern, "default") => {
          responseParameters = { for name, value in response.response_headers :
            "method.response.header.${name}" => value
          }
          responseTemplates = response.response_templates
          statusCode        = code
        } }
      },
      # How API Gateway calls the service, whatever the caller's method is.
      method.integration.type != "AWS" ? {} : {
        credentials = var.credentials
        httpMethod  = "POST"
        uri         = method.integration.uri
      },
    )
  } }

  paths      = toset(values(local.operations)[*].path)
  validators = toset(compact(values(local.operations)[*].validator))

  head = {
    info    = { description = var.description, title = var.name, version = "1" }
    openapi = "3.0.1"
    components = { schemas = merge(local.models, { Error = {
      properties = {
        message   = { description = "What happened.", type = "string" }
        requestId = { description = "The request's id, as in the header x-amzn-requestid.", type = "string" }
        type      = { description = "The error's name.", type = "string" }
      }
      required = ["message", "requestId", "type"]
      type     = "object"
    } }) }
  }

  document = jsonencode(merge(local.head, length(local.security_schemes) == 0 ? {} : {
    components = merge(local.head.components, {
      securitySchemes = { for name, scheme in local.security_schemes : name => scheme.plain }
    })
    }, {
    paths = { for path in local.paths : path => {
      for key, operation in local.operations : operation.verb => merge(operation.plain, operation.any_body)
      # "Any method" is API Gateway's own, and a preflight the browser's: neither has a place in a plain document.
      if operation.path == path && !startswith(operation.verb, "x-") && operation.integration.type != "mock"
    } }
  }))

  extended_document = jsonencode(merge(local.head, length(local.security_schemes) == 0 ? {} : {
    components = merge(local.head.components, {
      securitySchemes = { for name, scheme in local.security_schemes : name => merge(scheme.plain, scheme.extension) }
    })
    }, length(local.validators) == 0 ? {} : {
    "x-amazon-apigateway-request-validators" = { for name in local.validators : name => {
      validateRequestBody       = strcontains(name, "body")
      validateRequestParameters = strcontains(name, "parameters")
    } }
    }, {
    paths = { for path in local.paths : path => {
      for key, operation in local.operations : operation.verb => merge(
        operation.plain,
        { "x-amazon-apigateway-integration" = operation.integration },
        # OpenAPI would read a list as alternatives; API Gateway writes it for, and reads it as, all of them.
        length(local.security[key]) == 0 ? {} : {
          security = [for scheme, scopes in local.security[key] : { (scheme) = scopes }]
        },
        operation.validator == null ? {} : { "x-amazon-apigateway-request-validator" = operation.validator },
      ) if operation.path == path
    } }
    "x-amazon-apigateway-gateway-responses" = { for type, response in module.methods.gateway_responses : type => merge(
      {
        responseParameters = { for name, value in response.headers : "gatewayresponse.header.${name}" => value }
        responseTemplates  = { "application/json" = response.template }
      },
      response.status_code == null ? {} : { statusCode = response.status_code },
    ) }
  }))
}
