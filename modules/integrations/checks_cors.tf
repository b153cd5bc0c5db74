# What is wrong with cors: each rule once, as the list of what breaks it. outputs.tf refuses them.

locals {
  checked_origins = try(module.settings.cors.origins, [])
  checked_headers = concat(try(module.settings.cors.headers, []), try(module.settings.cors.exposed_headers, []))
  checked_methods = try(coalescelist(module.settings.cors.methods), [])

  broken_cors = {
    no_origin = local.cors && length(local.checked_origins) == 0
    origin = [for origin in local.checked_origins : "\"${origin}\""
      if origin != "*" && !can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))
    ]
    any_and_others = contains(local.checked_origins, "*") && length(local.checked_origins) > 1
    header         = [for name in local.checked_headers : "\"${name}\"" if !can(regex(local.header_pattern, name))]
    method         = [for method in local.checked_methods : "\"${method}\"" if !can(regex("^([A-Z]+|[*])$", method))]
    credentials = try(module.settings.cors.credentials, false) && contains(
      concat(local.checked_origins, local.checked_methods, try(module.settings.cors.headers, [])), "*"
    )
    max_age = try(module.settings.cors.max_age_seconds < 0 || module.settings.cors.max_age_seconds > 86400, false)
  }
}
