module "location" {
  source = "../location"
}

locals {
  name = "${var.name}-notifications"
}
