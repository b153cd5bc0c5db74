locals {
  error = {
    message    = "$context.error.messageString"
    type       = "\"$context.error.responseType\""
    request_id = "\"$context.requestId\""
  }

  # The errors that API Gateway makes itself, in the shape of the others. Their templates are no Velocity: only $context
  # variables, and messageString brings its own quotes.
  error_template = "{\"message\":${local.error.message},\"type\":${local.error.type},\"requestId\":${local.error.request_id}}"

  # Where API Gateway's own words say too little: its status, and what is said instead.
  explained = {
    # validationErrorString says what of the body does not fit; API Gateway escapes its quotes.
    BAD_REQUEST_BODY             = { status = "400", message = "The body is no JSON or does not fit the route's schema. $context.error.validationErrorString" }
    INVALID_API_KEY              = { status = "403", message = "This route needs an API key. Send a valid one in the header x-api-key." }
    MISSING_AUTHENTICATION_TOKEN = { status = "403", message = "No route has this method and path, or the route needs a signed request." }
    REQUEST_TOO_LARGE            = { status = "413", message = "The request is over API Gateway's limit of 10 MB. Store the payload, in S3 for instance, and send a reference to it." }
    UNSUPPORTED_MEDIA_TYPE       = { status = "415", message = "This route has no mapping template for the request's content type. Send Content-Type: application/json." }
  }

  # Of those, what not every API can answer.
  answerable = {
    BAD_REQUEST_BODY = length(local.schemas) > 0
    INVALID_API_KEY  = anytrue(values(local.routes)[*].api_key_required)
  }

  gateway_responses = merge(
    { for type in ["DEFAULT_4XX", "DEFAULT_5XX"] : type => {
      headers     = local.gateway_cors_headers
      status_code = null
      template    = local.error_template
    } },
    { for type, response in local.explained : type => {
      headers     = local.gateway_cors_headers
      status_code = response.status
      template    = "{\"message\":${jsonencode(response.message)},\"type\":${local.error.type},\"requestId\":${local.error.request_id}}"
    } if lookup(local.answerable, type, true) },
  )
}
