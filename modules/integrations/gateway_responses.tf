locals {
  # What every error has after its message. The types and the id that API Gateway gives have no quotes in them.
  error_members = "\"type\":\"$context.error.responseType\",\"requestId\":\"$context.requestId\""

  # The errors that API Gateway makes itself, in the shape of all others. Templates of gateway responses are not
  # Velocity: they have references to $context and to the request's parameters, and no functions, so nothing can be
  # escaped. messageString comes with its quotes. A client can set $context.requestId with the header x-amzn-
  # requestid. API Gateway documents that it takes UUIDs only; if it took more, a client could break the JSON of its
  # own answer and no other.
  error_template = "{\"message\":$context.error.messageString,${local.error_members}}"

  # Errors with a better message than API Gateway's. Every API has all of them, also those that none of its routes can
  # meet: with explicit resources, one that is taken away would be served until the next deployment.
  # REQUEST_TOO_LARGE is not among them: API Gateway answers a request over 10 MB in plain text, and no gateway
  # response changes that.
  explained = {
    BAD_REQUEST_BODY = {
      # validationErrorString says what of the body does not fit; API Gateway escapes its quotes.
      message = "The body is not JSON or does not fit the route's schema. $context.error.validationErrorString"
      status  = "400"
    }
    # What is behind the route could not be called: a Lambda function that is throttled, for instance. API Gateway
    # says 504.
    INTEGRATION_FAILURE = {
      message = "What this route calls is busy or out of reach. Try again in a moment."
      status  = "503"
    }
    INVALID_API_KEY = {
      message = "This route needs an API key. Send a valid one in the header x-api-key."
      status  = "403"
    }
    # The signature is there and is not valid. A token is also taken for a signature where no route is.
    INVALID_SIGNATURE = {
      message = "The AWS signature is not valid for this request. Sign it as it is sent, or check method and path."
      status  = "403"
    }
    MISSING_AUTHENTICATION_TOKEN = {
      message = "No route has this method and path, or the route needs a signed request."
      status  = "403"
    }
    UNSUPPORTED_MEDIA_TYPE = {
      message = "This route does not take the request's content type. Send Content-Type: application/json."
      status  = "415"
    }
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
      template    = "{\"message\":${jsonencode(response.message)},${local.error_members}}"
    } },
  )
}
