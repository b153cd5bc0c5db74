resource "aws_api_gateway_deployment" "this" {
  rest_api_id = var.rest_api_id

  # A deployment is a copy of the API: without a new one, stages go on serving what they had.
  triggers = { served = var.served }

  lifecycle {
    create_before_destroy = true
  }
}
