# What a start's template refuses before Step Functions sees anything useful. A request template can't answer, and the
# template of the answer doesn't see what the other one found. So the request goes on with the reason in place of a
# name: Step Functions takes no name with a blank in it, starts nothing, and repeats the name in its answer, where
# error.vtl finds it. Reasons have at most 80 characters, because a longer name would be another error.

locals {
  # Errors of their own: the reason, and the API's error. The status is always 400. The texts stand between double
  # quotes of Velocity, and between single ones: no quotes of either kind.
  common_refusals = {
    another_target = {
      message = "This route starts another state machine than stateMachineArn names. Leave stateMachineArn out."
      reason  = "another state machine than this route starts"
      type    = "InvalidArn"
    }
    form_escape = {
      message = "The form has a percent sign without two hexadecimal digits after it. Write %25 for a percent sign."
      reason  = "a percent sign that is no escape in the form"
      type    = "BAD_REQUEST_BODY"
    }
    form_fields = {
      message = "The form has more than 1,000 fields. Send fewer of them, or JSON."
      reason  = "more than 1,000 fields in the form"
      type    = "BAD_REQUEST_BODY"
    }
    headers = {
      message = "The request has more than 1,000 headers. Send fewer of them."
      reason  = "more than 1,000 headers in the request"
      type    = "BAD_REQUEST_PARAMETERS"
    }
    query_strings = {
      message = "The request has more than 1,000 query string parameters. Send fewer of them, or a body."
      reason  = "more than 1,000 parameters in the query string"
      type    = "BAD_REQUEST_PARAMETERS"
    }
  }

  # The same for each route that starts executions, with the name that it takes from somewhere.
  refusals = { for key, start in local.starts : key => merge(local.common_refusals, {
    name = start.execution_name == "idempotency_key" ? {
      message = "Send the header Idempotency-Key with 1 to 80 of A-Z a-z 0-9 - _."
      reason  = "no valid header Idempotency-Key"
      type    = "InvalidName"
      } : {
      message = join("", [
        "The body has nothing at ${coalesce(start.execution_name, "$")}, which names the execution. ",
        "Send a text or a number there.",
      ])
      reason = "nothing in the body that names the execution"
      type   = "InvalidName"
    }
  }) }

  # What a template that refuses has to know: refusal => reason.
  reasons = { for key, refusals in local.refusals : key => { for name, refusal in refusals : name => refusal.reason } }
}
