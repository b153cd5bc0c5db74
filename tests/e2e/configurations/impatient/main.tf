# A route that waits for Step Functions no longer than half a second.
module "api" {
  source = "../../../../"

  name          = "impatient"
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }
  routes        = { "POST /execution" = { timeout_milliseconds = 500 } }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}
