locals {
  templates = "${path.module}/templates"

  # How the body is read: content type => template that sets $body, the JSON text of it.
  body_templates = { for key, start in local.starts : key => merge(
    { "application/json" = file("${local.templates}/${start.input == "request" ? "body_checked" : "body_json"}.vtl") },
    start.form ? {
      "application/x-www-form-urlencoded" = templatefile("${local.templates}/body_form.vtl", {
        reasons = local.reasons[key]
      })
    } : {},
  ) if start.input != "passthrough" }

  # What of the request stands in the envelope beside the body, in the order and the nesting of the names:
  # identity.sourceIp and identity.userAgent are two members of identity.
  envelope_sections = { for key, start in local.starts : key => {
    for section, names in {
      authorizer     = start.request.authorizer
      requestContext = start.request.context
      } : section => [
      for group in distinct([for name in names : length(split(".", name)) > 1 ? split(".", name)[0] : ""]) : {
        members = [
          for name in names : reverse(split(".", name))[0]
          if(length(split(".", name)) > 1 ? split(".", name)[0] : "") == group
        ]
        name      = group
        reference = join(".", compact(["context", section == "authorizer" ? "authorizer" : "", group]))
      }
    ]
  } if start.input == "request" }

  # What becomes the input: template that sets $executionInput.
  input_templates = { for key, start in local.starts : key => start.input == "request" ? templatefile(
    "${local.templates}/input_request.vtl", {
      headers  = jsonencode(distinct([for name in start.request.headers : lower(name)]))
      reasons  = local.reasons[key]
      sections = local.envelope_sections[key]
    }
  ) : file("${local.templates}/input_${start.input}.vtl") if start.input != "passthrough" }

  # What becomes the name: content type => template that sets $executionName.
  name_templates = { for key, start in local.starts : key => {
    for content_type in keys(local.body_templates[key]) : content_type => (
      !startswith(start.execution_name, "$") ?
      templatefile("${local.templates}/name_${start.execution_name}.vtl", { reason = local.reasons[key].name }) :
      content_type == "application/json" ?
      templatefile("${local.templates}/name_json_path.vtl", {
        json_path = start.execution_name
        reason    = local.reasons[key].name
      }) :
      templatefile("${local.templates}/name_form_field.vtl", {
        field  = trimprefix(start.execution_name, "$.")
        reason = local.reasons[key].name
      })
    )
  } if start.input != "passthrough" }

  start_templates = { for key, start in local.starts : key => {
    for content_type, body in local.body_templates[key] : content_type => templatefile(
      "${local.templates}/start_execution.vtl", {
        body = start.input == "none" ? "" : body
        input = join("", [
          local.input_templates[key],
          start.wait ? file("${local.templates}/wait_limit.vtl") : "",
        ])
        name              = local.name_templates[key][content_type]
        state_machine_arn = local.targets[key].template
        wait_members      = lookup(local.wait_members, key, "")
      }
    )
  } if start.input != "passthrough" }

  # The body is JSON; also under what curl -d says of its body when nothing else is said, so that the plainest call
  # works.
  passthrough_templates = { for key, start in local.starts : key => {
    for content_type in ["application/json", "application/x-www-form-urlencoded"] :
    content_type => templatefile("${local.templates}/passthrough.vtl", {
      reasons           = local.reasons[key]
      state_machine_arn = local.targets[key].template
    })
  } if start.input == "passthrough" }

  other_templates = { for key, route in local.routes : key => {
    "application/json" = templatefile(
      "${local.templates}/${local.actions[route.action].template}.vtl", {
        error_and_cause = file("${local.templates}/error_and_cause.vtl")
        execution_arn = templatefile("${local.templates}/execution_arn.vtl", {
          state_machine_arn = local.targets[key].template
        })
        paging            = file("${local.templates}/paging.vtl")
        state_machine_arn = local.targets[key].template
      }
    )
  } if !local.actions[route.action].start }

  request_templates = merge(local.start_templates, local.passthrough_templates, local.other_templates)
}
