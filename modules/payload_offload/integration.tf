# How a method of API Gateway calls the function, as modules/rest_api and modules/invoke_role take it.

data "aws_partition" "current" {}

locals {
  uri = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.id}:lambda:path/2015-03-31/functions/${aws_lambda_function.this.arn}/invocations"

  responses = {
    # The default one: the function always returns, and its answer has the status.
    "200" = {
      response_templates = { "application/json" = trimspace(file("${path.module}/templates/answer.vtl")) }
      selection_pattern  = null
    }
    # Matches what a function that failed says of it, with line ends: a dot does not match them.
    "502" = {
      response_templates = { "application/json" = file("${path.module}/templates/crashed.vtl") }
      selection_pattern  = "(\\n|.)+"
    }
  }

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
