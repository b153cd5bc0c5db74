# The waiter behind a small API, with a state machine that ends in each way.

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "waiter"
}

locals {
  definition = {
    StartAt = "Pick"
    States = {
      Pick = {
        Type    = "Choice"
        Default = "Echo"
        Choices = [
          { Variable = "$.fail", IsPresent = true, Next = "Fail" },
          { Variable = "$.fail_quietly", IsPresent = true, Next = "FailQuietly" },
          { Variable = "$.wait", IsPresent = true, Next = "Wait" },
        ]
      }
      Echo        = { Type = "Pass", End = true }
      Fail        = { Type = "Fail", ErrorPath = "$.fail.error", CausePath = "$.fail.cause" }
      FailQuietly = { Type = "Fail" }
      Wait        = { Type = "Wait", SecondsPath = "$.wait", End = true }
    }
  }

  # What the direct route of the root module sends, and the waiter's own members.
  request = <<-EOT
    #set($name = $input.params('name'))
    {
      "input": "$util.escapeJavaScript($input.body).replaceAll("\\'", "'")",
      #if("$!name" != "")"name": "$name",#end
      #if("$!input.params('wait')" != "")"waitMilliseconds": $input.params('wait'),#end
      "stateMachineArn": "%s",
      "location": "/$context.stage/execution/{name}",
      "requestId": "$context.requestId"
    }
  EOT

  methods = {
    "POST /orders"  = { uri = module.waiter.uri, machine = module.machine["standard"].arn }
    "POST /short"   = { uri = module.waiter.uri, machine = module.machine["short"].arn }
    "POST /express" = { uri = module.waiter.uri, machine = module.machine["express"].arn }
    "POST /foreign" = { uri = module.waiter.uri, machine = "${module.machine["standard"].arn}-foreign" }
  }
}

module "machine" {
  source   = "../../../../modules/state_machine"
  for_each = { standard = "STANDARD", short = "STANDARD", express = "EXPRESS" }

  name       = "${var.name}-${each.key}"
  definition = jsonencode(merge(local.definition, each.key == "short" ? { TimeoutSeconds = 1 } : {}))
  logging    = { level = "OFF" }
  type       = each.value
}

module "waiter" {
  source = "../../../../modules/execution_waiter"

  name               = "${var.name}-waiter"
  state_machine_arns = values(module.machine)[*].arn
  wait_seconds       = 3
}

module "invoke_role" {
  source = "../../../../modules/invoke_role"

  name        = "${var.name}-invoke"
  permissions = module.waiter.permissions
}

module "rest_api" {
  source = "../../../../modules/rest_api"

  name        = var.name
  credentials = module.invoke_role.arn
  stages      = { alpha = {} }

  methods = merge({ for key, method in local.methods : key => {
    integration = {
      uri               = method.uri
      request_templates = { "application/json" = format(local.request, method.machine) }
    }
    responses = module.waiter.responses
    } }, {
    # An event that the function fails on.
    "POST /crash" = {
      integration = {
        uri               = module.waiter.uri
        request_templates = { "application/json" = "[1]" }
      }
      responses = module.waiter.responses
    }
  })
}

output "function_arn" {
  value = module.waiter.function_arn
}

output "invoke_role_name" {
  value = module.invoke_role.name
}

output "invoke_urls" {
  value = module.rest_api.invoke_urls
}

output "log_group_name" {
  value = module.waiter.log_group_name
}

output "role_name" {
  value = module.waiter.role_name
}

output "state_machine_arns" {
  value = { for key, machine in module.machine : key => machine.arn }
}
