# Quotas that an account can have raised: over a default, the plan warns, and API Gateway decides.
# Source: "Quotas for configuring and running a REST API in API Gateway", developer guide, read 2026-11-24: "Authorizers
# per API" 10, "Resources per API" 300, "Stages per API" 10, each of which can be increased.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
# That "/" is not counted among the resources is from memory.

locals {
  # "/a/b" => "/a" and "/a/b", each a resource of the API.
  resources = distinct(flatten([for route in values(local.routes) : [
    for depth in range(1, length(split("/", trimsuffix(route.path, "/")))) :
    join("/", slice(split("/", route.path), 0, depth + 1))
  ]]))

  over_quota = [for quota in [
    { count = length(local.used_authorizers), default = 10, name = "Authorizers per API" },
    { count = length(local.resources), default = 300, name = "Resources per API" },
    { count = length(var.stage_state_machine_arns), default = 10, name = "Stages per API" },
  ] : "\"${quota.name}\" (${quota.count}, and the default is ${quota.default})" if quota.count > quota.default]
}

check "quotas" {
  assert {
    condition     = length(local.over_quota) == 0
    error_message = <<-EOT
      This API needs more than API Gateway's default quotas: ${join(", ", local.over_quota)}.
      Have the quota raised before this is applied, or make two APIs.
    EOT
  }
}
