module "location" {
  source = "../location"
}

locals {
  # Once a stage has a state machine of its own, one deployment serves several: the templates ask the stage.
  by_stage = anytrue([for arn in values(var.stage_state_machine_arns) : arn != null])

  stage_targets = { for stage, arn in var.stage_state_machine_arns : stage => coalesce(arn, var.state_machine_arn) }

  # What each route calls: the text of an ARN for its templates, and the ARNs for the role.
  targets = { for key, route in var.routes : key => {
    arns     = route.state_machine_arn == null ? distinct(values(local.stage_targets)) : [route.state_machine_arn]
    template = route.state_machine_arn != null ? route.state_machine_arn : local.by_stage ? "$stageVariables.stateMachineArn" : var.state_machine_arn
    type     = route.state_machine_type != null ? route.state_machine_type : var.state_machine_type
  } }

  # What starts an execution has an input and a name; the rest asks for one that is there.
  starts = { for key, route in var.routes : key => merge(route, {
    execution_name = route.input == "passthrough" ? null : coalesce(route.execution_name, "request_id")
    input          = coalesce(route.input, "body")
  }) if startswith(route.action, "Start") }

  route_integrations = { for key, route in var.routes : key => {
    authorization = local.authorizations[key]
    integration = {
      request_templates    = route.request_templates != null ? route.request_templates : try(coalesce(var.functions[key].request_templates), local.request_templates[key])
      timeout_milliseconds = route.timeout_milliseconds
      type                 = "AWS"
      uri = try(
        var.functions[key].uri,
        "arn:${module.location.partition}:apigateway:${module.location.region}:states:action/${route.action}",
      )
    }
    request   = local.requests[key]
    responses = try(local.function_responses[key], local.responses[key])
  } }
}
