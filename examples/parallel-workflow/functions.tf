data "aws_partition" "current" {}

locals {
  # Function => its package, and its environment.
  functions = {
    start    = { package = "start.zip", environment = {} }
    wait3000 = { package = "wait.zip", environment = { WAIT_MILLISECONDS = "3000" } }
    wait500  = { package = "wait.zip", environment = { WAIT_MILLISECONDS = "500" } }
    end      = { package = "end.zip", environment = {} }
  }
}

# Each with a role of its own, which may write its own log and nothing else.
module "function" {
  source   = "../../modules/lambda_function"
  for_each = local.functions

  name        = "${var.name}-${each.key}"
  description = "A step of the parallel workflow"
  environment = each.value.environment
  package     = "${path.module}/${each.value.package}"
}
