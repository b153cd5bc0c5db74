# Every action, input, name rule and target that the contract's tables speak of, behind one API.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "contract"
}

locals {
  # The tests make the queue: Terraform waits for one for half a minute.
  queue_name = "${var.name}-approvals"
  queue_arn = join(":", [
    "arn", data.aws_partition.current.partition, "sqs", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, local.queue_name,
  ])

  definitions = {
    echo = { StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }
    slow = { StartAt = "Wait", States = { Wait = { Type = "Wait", Seconds = 300, End = true } } }
    # Puts the token of its task into the queue that its input names, and waits until somebody answers it.
    approval = { StartAt = "Ask", States = { Ask = {
      Type           = "Task"
      Resource       = "arn:${data.aws_partition.current.partition}:states:::sqs:sendMessage.waitForTaskToken"
      TimeoutSeconds = 120
      Parameters = {
        "QueueUrl.$" = "$.queue"
        MessageBody  = { "execution.$" = "$$.Execution.Id", "token.$" = "$$.Task.Token" }
      }
      End = true
    } } }
    failing = { StartAt = "Fail", States = { Fail = {
      Type  = "Fail"
      Error = "Kitchen.Closed"
      Cause = "It's \"closed\"\nuntil 9"
    } } }
  }
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

module "machine" {
  source   = "../../../../modules/state_machine"
  for_each = toset(["slow", "failing", "unnamed", "approval"])

  name       = "${var.name}-${each.key}"
  definition = each.key == "unnamed" ? jsonencode(local.definitions.echo) : jsonencode(local.definitions[each.key])

  policy_statements = each.key == "approval" ? [{
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]
  }] : []
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  state_machine = { definition = jsonencode(local.definitions.echo) }

  routes = merge(var.engine == "openapi" ? { "POST /a/b/c/d/e/f/g/{h}" = {} } : {}, {
    "POST /execution"          = {}
    "GET /execution/{name}"    = { action = "DescribeExecution" }
    "DELETE /execution/{name}" = { action = "StopExecution" }
    "POST /generated"          = { execution_name = "generated" }
    "POST /named"              = { execution_name = "$.order.id" }
    "POST /named/from/list"    = { execution_name = "$.orders[0].id" }
    "POST /none"               = { input = "none" }
    "POST /passthrough"        = { input = "passthrough" }
    "POST /a/b/c/d/e/f"        = {}
    "GET /a/{one}/c/{name}"    = { action = "DescribeExecution" }
    "POST /failing"            = { state_machine_arn = module.machine["failing"].arn }
    "POST /failing/{name}/redrive" = {
      action            = "RedriveExecution"
      state_machine_arn = module.machine["failing"].arn
    }
    "POST /slow"          = { state_machine_arn = module.machine["slow"].arn }
    "GET /slow/{name}"    = { state_machine_arn = module.machine["slow"].arn, action = "DescribeExecution" }
    "DELETE /slow/{name}" = { state_machine_arn = module.machine["slow"].arn, action = "StopExecution" }
    "POST /slow/named"    = { state_machine_arn = module.machine["slow"].arn, execution_name = "$.id" }
    "POST /idempotent"    = { state_machine_arn = module.machine["slow"].arn, execution_name = "idempotency_key" }
    "POST /form"          = { form = true }
    "POST /form/named"    = { form = true, execution_name = "$.id" }
    "POST /envelope/{tenant}" = {
      input = "request"
      request = {
        context = ["requestId", "stage", "identity.sourceIp", "identity.userAgent", "httpMethod"]
        headers = ["X-Tenant", "x-trace"]
      }
    }
    "POST /envelope/form/{tenant}"  = { input = "request", form = true }
    "GET /executions"               = { action = "ListExecutions" }
    "GET /execution/{name}/history" = { action = "GetExecutionHistory" }
    "POST /approval"                = { state_machine_arn = module.machine["approval"].arn }
    "POST /task/success"            = { action = "SendTaskSuccess" }
    "POST /task/failure"            = { action = "SendTaskFailure" }
    "POST /task/heartbeat"          = { action = "SendTaskHeartbeat" }
    "PUT /own-template"             = { request_templates = { "text/plain" = local.own_template } }
    "POST /unnamed-state-machine"   = { input = "passthrough", state_machine_arn = module.machine["unnamed"].arn }
  })

  stages = {
    alpha     = {}
    throttled = { throttling = { rate_limit = 1, burst_limit = 1 } }
  }
}

locals {
  own_template = <<-EOT
    {
      "input": "{\"text\": \"$util.escapeJavaScript($input.body).replaceAll("\\'", "'")\"}",
      "stateMachineArn": "${module.machine["unnamed"].arn}"
    }
  EOT
}

output "curl_commands" {
  value = module.api.curl_commands
}

output "approvals_queue_name" {
  value = local.queue_name
}

output "invoke_role_name" {
  value = module.api.invoke_role_name
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}

output "state_machine_arn" {
  value = module.api.state_machine_arn
}

output "state_machine_arns" {
  value = { for name, machine in module.machine : name => machine.arn }
}

output "openapi_document" {
  value = module.api.openapi_document
}

output "openapi_document_extended" {
  value = module.api.openapi_document_extended
}
