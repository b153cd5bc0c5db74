# JSON schemas as OpenAPI 3.0 has them, and what gets lost on the way.

locals {
  # Method => its schema, written the same way whoever wrote it.
  schemas = { for key, method in var.methods : key => jsonencode(jsondecode(method.request.model.schema))
    if method.request.model != null
  }

  models = { for key, schema in local.schemas : var.methods[key].request.model.name => {
    # OpenAPI has no $schema and id.
    for name, value in jsondecode(schema) : name => value if !contains(["$schema", "id"], name)
  } }

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
