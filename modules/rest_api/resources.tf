# The resource tree. Terraform can't nest the instances of one resource block in each other, so each level has its own.

locals {
  # At each level: place => the last part of its path.
  levels = [for depth in range(1, 7) : {
    for place, path in module.methods.places : place => regex("[^/]+$", path) if length(split("/", place)) == depth + 1
  }]

  # Place => the place that it is below.
  parents = { for place in keys(module.methods.places) : place => replace(place, "/[/][^/]*$/", "") }

  # Place => id of its resource.
  resource_ids = merge(
    { "/" = aws_api_gateway_rest_api.this.root_resource_id },
    [for level in [
      aws_api_gateway_resource.level_1,
      aws_api_gateway_resource.level_2,
      aws_api_gateway_resource.level_3,
      aws_api_gateway_resource.level_4,
      aws_api_gateway_resource.level_5,
      aws_api_gateway_resource.level_6,
    ] : { for place, resource in level : place => resource.id }]...
  )
}

resource "aws_api_gateway_resource" "level_1" {
  for_each = local.levels[0]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = each.value
}

resource "aws_api_gateway_resource" "level_2" {
  for_each = local.levels[1]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_1[local.parents[each.key]].id
  path_part   = each.value
}

resource "aws_api_gateway_resource" "level_3" {
  for_each = local.levels[2]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_2[local.parents[each.key]].id
  path_part   = each.value
}

resource "aws_api_gateway_resource" "level_4" {
  for_each = local.levels[3]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_3[local.parents[each.key]].id
  path_part   = each.value
}

resource "aws_api_gateway_resource" "level_5" {
  for_each = local.levels[4]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_4[local.parents[each.key]].id
  path_part   = each.value
}

resource "aws_api_gateway_resource" "level_6" {
  for_each = local.levels[5]

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_5[local.parents[each.key]].id
  path_part   = each.value
}
