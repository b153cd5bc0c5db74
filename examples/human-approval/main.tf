# An order that waits for a person: the question goes into a queue, the answer comes back through the API.
module "api" {
  source = "../../"

  name = var.name

  state_machine = {
    definition = templatefile("${path.module}/approval.asl.json", {
      partition = data.aws_partition.current.partition
      patience  = var.patience
      queue_url = local.queue_url
    })

    policy_statements = [{
      sid       = "AskForApproval"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.approvals.arn]
    }]
  }

  routes = {
    "POST /orders"              = { authorization = "NONE", execution_name = "$.id" }
    "GET /orders/{name}"        = { action = "DescribeExecution", authorization = "NONE" }
    "POST /approvals/approve"   = { action = "SendTaskSuccess", authorization = "NONE" }
    "POST /approvals/reject"    = { action = "SendTaskFailure", authorization = "NONE" }
    "POST /approvals/heartbeat" = { action = "SendTaskHeartbeat", authorization = "NONE" }
  }
}

# Questions that wait for an answer. Everybody who may receive one decides.
resource "aws_sqs_queue" "approvals" {
  name = "${var.name}-approvals"
  # A question is worth nothing once its order has stopped waiting.
  message_retention_seconds = var.patience.timeout_seconds
  # A person who takes a question has it alone for as long as the order waits without a sign. SQS allows twelve hours.
  visibility_timeout_seconds = min(var.patience.heartbeat_seconds, 43200)
  sqs_managed_sse_enabled    = true
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # As the queue's own `url`, but known to the plan: Terraform 1.5 needs a definition that is known then.
  queue_url = join("/", [
    "https://sqs.${data.aws_region.current.id}.${data.aws_partition.current.dns_suffix}",
    data.aws_caller_identity.current.account_id,
    aws_sqs_queue.approvals.name,
  ])
}
