# The Lambda functions behind routes that wait, or that store what they are sent.

locals {
  waits = [for key, route in module.integrations.routes : key if route.wait]
  # How long API Gateway waits for the function.
  wait_timeouts = [for key in local.waits : module.integrations.routes[key].timeout_milliseconds]

  offloads = { for key, route in module.integrations.routes : key => route.offload if route.offload != null }
}

# One for all routes that wait.
module "execution_waiter" {
  source = "./modules/execution_waiter"
  count  = length(local.waits) > 0 ? 1 : 0

  architecture          = module.settings.functions.architecture
  log_retention_in_days = module.settings.functions.log_retention_in_days
  memory_mb             = module.settings.functions.waiter_memory_mb
  name                  = "${var.name}-waiter"
  permissions_boundary  = var.permissions_boundary
  reserved_concurrency  = module.settings.functions.waiter_reserved_concurrency
  state_machine_arns    = distinct(flatten([for key in local.waits : module.integrations.targets[key].arns]))
  tags                  = var.tags
  wait_seconds          = max(1, floor(max(local.wait_timeouts...) / 1000) - 4)
}

# One, with a bucket of its own, for each route that stores.
module "payload_offload" {
  source   = "./modules/payload_offload"
  for_each = local.offloads

  architecture            = module.settings.functions.architecture
  expire_after_days       = each.value.expire_after_days
  force_destroy           = each.value.force_destroy
  inline_max_bytes        = each.value.inline_max_bytes
  log_retention_in_days   = module.settings.functions.log_retention_in_days
  memory_mb               = module.settings.functions.offload_memory_mb
  name                    = local.offload_names[each.key]
  name_template           = module.integrations.name_templates[each.key]
  permissions_boundary    = var.permissions_boundary
  state_machine_arns      = module.integrations.targets[each.key].arns
  state_machine_reference = module.integrations.targets[each.key].template
  tags                    = var.tags
}

locals {
  # A bucket's name has room for 30 characters of it: some of the API's, and a hash of that and the route.
  offload_names = { for key in keys(local.offloads) : key => join("-", [
    substr(var.name, 0, 14), "payloads", substr(sha1("${var.name} ${key}"), 0, 6)
  ]) }
}
