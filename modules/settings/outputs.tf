output "authorizers" {
  description = "Name => authorizer, with every default filled in."
  value       = { for name, authorizer in var.authorizers : name => authorizer if authorizer != null }
}

output "checked" {
  description = "True: a plan with a setting that does not exist, or with the ARN of something else, is refused here."
  value       = true

  precondition {
    condition     = length(local.misspelt) == 0
    error_message = join("\n", local.misspelt)
  }

  precondition {
    condition     = length(local.empty) == 0
    error_message = "${join(", ", local.empty)} is null. Write {} for every default, or leave it out."
  }

  precondition {
    condition     = length(local.broken_arns.routes) == 0
    error_message = local.wrong_arns.routes
  }

  precondition {
    condition     = length(local.broken_arns.stages) == 0
    error_message = local.wrong_arns.stages
  }

  precondition {
    condition     = length(local.broken_arns.state_machine) == 0
    error_message = local.wrong_arns.state_machine
  }

  precondition {
    condition     = length(local.own_variables) == 0
    error_message = <<-EOT
      stages: ${join(", ", local.own_variables)}: the stage variable stateMachineArn is the module's own.
      Write state_machine_arn = ... on the stage instead.
    EOT
  }

  precondition {
    condition     = length(local.broken_types) == 0
    error_message = "${join(", ", local.broken_types)}. Write \"STANDARD\" or \"EXPRESS\"."
  }
}

output "cors" {
  description = "Which pages may call the API, with every default filled in; null for none."
  value       = var.cors
}

output "functions" {
  description = "Settings of the Lambda functions, with every default filled in."
  value       = var.functions
}

output "names" {
  description = "Names in place of the ones made from the module's `name`, null where there is none."
  value       = var.names
}

output "routes" {
  description = "Route => its settings, with every default filled in."
  value       = local.routes
}

output "stages" {
  description = "Stage => its settings, with every default filled in."
  value       = local.stages
}

output "state_machine" {
  description = "The workflow's settings, with every default filled in."
  value       = var.state_machine

  precondition {
    condition     = length(local.broken_state_machine.source) == 0
    error_message = <<-EOT
      state_machine needs definition, from which the module makes it, or arn, of one that exists, and not both.
      Write for example { definition = file("workflow.asl.json") } or { arn = aws_sfn_state_machine.orders.arn }.
    EOT
  }

  precondition {
    condition     = length(local.broken_state_machine.type) == 0
    error_message = "${join("", local.broken_state_machine.type)}. Write \"STANDARD\" or \"EXPRESS\"."
  }
}
