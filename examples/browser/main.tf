module "orders_api" {
  source = "../../"

  name          = var.name
  state_machine = { definition = file("${path.module}/orders.asl.json") }
  # The page comes from another origin than the API.
  cors = { origins = var.origins }
}

module "notifications" {
  source = "../../modules/notifications"

  name               = var.name
  state_machine_arns = [module.orders_api.state_machine_arn]
  # A page can't sign, and this kitchen knows no users: everybody who knows an order's ARN may see its result. A
  # shop with users has a Lambda authorizer decide (CUSTOM).
  authorization   = "NONE"
  allowed_origins = var.origins
}
