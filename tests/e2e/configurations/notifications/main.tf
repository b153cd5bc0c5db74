# State machines whose executions can be watched, and an instance of the module for each authorization.

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
  authorization      = "NONE"
  allowed_origins    = ["https://orders.example.com"]
  state_machine_arns = [for name, machine in module.machine : machine.arn if name != "foreign"]
}

module "signed" {
  source = "../../../../modules/notifications"

  name               = "${var.name}-signed"
  state_machine_arns = [module.machine["foreign"].arn]
  throttling         = { burst_limit = 20, rate_limit = 10 }
}

module "guarded" {
  source = "../../../../modules/notifications"

  name               = "${var.name}-guarded"
  authorization      = "CUSTOM"
  state_machine_arns = [module.machine["echo"].arn]

  authorizer = {
    function_arn     = aws_lambda_function.authorize.arn
    identity_sources = ["route.request.querystring.token"]
  }
}

resource "aws_lambda_function" "authorize" {
  function_name    = "${var.name}-authorize"
  role             = aws_iam_role.authorize.arn
  runtime          = "python3.13"
  handler          = "authorize.handler"
  filename         = "${path.module}/authorize.zip"
  source_code_hash = filebase64sha256("${path.module}/authorize.zip")
}

resource "aws_iam_role" "authorize" {
  name = "${var.name}-authorize"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

output "guarded_url" {
  value = module.guarded.url
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
