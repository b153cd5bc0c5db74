resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = var.description
  tags        = var.tags
  body        = local.extended_document
  # What the document no longer has goes with the same call.
  put_rest_api_mode = "overwrite"

  endpoint_configuration {
    types = [var.endpoint_type]
  }
}

module "deployment" {
  source = "../deployment"

  rest_api_id = aws_api_gateway_rest_api.this.id
  served      = sha1(local.extended_document)
  stages      = var.stages
  tags        = var.tags

  depends_on = [aws_api_gateway_rest_api.this]
}
