module "orders_api" {
  source = "../../"

  name          = "orders"
  state_machine = { definition = file("${path.module}/orders.asl.json") }

  routes = {
    "POST /execution"          = { authorization = "NONE" }
    "GET /execution/{name}"    = { action = "DescribeExecution", authorization = "NONE" }
    "DELETE /execution/{name}" = { action = "StopExecution", authorization = "NONE" }
  }
}

output "curl_commands" {
  description = "Stage => route => a curl command that calls it."
  value       = module.orders_api.curl_commands
}

output "invoke_urls" {
  description = "Stage => its URL."
  value       = module.orders_api.invoke_urls
}
