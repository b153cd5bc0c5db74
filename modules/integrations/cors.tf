# Cross-origin calls from browsers: an OPTIONS method for each path, and headers on every answer, gateway errors
# included.

locals {
  cors = module.settings.cors != null
  any  = try(contains(module.settings.cors.origins, "*"), false)
  # One answer for all callers needs no template: any origin, or the only one.
  fixed_origin = try(local.any ? "*" : one(module.settings.cors.origins), null)

  # Response header => mapping expression, on every answer of a method. A literal stands in single quotes.
  cors_headers = local.cors ? merge(
    local.fixed_origin == null ? {} : { Access-Control-Allow-Origin = "'${local.fixed_origin}'" },
    # What is cached for one origin must not be served to another.
    local.any ? {} : { Vary = "'Origin'" },
    module.settings.cors.credentials ? { Access-Control-Allow-Credentials = "'true'" } : {},
    length(module.settings.cors.exposed_headers) == 0 ? {} : {
      Access-Control-Expose-Headers = "'${join(",", module.settings.cors.exposed_headers)}'"
    },
  ) : {}

  # The template that names one of several origins, and with it the body, which a template has to make once there is
  # one.
  cors_template = local.cors && local.fixed_origin == null ? templatefile(
    "${local.templates}/cors.vtl", { origins = jsonencode(module.settings.cors.origins) }
  ) : ""

  # Gateway responses know no conditions. With several origins they name the caller's, whichever it is: a browser
  # could not show the error otherwise. They don't allow it credentials, so a page can read such an error only of a
  # call without them.
  gateway_cors_headers = local.fixed_origin != null || !local.cors ? local.cors_headers : merge(
    { for name, value in local.cors_headers : name => value if name != "Access-Control-Allow-Credentials" },
    { Access-Control-Allow-Origin = "method.request.header.Origin" },
  )

  # Path => methods of its routes.
  route_methods = { for route in values(local.routes) : route.path => route.http_method... }

  preflight_methods = { for path, methods in local.route_methods : "OPTIONS ${path}" => {
    integration = {
      request_templates    = { "application/json" = file("${local.templates}/preflight.vtl") }
      timeout_milliseconds = 29000
      type                 = "MOCK"
      uri                  = null
    }
    responses = {
      "204" = {
        response_headers = merge(
          { for name, value in local.cors_headers : name => value if name != "Access-Control-Expose-Headers" },
          {
            # A header that a route asks for is allowed without being named again.
            Access-Control-Allow-Headers = "'${join(",", distinct(concat(module.settings.cors.headers, flatten([
              for method in methods : local.routes["${method} ${path}"].required_headers
            ]))))}'"
            Access-Control-Allow-Methods = "'${join(",", coalesce(
              module.settings.cors.methods, sort(concat(methods, ["OPTIONS"]))
            ))}'"
            Access-Control-Max-Age = "'${module.settings.cors.max_age_seconds}'"
          },
        )
        response_templates = { "application/json" = local.cors_template }
        selection_pattern  = null
      }
    }
  } if local.cors && !contains(methods, "OPTIONS") && !contains(methods, "ANY") }
}
