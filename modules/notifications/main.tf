module "location" {
  source = "../location"
}

locals {
  name = "${var.name}-notifications"
  # Role names are global to an account: with the region in it, the same name can be used in each region. They have 64
  # characters, and the longest region has 14.
  role_name = "${substr(var.name, 0, 35)}-notifications-${module.location.region}"
  host = join(".", [
    aws_apigatewayv2_api.this.id, "execute-api", module.location.region, module.location.dns_suffix
  ])

  event_age_seconds = 2 * 60 * 60 # later, every client that waited is gone
}
