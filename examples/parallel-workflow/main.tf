# Four Lambda functions behind POST /execute: Start, then Wait3000 and Wait500 at the same time, then End.
module "api" {
  source = "../../"

  name = var.name

  state_machine = {
    definition = templatefile("${path.module}/workflow.asl.json", {
      # By name, which the plan knows, unlike an ARN: Terraform 1.5 needs a definition that is known then.
      functions = { for key, function in aws_lambda_function.this : key => function.function_name }
      partition = data.aws_partition.current.partition
      retry     = jsonencode(local.retry)
    })

    policy_statements = [{
      sid       = "InvokeFunctions"
      actions   = ["lambda:InvokeFunction"]
      resources = [for function in aws_lambda_function.this : function.arn]
    }]
  }

  routes = {
    "POST /execute" = {}
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
