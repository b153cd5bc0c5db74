module "location" {
  source = "./modules/location"
}

locals {
  # Made of the name where the module makes the state machine. The deployment is created before it is destroyed, and so
  # would be all that it refers to, which a state machine of the same name can't be. The stages wait for it.
  state_machine_arn = var.state_machine.definition == null ? var.state_machine.arn : module.state_machine[0].planned_arn

  names = {
    api           = coalesce(var.names.api, var.name)
    state_machine = coalesce(var.names.state_machine, var.name)
    # Role names are global to an account: with the region in it, the same name can be used in each region.
    invoke_role        = coalesce(var.names.invoke_role, "${var.name}-invoke-${module.location.region}")
    state_machine_role = coalesce(var.names.state_machine_role, "${var.name}-states-${module.location.region}")
  }
}

module "state_machine" {
  source = "./modules/state_machine"
  # Asked of the definition, because the ARN of a state machine that is made in the same run is not known to the plan.
  count = var.state_machine.definition != null ? 1 : 0

  definition           = var.state_machine.definition
  logging              = var.state_machine.logging
  name                 = local.names.state_machine
  permissions_boundary = var.permissions_boundary
  policy_statements    = var.state_machine.policy_statements
  role_name            = local.names.state_machine_role
  tags                 = var.tags
  tracing_enabled      = var.state_machine.tracing_enabled
  type                 = var.state_machine.type
}

module "integrations" {
  source = "./modules/integrations"

  authorizers              = var.authorizers
  cors                     = var.cors
  routes                   = var.routes
  stage_state_machine_arns = { for name, stage in var.stages : name => stage.state_machine_arn }
  state_machine_arn        = local.state_machine_arn
  state_machine_type       = var.state_machine.type

  functions = merge(
    { for key in local.waits : key => {
      function_arn = module.execution_waiter[0].function_arn
      responses    = module.execution_waiter[0].responses
      uri          = module.execution_waiter[0].uri
    } },
    { for key, offload in module.payload_offload : key => {
      function_arn      = offload.function_arn
      request_templates = offload.request_templates
      responses         = offload.responses
      uri               = offload.uri
    } },
  )
}

module "invoke_role" {
  source = "./modules/invoke_role"

  name                 = local.names.invoke_role
  permissions          = module.integrations.permissions
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

locals {
  stages = { for name, stage in var.stages : name => merge(stage, {
    variables = merge(stage.variables, module.integrations.stage_variables[name])
  }) }
}

# One of these two makes the API; both are given the same.
module "rest_api" {
  source = "./modules/rest_api"
  count  = var.engine == "resources" ? 1 : 0

  authorizers       = module.integrations.authorizers
  credentials       = module.invoke_role.arn
  description       = var.description
  endpoint_type     = var.endpoint_type
  gateway_responses = module.integrations.gateway_responses
  methods           = module.integrations.methods
  name              = local.names.api
  stages            = local.stages
  tags              = var.tags
  wait_for          = module.state_machine
}

module "openapi_api" {
  source = "./modules/openapi_api"
  count  = var.engine == "openapi" ? 1 : 0

  authorizers       = module.integrations.authorizers
  credentials       = module.invoke_role.arn
  description       = var.description
  endpoint_type     = var.endpoint_type
  gateway_responses = module.integrations.gateway_responses
  methods           = module.integrations.methods
  name              = local.names.api
  stages            = local.stages
  tags              = var.tags
  wait_for          = module.state_machine
}

locals {
  api = one(concat(module.rest_api, module.openapi_api))
}
