locals {
  error = {
    message    = "$context.error.messageString"
    type       = "\"$context.error.responseType\""
    request_id = "\"$context.requestId\""
  }

  # The errors that API Gateway makes itself, in the shape of the others. Their templates are no Velocity: only $context
  # variables, and messageString brings its own quotes.
  error_template = "{\"message\":${local.error.message},\"type\":${local.error.type},\"requestId\":${local.error.request_id}}"

  # validationErrorString says what of the body does not fit; API Gateway escapes its quotes.
  explained = {
    BAD_REQUEST_BODY       = "The body is no JSON, or does not fit the route's schema: $context.error.validationErrorString"
    REQUEST_TOO_LARGE      = "The request is over API Gateway's limit of 10 MB. Store the payload, in S3 for instance, and send a reference to it."
    UNSUPPORTED_MEDIA_TYPE = "This route has no mapping template for the request's content type. Send Content-Type: application/json."
  }

  gateway_responses = merge(
    { for type in ["DEFAULT_4XX", "DEFAULT_5XX"] : type => {
      headers     = local.gateway_cors_headers
      status_code = null
      template    = local.error_template
    } },
    { for type, message in local.explained : type => {
      headers     = local.gateway_cors_headers
      status_code = { BAD_REQUEST_BODY = "400", REQUEST_TOO_LARGE = "413", UNSUPPORTED_MEDIA_TYPE = "415" }[type]
      template    = "{\"message\":${jsonencode(message)},\"type\":${local.error.type},\"requestId\":${local.error.request_id}}"
    } },
  )
}
