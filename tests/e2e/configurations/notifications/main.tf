# State machines whose executions can be watched, one whose cannot, and two instances of the module.

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "notified"
}

locals {
  definitions = {
    echo = { StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }
    slow = { StartAt = "Wait", States = { Wait = { Type = "Wait", Seconds = 300, End = true } } }
    # Ends when its input says so.
    timed = { StartAt = "Wait", States = { Wait = { Type = "Wait", SecondsPath = "$.seconds", End = true } } }
    failing = { StartAt = "Wait", States = {
      Wait = { Type = "Wait", Seconds = 1, Next = "Fail" }
      Fail = { Type = "Fail", Error = "Kitchen.Closed", Cause = "It's \"closed\"\nuntil 9 é" }
    } }
    late = { StartAt = "Wait", TimeoutSeconds = 1, States = { Wait = { Type = "Wait", Seconds = 300, End = true } } }
    # Its executions can be watched through the other instance only.
    foreign = { StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }
  }
}

module "machine" {
  source   = "../../../../modules/state_machine"
  for_each = local.definitions

  name       = "${var.name}-${each.key}"
  definition = jsonencode(each.value)
}

module "notifications" {
  source = "../../../../modules/notifications"

  name               = var.name
  state_machine_arns = [for name, machine in module.machine : machine.arn if name != "foreign"]
}

module "signed" {
  source = "../../../../modules/notifications"

  name               = "${var.name}-signed"
  authorization      = "AWS_IAM"
  state_machine_arns = [module.machine["foreign"].arn]
  throttling         = { burst_limit = 20, rate_limit = 10 }
}

output "notifications" {
  value = module.notifications
}

output "signed_url" {
  value = module.signed.url
}

output "state_machine_arns" {
  value = { for name, machine in module.machine : name => machine.arn }
}
