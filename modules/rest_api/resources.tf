# The resource tree. Terraform can't nest the instances of one resource block in each other, so each level has its own.

locals {
  # /a/b/c => [a, b, c]
  segments = { for key, method in local.methods : key => compact(split("/", method.path)) }

  # The path of every resource at each level: /a, then /a/b, ...
  levels = [for depth in range(1, 7) : toset([
    for segments in values(local.segments) : "/${join("/", slice(segments, 0, depth))}" if length(segments) >= depth
  ])]

  paths = setunion(local.levels...)

  # Path => what it is below, and what is below that: /a/b => /a and b.
  parents = { for path in local.paths : path => replace(path, "/[/][^/]*$/", "") }
  parts   = { for path in local.paths : path => regex("[^/]+$", path) }

  # Path => id of its resource.
  resource_ids = merge(
    { "/" = aws_api_gateway_rest_api.this.root_resource_id },
    [for level in [
      aws_api_gateway_resource.level_1,
      aws_api_gateway_resource.level_2,
      aws_api_gateway_resource.level_3,
      aws_api_gateway_resource.level_4,
      aws_api_gateway_resource.level_5,
      aws_api_gateway_resource.level_6,
    ] : { for path, resource in level : path => resource.id }]...
  )

  # API Gateway takes one variable part below a resource: /a/{x} and /a/{y} can't both be.
  variable_parts = { for path in local.paths : local.parents[path] => path... if startswith(local.parts[path], "{") }
}

resource "aws_api_gateway_resource" "level_1" {
  for_each = local.levels[0]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = local.parts[each.key]

  lifecycle {
    precondition {
      condition     = alltrue([for paths in values(local.variable_parts) : length(paths) == 1])
      error_message = "methods: ${join("; ", [for paths in values(local.variable_parts) : join(" and ", paths) if length(paths) > 1])} differ in the name of one parameter, and API Gateway takes one name in one place. Give it the same name in all."
    }
  }
}

resource "aws_api_gateway_resource" "level_2" {
  for_each = local.levels[1]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_1[local.parents[each.key]].id
  path_part   = local.parts[each.key]
}

resource "aws_api_gateway_resource" "level_3" {
  for_each = local.levels[2]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_2[local.parents[each.key]].id
  path_part   = local.parts[each.key]
}

resource "aws_api_gateway_resource" "level_4" {
  for_each = local.levels[3]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_3[local.parents[each.key]].id
  path_part   = local.parts[each.key]
}

resource "aws_api_gateway_resource" "level_5" {
  for_each = local.levels[4]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_4[local.parents[each.key]].id
  path_part   = local.parts[each.key]
}

resource "aws_api_gateway_resource" "level_6" {
  for_each = local.levels[5]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_5[local.parents[each.key]].id
  path_part   = local.parts[each.key]
}
