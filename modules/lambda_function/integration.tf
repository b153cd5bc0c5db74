# How a method of API Gateway calls the function, as modules/rest_api and modules/invoke_role take it.

locals {
  uri = join("", [
    "arn:${module.location.partition}:apigateway:${module.location.region}",
    ":lambda:path/2015-03-31/functions/${aws_lambda_function.this.arn}/invocations",
  ])

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
}
