# The function that decides who may connect, where authorization is CUSTOM.

locals {
  authorizer_missing = join(" ", [
    "authorization is \"CUSTOM\", and no authorizer decides.",
    "Write authorizer = { function_arn = ..., identity_sources = [...] }.",
  ])
  authorizer_unused = join(" ", [
    "authorizer has no effect while authorization is \"${var.authorization}\".",
    "Write authorization = \"CUSTOM\", or leave the authorizer out.",
  ])
}

resource "aws_apigatewayv2_authorizer" "this" {
  count = var.authorizer == null ? 0 : 1

  api_id           = aws_apigatewayv2_api.this.id
  name             = local.name
  authorizer_type  = "REQUEST"
  identity_sources = var.authorizer.identity_sources
  authorizer_uri = join("", [
    "arn:${module.location.partition}:apigateway:${module.location.region}",
    ":lambda:path/2015-03-31/functions/${var.authorizer.function_arn}/invocations",
  ])
}

resource "aws_lambda_permission" "authorizer" {
  count = var.authorizer == null ? 0 : 1

  statement_id  = "${local.name}-authorizer"
  action        = "lambda:InvokeFunction"
  function_name = var.authorizer.function_arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.this[0].id}"
}
