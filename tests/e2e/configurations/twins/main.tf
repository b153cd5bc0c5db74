# Two instances of the module in one account and region, with logs and tracing, so that everything they make is there.

variable "engine" {
  description = "How the APIs are made."
  type        = string
  default     = "resources"
}

module "api" {
  source   = "../../../../"
  for_each = toset(["one", "two"])

  engine = var.engine
  name   = "twin-${each.key}"
  state_machine = {
    definition      = jsonencode({ StartAt = "Echo", States = { Echo = { Type = "Pass", End = true } } })
    logging         = { level = "ALL" }
    tracing_enabled = true
    policy_statements = [{
      sid       = "ReadParameters"
      actions   = ["ssm:GetParameter"]
      resources = ["*"]
    }]
  }
  tags = { Twin = each.key }
}

output "invoke_urls" {
  value = { for name, api in module.api : name => api.invoke_urls["alpha"] }
}

output "state_machine_arns" {
  value = { for name, api in module.api : name => api.state_machine_arn }
}
