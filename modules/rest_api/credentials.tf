# A stage variable names the role, in the form that AWS documents for "AWS integration credentials":
# https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
# The provider replaces an integration whose credentials change, new one first; but a method has one integration, so
# the destruction of the old one would take the new one away. A stage variable changes in place.

locals {
  role_variable = "invokeRole"

  account     = "arn:${module.location.partition}:iam::${module.location.account}"
  credentials = "${local.account}:$${stageVariables.${local.role_variable}}"

  stages = { for name, stage in var.stages : name => merge(stage, {
    # arn:aws:iam::123456789012:role/orders-invoke => role/orders-invoke
    variables = merge(try(stage.variables, {}), { (local.role_variable) = regex("[^:]*$", var.credentials) })
  }) }
}
