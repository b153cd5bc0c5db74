# What is wrong with body schemas. API Gateway's models know the keywords of JSON schema's draft 4 ("Data models for
# REST APIs", developer guide, and CreateModel in botocore's model; both read 2026-11-24) and refuse others by name, as
# users report: "$id" (aws/aws-cdk #14585, 2021-05-07), "dependentRequired" (clouddrove/terraform-aws-api-gateway #30,
# 2022-12-11), "example" (amazon-archives/aws-apigateway-importer #213, 2018-07-11); and an empty "required"
# (aws/aws-cdk #27433, 2023-10-06). The list of draft 4's keywords and types is from memory.

locals {
  schema_keywords = [
    "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions",
    "dependencies", "description", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "id", "items", "maxItems",
    "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not",
    "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "uniqueItems",
  ]
  schema_types = ["array", "boolean", "integer", "null", "number", "object", "string"]

  # Keywords below which a schema has further ones: by name, or one or a list of them.
  named_subschemas = ["definitions", "patternProperties", "properties"]
  subschemas       = ["additionalItems", "additionalProperties", "allOf", "anyOf", "items", "not", "oneOf"]

  written_schemas = { for key, route in local.checked_routes : key => route.body_schema if route.body_schema != null }

  # Route => the schemas at each depth of its own. Terraform knows no recursion: what is deeper, API Gateway checks.
  # An example at the top is for people, and is not sent.
  schemas_0 = { for key, text in local.written_schemas : key => [
    { for keyword in try(keys(jsondecode(text)), []) : keyword => jsondecode(text)[keyword] if keyword != "example" }
  ] }
  schemas_1 = { for key, schemas in local.schemas_0 : key => flatten([for schema in schemas : concat(
    [for keyword in local.named_subschemas : try(values(schema[keyword]), [])],
    [for keyword in local.subschemas : try(schema[keyword], [])],
  )]) }
  schemas_2 = { for key, schemas in local.schemas_1 : key => flatten([for schema in schemas : concat(
    [for keyword in local.named_subschemas : try(values(schema[keyword]), [])],
    [for keyword in local.subschemas : try(schema[keyword], [])],
  )]) }
  schemas_3 = { for key, schemas in local.schemas_2 : key => flatten([for schema in schemas : concat(
    [for keyword in local.named_subschemas : try(values(schema[keyword]), [])],
    [for keyword in local.subschemas : try(schema[keyword], [])],
  )]) }
  # additionalProperties = false is a schema, too, but has no keywords.
  checked_schemas = { for key in keys(local.written_schemas) : key => [for schema in concat(
    local.schemas_0[key], local.schemas_1[key], local.schemas_2[key], local.schemas_3[key]
  ) : schema if can(keys(schema))] }

  broken_schemas = {
    body = [for key in keys(local.written_schemas) : "\"${key}\"" if(
      local.checked_routes[key].form || local.checked_routes[key].input == "none"
      || !local.checked_routes[key].has_body
    )]
    text = [for key, text in local.written_schemas : "\"${key}\"" if !can(keys(jsondecode(text)))]
    keywords = [for key, schemas in local.checked_schemas :
      "\"${key}\" has ${join(", ", distinct(flatten([for schema in schemas :
        tolist(setsubtract(keys(schema), local.schema_keywords))
      ])))}"
      if anytrue([for schema in schemas : length(setsubtract(keys(schema), local.schema_keywords)) > 0])
    ]
    required = [for key, schemas in local.checked_schemas : "\"${key}\""
      if anytrue([for schema in schemas : try(length(schema.required) == 0, false)])
    ]
    type = [for key, schemas in local.checked_schemas : "\"${key}\""
      if anytrue([for schema in schemas : length(setsubtract(flatten([try(schema.type, [])]), local.schema_types)) > 0])
    ]
    # Draft 6 made numbers of them (from memory).
    exclusive = [for key, schemas in local.checked_schemas : "\"${key}\""
      if anytrue(flatten([for schema in schemas : [for keyword in ["exclusiveMaximum", "exclusiveMinimum"] :
        can(schema[keyword]) && !can(tobool(schema[keyword]))
      ]]))
    ]
    draft = [for key, schemas in local.checked_schemas : "\"${key}\" has ${try(schemas[0]["$schema"], "")}"
      if !strcontains(try(schemas[0]["$schema"], "draft-04"), "draft-04")
    ]
    # A reference goes to the schema's own definitions, or to another model of the API (developer guide's chapter on
    # models, read 2026-11-24). That others are refused is from memory.
    reference = [for key, schemas in local.checked_schemas : "\"${key}\""
      if anytrue([for schema in schemas :
        !can(regex("^(#|https://apigateway[.]amazonaws[.]com/restapis/)", try(schema["$ref"], "#")))
      ])
    ]
  }
}
