# The API as an OpenAPI 3.0.1 document: plain, for people and for generated clients, and with API Gateway's extensions.

locals {
  # "GET /execution/{name}" => get and /execution/{name}
  operations = { for key, method in var.methods : key => {
    path = split(" ", key)[1]
    verb = split(" ", key)[0] == "ANY" ? "x-amazon-apigateway-any-method" : lower(split(" ", key)[0])

    plain = merge(
      {
        operationId = join("", [for index, word in regexall("[A-Za-z0-9]+", key) : index == 0 ? lower(word) : title(word)])
        parameters = [for name in regexall("\\{([^{}+]+)\\+?\\}", split(" ", key)[1]) : {
          in = "path", name = name[0], required = true, schema = { type = "string" }
        }]
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
      contains(["PATCH", "POST", "PUT"], split(" ", key)[0]) ? {
        requestBody = { content = { for content_type in keys(method.integration.request_templates) : content_type => { schema = {} } } }
      } : {},
    )

    integration = merge(
      {
        passthroughBehavior = "never"
        requestTemplates    = method.integration.request_templates
        timeoutInMillis     = method.integration.timeout_milliseconds
        type                = lower(method.integration.type)
        responses = { for status_code, response in method.responses : coalesce(response.selection_pattern, "default") => {
          responseParameters = { for name, value in response.response_headers : "method.response.header.${name}" => value }
          responseTemplates  = response.response_templates
          statusCode         = status_code
        } }
      },
      # How API Gateway calls the service, whatever the caller's method is.
      method.integration.type == "AWS" ? { credentials = var.credentials, httpMethod = "POST", uri = method.integration.uri } : {},
    )
  } }

  paths = distinct([for operation in values(local.operations) : operation.path])

  head = {
    info    = merge({ title = var.name, version = "1" }, var.description == null ? {} : { description = var.description })
    openapi = "3.0.1"
    components = { schemas = { Error = {
      properties = {
        message   = { description = "What happened.", type = "string" }
        requestId = { description = "The request's id, as in the header x-amzn-requestid.", type = "string" }
        type      = { description = "The error's name.", type = "string" }
      }
      required = ["message", "requestId", "type"]
      type     = "object"
    } } }
  }

  document = jsonencode(merge(local.head, {
    paths = { for path in local.paths : path => {
      for key, operation in local.operations : operation.verb => operation.plain
      # "Any method" is API Gateway's own, and has no place in a plain document.
      if operation.path == path && !startswith(operation.verb, "x-")
    } }
  }))

  extended_document = jsonencode(merge(local.head, {
    paths = { for path in local.paths : path => {
      for key, operation in local.operations : operation.verb => merge(
        operation.plain, { "x-amazon-apigateway-integration" = operation.integration }
      ) if operation.path == path
    } }
    "x-amazon-apigateway-gateway-responses" = { for type, response in var.gateway_responses : type => merge(
      {
        responseParameters = { for name, value in response.headers : "gatewayresponse.header.${name}" => value }
        responseTemplates  = { "application/json" = response.template }
      },
      response.status_code == null ? {} : { statusCode = response.status_code },
    ) }
  }))
}
