module "deployment" {
  source = "../deployment"

  rest_api_id = aws_api_gateway_rest_api.this.id
  stages      = local.stages
  tags        = var.tags
  wait_for    = var.wait_for

  # All that this module is given to serve, and the module itself, so that an upgrade which changes how it is served
  # counts too. The resources' own attributes would not do: some are filled in later, and the next plan would show a
  # change.
  served = sha1(jsonencode({
    authorizers       = module.methods.authorizers
    credentials       = [for authorizer in local.lambda_authorizers : var.credentials]
    gateway_responses = module.methods.gateway_responses
    methods           = module.methods.methods
    module            = [for file in sort(fileset(path.module, "*.tf")) : filesha1("${path.module}/${file}")]
    resources         = local.resource_ids
  }))

  depends_on = [
    aws_api_gateway_gateway_response.this,
    aws_api_gateway_integration.this,
    aws_api_gateway_integration_response.this,
    aws_api_gateway_method_response.this,
  ]
}
