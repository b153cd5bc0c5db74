# What is wrong with body schemas. API Gateway's models know the keywords of JSON schema's draft 4.

locals {
  schema_keywords = [
    "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions",
    "dependencies", "description", "enum", "example", "exclusiveMaximum", "exclusiveMinimum", "format", "id", "items",
    "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum",
    "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type",
    "uniqueItems",
  ]

  # Route => its schema as an object; a text that is none is {} here and refused by name.
  checked_schemas = { for key, route in local.checked_routes : key => {
    keywords = try(keys(jsondecode(route.body_schema)), [])
    object   = can(keys(jsondecode(route.body_schema)))
    # One form for each schema, however it is laid out.
    text = try(jsonencode(jsondecode(route.body_schema)), "")
  } if route.body_schema != null }

  broken_schemas = {
    body = [for key in keys(local.checked_schemas) : "\"${key}\"" if(
      local.checked_routes[key].form || local.checked_routes[key].input == "none" || !local.checked_routes[key].has_body
    )]
    text = [for key, schema in local.checked_schemas : "\"${key}\"" if !schema.object]
    keywords = [for key, schema in local.checked_schemas :
      "\"${key}\" has ${join(", ", setsubtract(schema.keywords, local.schema_keywords))}"
      if length(setsubtract(schema.keywords, local.schema_keywords)) > 0
    ]
    required = [for key, schema in local.checked_schemas : "\"${key}\"" if strcontains(schema.text, "\"required\":[]")]
  }
}
