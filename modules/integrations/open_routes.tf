# A route that anybody can call is a decision: the plan names those for which nobody has made it.

locals {
  open_routes      = [for key, route in local.routes : key if route.authorization == "NONE" && !route.api_key_required]
  undecided_routes = [for key in local.open_routes : key if module.settings.routes[key].authorization == null]
}

check "open_routes" {
  assert {
    condition     = length(local.undecided_routes) == 0
    error_message = <<-EOT
      Anybody can call ${join(", ", formatlist("\"%s\"", local.undecided_routes))}.
      Write authorization = "NONE" if that is meant, else "AWS_IAM" or one of authorizers.
    EOT
  }
}
