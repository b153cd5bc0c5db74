# An API of as many routes as are asked for: for each ten, two things to start, and all that can be asked of either.

variable "engine" {
  description = "How the API is made."
  type        = string
}

variable "routes" {
  description = "How many routes it has."
  type        = number
}

locals {
  kinds = [
    { key = "POST /%s", action = "StartExecution" },
    { key = "GET /%s/{name}", action = "DescribeExecution" },
    { key = "DELETE /%s/{name}", action = "StopExecution" },
    { key = "GET /%s", action = "ListExecutions" },
    { key = "GET /%s/{name}/history", action = "GetExecutionHistory" },
  ]
}

module "api" {
  source = "../../../"

  engine        = var.engine
  name          = "routes"
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  routes = { for index in range(var.routes) :
    format(local.kinds[index % 5].key, "things-${floor(index / 5)}") => { action = local.kinds[index % 5].action }
  }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}
