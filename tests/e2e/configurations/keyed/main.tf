# A route that needs an API key, and a usage plan that hangs on the API.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "keyed"
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  routes        = { "POST /execution" = { api_key_required = true } }
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }
}

resource "aws_api_gateway_api_key" "caller" {
  name = var.name
}

resource "aws_api_gateway_usage_plan" "caller" {
  name = var.name

  api_stages {
    api_id = module.api.rest_api_id
    stage  = module.api.stage_names["alpha"]
  }
}

resource "aws_api_gateway_usage_plan_key" "caller" {
  key_id        = aws_api_gateway_api_key.caller.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.caller.id
}

output "api_key" {
  value     = aws_api_gateway_api_key.caller.value
  sensitive = true
}

output "invoke_urls" {
  value = module.api.invoke_urls
}
