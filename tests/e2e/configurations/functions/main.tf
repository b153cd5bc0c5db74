# Routes behind which a Lambda function waits for the execution, or stores what it is sent.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "functions"
}

locals {
  # The input says how the execution ends.
  definition = {
    StartAt = "Pick"
    States = {
      Pick = {
        Type    = "Choice"
        Default = "Echo"
        Choices = [
          { Variable = "$.fail", IsPresent = true, Next = "Fail" },
          { Variable = "$.seconds", IsPresent = true, Next = "Wait" },
        ]
      }
      Echo = { Type = "Pass", End = true }
      Fail = { Type = "Fail", ErrorPath = "$.fail.error", CausePath = "$.fail.cause" }
      Wait = { Type = "Wait", SecondsPath = "$.seconds", End = true }
    }
  }

  echo = { StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }
}

module "echo" {
  source   = "../../../../modules/state_machine"
  for_each = toset(["default", "beta"])

  name       = "${var.name}-${each.key}"
  definition = jsonencode(local.echo)
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  cors          = { origins = ["https://one.example.com", "https://two.example.com"] }
  state_machine = { definition = jsonencode(local.definition) }

  routes = {
    "GET /execution/{name}"               = { action = "DescribeExecution" }
    "POST /wait"                          = { wait = true }
    "POST /wait/briefly"                  = { wait = true, timeout_milliseconds = 6000 }
    "POST /tenants/{tenant}/wait"         = { wait = true, input = "request" }
    "POST /tenants/{tenant}/wait/briefly" = { wait = true, timeout_milliseconds = 6000 }
    "POST /wait/named"                    = { wait = true, execution_name = "$.id", form = true }
    "POST /offload" = {
      execution_name    = "idempotency_key"
      offload           = { force_destroy = true, inline_max_bytes = 1000 }
      state_machine_arn = module.echo["default"].arn
    }
  }
}

# The same routes, with a stage that has a state machine of its own.
module "staged" {
  source = "../../../../"

  engine        = var.engine
  name          = "${var.name}-staged"
  state_machine = { arn = module.echo["default"].arn }
  stages        = { alpha = {}, beta = { state_machine_arn = module.echo["beta"].arn } }

  routes = {
    "POST /wait"    = { wait = true }
    "POST /offload" = { execution_name = "$.id", offload = { expire_after_days = 1, force_destroy = true } }
  }
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = merge(module.api.invoke_urls, { for stage, url in module.staged.invoke_urls : "staged-${stage}" => url })
}

output "payloads" {
  value = module.api.payloads
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}

output "state_machine_arns" {
  value = { for key, machine in module.echo : key => machine.arn }
}
