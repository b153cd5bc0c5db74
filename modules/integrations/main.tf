module "location" {
  source = "../location"
}

module "settings" {
  source = "../settings"

  authorizers = var.authorizers
  cors        = var.cors
  routes      = var.routes

  given = { authorizers = var.authorizers, cors = var.cors, routes = var.routes }
}

locals {
  # The routes that everything below is made of. A value that checks_routes.tf refuses is a default here, so that nothing
  # fails over it before its error is shown.
  routes = { for key, route in module.settings.routes : key => merge(route, {
    action        = local.checked_routes[key].action_known ? route.action : "StartExecution"
    authorization = local.checked_routes[key].authorization
    http_method   = split(" ", key)[0]
    path          = element(split(" ", key), 1)
  }) }

  # Once a stage has a state machine of its own, one deployment serves several: the templates ask the stage.
  by_stage = anytrue([for arn in values(var.stage_state_machine_arns) : arn != null])

  stage_targets = { for stage, arn in var.stage_state_machine_arns : stage => coalesce(arn, var.state_machine_arn) }

  # The state machine that a template names when its route has none of its own.
  default_target = local.by_stage ? "$stageVariables.stateMachineArn" : var.state_machine_arn

  # What each route calls: the text of an ARN for its templates, and the ARNs for the role.
  targets = { for key, route in local.routes : key => {
    arns     = route.state_machine_arn == null ? distinct(values(local.stage_targets)) : [route.state_machine_arn]
    template = route.state_machine_arn == null ? local.default_target : route.state_machine_arn
    type     = route.state_machine_type == null ? var.state_machine_type : route.state_machine_type
  } }

  # Routes that start an execution, with defaults for the input and the name.
  starts = { for key, route in local.checked_routes : key => merge(route, {
    execution_name = route.input == "passthrough" ? null : route.name_known ? route.execution_name : "request_id"
    input          = route.input_known ? route.input : "body"
  }) if route.start }
}
