# Requests that the template of a start refuses. A request template can't answer the caller, and the response template
# sees neither the request's body nor its variables. So the request template sends the reason as the execution's name.
# Step Functions refuses a name with a space, starts nothing, and repeats the name in its answer. error.vtl finds the
# reason there and writes the error. A reason has at most 80 characters, because Step Functions checks a name's length
# first.

locals {
  # The reason, and the error's type and message. The status is always 400. Templates put these texts between double
  # quotes and between single quotes, so they have neither.
  common_refusals = {
    another_target = {
      message = "This route starts another state machine than stateMachineArn names. Leave stateMachineArn out."
      reason  = "another state machine than this route starts"
      type    = "InvalidArn"
    }
    form_escape = {
      message = "The form has a percent sign without two hexadecimal digits after it. Write %25 for a percent sign."
      reason  = "a percent sign without two hexadecimal digits in the form"
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

  # Each route's refusals: those above, and a missing name.
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

  # The request templates need the reasons only.
  reasons = { for key, refusals in local.refusals : key => { for name, refusal in refusals : name => refusal.reason } }
}
