# A route that has a schema and a required header, or not.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "schema"
}

variable "schema" {
  description = "Whether the body has to have an id."
  type        = bool
  default     = true
}

module "api" {
  source = "../../../../"

  engine        = var.engine
  name          = var.name
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  routes = {
    "POST /execution" = {
      body_schema = var.schema ? jsonencode({ type = "object", required = ["id"] }) : null
    }
  }
}

output "invoke_urls" {
  value = module.api.invoke_urls
}

output "rest_api_id" {
  value = module.api.rest_api_id
}
