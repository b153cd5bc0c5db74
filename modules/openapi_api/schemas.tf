# JSON schemas as OpenAPI 3.0 has them, and what gets lost on the way.

locals {
  modelled = [for method in values(module.methods.methods) : method if method.request.model != null]

  models = { for method in local.modelled : method.request.model.name => {
    # OpenAPI has no $schema and id.
    for name, value in jsondecode(method.request.model.schema) : name => value if !contains(["$schema", "id"], name)
  } }

  # Method => its schema, written the same way whoever wrote it.
  schemas = { for method in local.modelled :
    "${method.http_method} ${method.path}" => jsonencode(jsondecode(method.request.model.schema))
  }

  not_in_openapi = join(", ", [for key, schema in local.schemas : jsonencode(key)
    if can(regex("\"([$]ref|definitions)\":|\"type\":\\[", schema))
  ])

  # API Gateway checks these of a model, but not of one that it imports ("OpenAPI 3.0 ... exceptions"):
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  lost_keywords = { for key, schema in local.schemas : key => sort(distinct(compact(flatten(
    regexall("\"(maxItems|minItems)\":[0-9]|\"(exclusiveMinimum)\":true", schema)
  )))) }
  lossy = join(", ", [for key, keywords in local.lost_keywords : "${jsonencode(key)} (${join(", ", keywords)})"
    if length(keywords) > 0
  ])
}
