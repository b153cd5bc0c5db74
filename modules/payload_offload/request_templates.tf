locals {
  # Lambda's limit of an event, and more than its members beside body and name take, with the longest ARN there is.
  event_limit   = 6291456
  other_members = 1024

  # Once stages have state machines of their own, the templates ask the stage.
  state_machine_arn = coalesce(
    var.state_machine_reference,
    length(var.state_machine_arns) == 1 ? var.state_machine_arns[0] : "$stageVariables.stateMachineArn",
  )

  name_template = var.name_template != null ? var.name_template : templatefile("${path.module}/templates/name.vtl", {
    execution_name = var.execution_name
  })

  request_templates = { for content_type in var.content_types : content_type => templatefile(
    "${path.module}/templates/request.vtl", {
      content_type      = content_type
      limit             = local.event_limit
      name              = local.name_template
      other_members     = local.other_members
      state_machine_arn = local.state_machine_arn
    }
  ) }
}
