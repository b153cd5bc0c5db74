# One API for each way to allow origins.

variable "engine" {
  description = "How the API is made."
  type        = string
  default     = "resources"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "cors"
}

variable "origins" {
  description = "Origins of the API that allows several, with credentials."
  type        = list(string)
  default     = ["http://one.example.com", "http://localhost:3000"]
}

locals {
  cors = {
    any = { origins = ["*"], max_age_seconds = 0 }
    one = { origins = ["http://one.example.com"], exposed_headers = ["x-amzn-requestid"] }
    several = {
      origins         = var.origins
      credentials     = true
      exposed_headers = []
      headers         = ["Content-Type", "X-Tenant"]
    }
  }
}

module "api" {
  source   = "../../../../"
  for_each = local.cors

  engine        = var.engine
  name          = "${var.name}-${each.key}"
  cors          = each.value
  state_machine = { definition = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } }) }

  routes = {
    "POST /execution" = {}
    "PUT /execution" = {
      input   = "request"
      request = { headers = ["Cookie", "Idempotency-Key", "X-Tenant"] }
    }
    "GET /execution/{name}"    = { action = "DescribeExecution" }
    "DELETE /execution/{name}" = { action = "StopExecution" }
  }
}

output "invoke_urls" {
  value = { for name, api in module.api : name => api.invoke_urls["alpha"] }
}

output "state_machine_arns" {
  value = { for name, api in module.api : name => api.state_machine_arn }
}
