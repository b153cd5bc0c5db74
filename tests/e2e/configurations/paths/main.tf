# The module with whatever settings it is given, and what those may refer to: state machines, a function and a user pool
# that decide about callers, a log group, a boundary. All of that stays the same while the settings change.

variable "settings" {
  description = <<-EOT
    Settings of the module by their names. Where one takes an ARN, it may name one of `local.arns` instead.
  EOT
  type        = any
  default     = {}
}

locals {
  # What is beside the module has names that no setting has.
  beside = "beside"

  echo = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })

  machines = { standard = "STANDARD", second = "STANDARD", express = "EXPRESS", swift = "EXPRESS" }

  arns = merge(
    { for name, machine in aws_sfn_state_machine.this : name => machine.arn },
    # Longer names of state machines that are not there, for a policy that is long.
    { for number in range(100, 160) : "missing-${number}" => join(":", [
      "arn", data.aws_partition.current.partition, "states", data.aws_region.current.id,
      data.aws_caller_identity.current.account_id, "stateMachine", "${number}-${join("", [for _ in range(76) : "x"])}",
    ]) },
    {
      authorizer = aws_lambda_function.authorizer.arn
      boundary   = aws_iam_policy.boundary.arn
      log_group  = aws_cloudwatch_log_group.access.arn
      user_pool  = aws_cognito_user_pool.this.arn
    },
  )

  # No try() around what is known after the apply: its result would have no attributes known to the plan.
  authorizers = { for name, authorizer in try(var.settings.authorizers, {}) : name => merge(
    authorizer,
    { for each in ["function_arn"] : each => local.arns[authorizer[each]] if contains(keys(authorizer), each) },
    { for each in ["user_pool_arns"] : each => [for pool in authorizer[each] : local.arns[pool]]
    if contains(keys(authorizer), each) },
  ) }

  routes = { for key, route in try(var.settings.routes, { "POST /execution" = {} }) : key => merge(
    route,
    { for each in ["state_machine_arn"] : each => local.arns[route[each]] if contains(keys(route), each) },
    { for each in ["request_templates"] : each => {
      for type, template in route[each] : type => replace(template, "@standard", local.arns.standard)
    } if contains(keys(route), each) },
  ) }

  stages = { for name, stage in try(var.settings.stages, { alpha = {} }) : name => merge(
    stage,
    { for each in ["state_machine_arn"] : each => local.arns[stage[each]] if contains(keys(stage), each) },
    { for each in ["access_log"] : each => merge(stage[each], {
      destination_arn = local.arns[stage[each].destination_arn]
    }) if contains(keys(stage), each) },
  ) }

  state_machine_settings = try(var.settings.state_machine, { definition = local.echo })

  state_machine = merge(
    local.state_machine_settings,
    { for each in ["arn"] : each => local.arns[local.state_machine_settings[each]]
    if contains(keys(local.state_machine_settings), each) },
  )

  boundary = try(var.settings.permissions_boundary, null)
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

module "api" {
  source = "../../../../"

  authorizers          = local.authorizers
  cors                 = try(var.settings.cors, null)
  description          = try(var.settings.description, null)
  endpoint_type        = try(var.settings.endpoint_type, null)
  engine               = try(var.settings.engine, null)
  functions            = try(var.settings.functions, null)
  name                 = try(var.settings.name, "paths")
  names                = try(var.settings.names, null)
  permissions_boundary = local.boundary == null ? null : local.arns[local.boundary]
  routes               = local.routes
  stages               = local.stages
  state_machine        = local.state_machine
  tags                 = try(var.settings.tags, null)
}

resource "aws_sfn_state_machine" "this" {
  for_each = local.machines

  name       = "${local.beside}-${each.key}"
  definition = local.echo
  role_arn   = aws_iam_role.this["states"].arn
  type       = each.value
}

# A role for each service that works here.
resource "aws_iam_role" "this" {
  for_each = toset(["lambda", "states"])

  name = "${local.beside}-${each.key}-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${each.key}.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "authorizer" {
  function_name    = "${local.beside}-authorizer"
  role             = aws_iam_role.this["lambda"].arn
  runtime          = "python3.13"
  handler          = "authorize.handler"
  filename         = "${path.module}/authorize.zip"
  source_code_hash = filebase64sha256("${path.module}/authorize.zip")
}

resource "aws_cognito_user_pool" "this" {
  name = local.beside
}

resource "aws_cognito_user_pool_client" "this" {
  name                = local.beside
  user_pool_id        = aws_cognito_user_pool.this.id
  explicit_auth_flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/${local.beside}/access"
  retention_in_days = 7
}

resource "aws_iam_policy" "boundary" {
  name = "${local.beside}-boundary"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

# Who signs requests. The tests make its key, and take it away.
resource "aws_iam_user" "caller" {
  name = "${local.beside}-caller"
}

resource "aws_iam_user_policy" "caller" {
  name = "call"
  user = aws_iam_user.caller.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "execute-api:Invoke", Resource = "*" }]
  })
}

output "arns" {
  value = { for name, arn in local.arns : name => arn if !startswith(name, "missing-") }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}

output "user_name" {
  value = aws_iam_user.caller.name
}

output "user_pool" {
  value = { client_id = aws_cognito_user_pool_client.this.id, id = aws_cognito_user_pool.this.id }
}
