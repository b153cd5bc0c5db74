module "methods" {
  source = "../methods"

  authorizers       = var.authorizers
  gateway_responses = var.gateway_responses
  methods           = var.methods
}

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

  lifecycle {
    precondition {
      condition     = local.not_in_openapi == ""
      error_message = <<-EOT
        methods: ${local.not_in_openapi} has a schema with $ref, definitions or a list of types.
        OpenAPI 3.0 does not have them: write the definition in its place, and anyOf for several types; or write
        engine = "resources".
      EOT
    }

    precondition {
      condition     = local.lossy == ""
      error_message = <<-EOT
        methods: ${local.lossy}: API Gateway does not check these keywords of a schema that it imports.
        Leave them out, or write engine = "resources".
      EOT
    }
  }
}

module "deployment" {
  source = "../deployment"

  rest_api_id = aws_api_gateway_rest_api.this.id
  served      = sha1(local.extended_document)
  stages      = var.stages
  tags        = var.tags
  wait_for    = var.wait_for

  depends_on = [aws_api_gateway_rest_api.this]
}
