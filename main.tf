module "location" {
  source = "./modules/location"
}

locals {
  # Made of the name where the module makes the state machine. The deployment is created before it is destroyed, and so
  # would be all that it refers to, which a state machine of the same name cannot be. The stages wait for the
  # state machine itself.
  state_machine_arn = (
    module.settings.state_machine.definition == null
    ? module.settings.state_machine.arn
    : module.state_machine[0].planned_arn
  )

  names = {
    api           = coalesce(module.settings.names.api, var.name)
    state_machine = coalesce(module.settings.names.state_machine, var.name)
    # Role names are global to an account: with the region in it, the same name can be used in each region.
    invoke_role = coalesce(module.settings.names.invoke_role, "${var.name}-invoke-${module.location.region}")
    state_machine_role = coalesce(
      module.settings.names.state_machine_role, "${var.name}-states-${module.location.region}"
    )
  }
}

# The settings as they are used: each with its type, and with every default filled in.
module "settings" {
  source = "./modules/settings"

  functions     = var.functions
  names         = var.names
  stages        = var.stages
  state_machine = var.state_machine

  given = {
    functions     = var.functions
    names         = var.names
    stages        = var.stages
    state_machine = var.state_machine
  }
}

module "state_machine" {
  source = "./modules/state_machine"
  # Asked of the definition, because the ARN of a state machine that is made in the same run is not known to the plan.
  count = module.settings.state_machine.definition != null ? 1 : 0

  definition           = module.settings.state_machine.definition
  logging              = module.settings.state_machine.logging
  name                 = local.names.state_machine
  permissions_boundary = var.permissions_boundary
  policy_statements    = module.settings.state_machine.policy_statements
  role_name            = local.names.state_machine_role
  tags                 = var.tags
  tracing_enabled      = module.settings.state_machine.tracing_enabled
  type                 = module.settings.state_machine.type
}

module "integrations" {
  source = "./modules/integrations"

  authorizers              = var.authorizers
  cors                     = var.cors
  endpoint_type            = var.endpoint_type
  routes                   = var.routes
  stage_state_machine_arns = { for name, stage in module.settings.stages : name => stage.state_machine_arn }
  state_machine_arn        = local.state_machine_arn
  state_machine_type       = module.settings.state_machine.type

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
  stages = { for name, stage in module.settings.stages : name => merge(stage, {
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
