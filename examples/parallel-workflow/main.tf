# Four Lambda functions behind POST /execute: Start, then Wait3000 and Wait500 at the same time, then End.
module "api" {
  source = "../../"

  name = var.name

  # A page in development.
  cors = { origins = ["http://localhost:3000"] }

  state_machine = {
    definition = templatefile("${path.module}/workflow.asl.json", {
      # By name, which the plan knows, unlike an ARN: Terraform 1.5 needs a definition that is known then.
      functions = { for key, function in module.function : key => function.function_name }
      partition = data.aws_partition.current.partition
      retry     = jsonencode(local.retry)
    })

    policy_statements = [{
      sid       = "InvokeFunctions"
      actions   = ["lambda:InvokeFunction"]
      resources = [for function in module.function : function.function_arn]
    }]
  }

  routes = {
    "POST /execute" = {
      body_schema = jsonencode({
        type       = "object"
        required   = ["order"]
        properties = { order = { type = "integer", minimum = 1 }, note = { type = "string" } }
        example    = { order = 7, note = "for the window table" }
      })
    }
  }
}

locals {
  # Errors of Lambda that pass, as AWS recommends for every task that invokes a function.
  retry = [{
    ErrorEquals     = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"]
    IntervalSeconds = 1
    MaxAttempts     = 3
    BackoffRate     = 2
  }]
}
