output "authorizers" {
  description = <<-EOT
    Name => authorizer, as modules/rest_api takes them. API Gateway calls their functions with the role of the
    integrations.
  EOT
  value       = local.authorizers
}

output "examples" {
  description = <<-EOT
    Route => an example of a call: `method`, `path` with a name in capitals for each parameter, `query` (name=value),
    `headers`, `content_type` and `body` (null for none), and whether the request has to be `signed`.
  EOT
  value       = local.examples
}

output "gateway_responses" {
  description = <<-EOT
    Gateway response type => its headers, its status code (null for the type's own) and its JSON template: the errors
    that API Gateway makes itself, in the API's one shape.
  EOT
  value       = local.gateway_responses
}

output "methods" {
  description = <<-EOT
    "<METHOD> <path>" => its `integration`, what is asked of a `request`, its `authorization` and its `responses`, as
    modules/rest_api and modules/openapi_api take them: of every route, and OPTIONS of every path for CORS.
  EOT
  value       = local.methods

  precondition {
    condition     = length(local.broken_routes.key) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.key} is not "<METHOD> <path>", a method in capitals and a path of letters, digits,
      . _ : - and {parameters}.
      Write for example "POST /execution" or "GET /execution/{name}", without a slash at the end.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.action) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.action}.
      Write ${join(", ", keys(local.actions))}.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.unnamed) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.unnamed} needs the execution's name in the path.
      Write for example "GET /execution/{name}".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.express_only) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.express_only}: only an EXPRESS state machine has this action.
      Make the state machine's type EXPRESS, or write action = "StartExecution".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.standard_only) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.standard_only}: only a STANDARD state machine has this action, because Step
      Functions keeps no EXPRESS execution.
      Make the state machine's type STANDARD, or leave the route out.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.not_start) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.not_start}: input, execution_name and form are for actions that start an execution.
      Leave them out.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.input) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.input}.
      Write ${join(", ", local.inputs)}.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.passthrough) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.passthrough}: with input = "passthrough" the body is the whole request and brings
      the execution's name.
      Leave execution_name and form out, or write input = "body".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.envelope) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.envelope}: request chooses the members of an envelope, which this input does not
      have.
      Write input = "request" beside it, or leave request out.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.context) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.context}: request.context and request.authorizer hold keys of $context and of
      $context.authorizer.
      Write for example "requestId", "identity.sourceIp" or "claims.sub".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.request_header) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.request_header}: request.headers holds something that is not the name of a header.
      Write for example "X-Tenant".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.name) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.name}.
      Write request_id, idempotency_key, generated, or a JSONPath into the body such as "$.order.items[0].id".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.bodyless_name) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.bodyless_name}: with input = "none" the execution's name can't come from the body.
      Write execution_name = "request_id" or "generated", or input = "body".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.form_name) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.form_name}: a form has fields without members.
      Write "$.<field>", for example "$.orderId".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.express_key) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.express_key}: execution_name = "idempotency_key" needs a STANDARD state machine,
      because EXPRESS names may repeat.
      Write execution_name = "request_id", or make the state machine's type STANDARD.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.timeout) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.timeout}.
      ${local.timeout_advice}
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.parameter) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.parameter}: required_headers and required_query_strings are names of A-Z a-z 0-9 .
      _ $ -.
      Write for example "X-Tenant" or "page".
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.authorization) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.authorization}.
      Write
      ${join(", ", local.authorization_values)}, or the name of an authorizer that you add to authorizers.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.scopes) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.scopes}: authorization_scopes are for an authorizer of the type COGNITO_USER_POOLS.
      Name such an authorizer in authorization, or leave authorization_scopes out.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.wait) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.wait}: wait is for StartExecution with a generated template and without offload.
      Leave out wait, or the other action, input = "passthrough", request_templates or offload beside it.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.wait_time) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.wait_time}: with wait, the function keeps 4 seconds of timeout_milliseconds for
      itself.
      Write 6000 to ${local.timeout_limit}.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.wait_express) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.wait_express}: wait is for executions of a STANDARD state machine.
      Write action = "StartSyncExecution" in place of wait.
    EOT
  }

  precondition {
    condition     = length(local.broken_routes.offload) == 0
    error_message = <<-EOT
      routes: ${local.wrong_routes.offload}: offload is for StartExecution of a JSON body.
      Leave out offload, or the other action or input, form or request_templates beside it.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.body) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.body}: body_schema is for a JSON body, and form = true, input = "none" or the
      action leaves this route without one.
      Leave body_schema out.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.text) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.text} has a body_schema that is not a JSON object.
      Write it as text, for example file("order.schema.json") or jsonencode({ type = "object" }).
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.keywords) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.keywords} in body_schema, and API Gateway's models know the keywords of JSON
      schema's draft 4 only.
      Leave them out, or write them as draft 4 does, for example enum for const.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.required) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.required} has a body_schema with required = [], which API Gateway refuses.
      Leave required out.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.type) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.type} has a body_schema with a type that JSON schema does not know.
      Write ${join(", ", local.schema_types)}.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.exclusive) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.exclusive} has a number for exclusiveMinimum or exclusiveMaximum in body_schema.
      Write { minimum = 0, exclusiveMinimum = true }, as draft 4 does.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.draft) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.draft} as $schema in body_schema, and API Gateway reads it as draft 4.
      Write "http://json-schema.org/draft-04/schema#", or leave $schema out.
    EOT
  }

  precondition {
    condition     = length(local.broken_schemas.reference) == 0
    error_message = <<-EOT
      routes: ${local.wrong_schemas.reference} has a body_schema with a $ref that API Gateway does not follow.
      Write "#/definitions/<name>", with the schema in definitions.
    EOT
  }

  precondition {
    condition     = length(local.foreign_arns.routes) == 0
    error_message = <<-EOT
      ${join(", ", local.foreign_arns.routes)}, and API Gateway calls state machines of its own region,
      ${local.region}.
      Write the ARN of a state machine there, or deploy this API in the state machine's region.
    EOT
  }

  precondition {
    condition     = length(local.foreign_arns.stages) == 0
    error_message = <<-EOT
      ${join(", ", local.foreign_arns.stages)}, and API Gateway calls state machines of its own region,
      ${local.region}.
      Write the ARN of a state machine there, or deploy this API in the state machine's region.
    EOT
  }

  precondition {
    condition     = length(local.foreign_arns.state_machine) == 0
    error_message = <<-EOT
      ${join(", ", local.foreign_arns.state_machine)}, and API Gateway calls state machines of its own region,
      ${local.region}.
      Write the ARN of a state machine there, or deploy this API in the state machine's region.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.name) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.name}: an authorizer's name is 1 to 128 of A-Z a-z 0-9 - _ and starts
      with a letter.
      Write another name, and neither NONE nor AWS_IAM, which stand for something else.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.type) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.type} has an unknown type.
      Write type = "TOKEN", "REQUEST" or "COGNITO_USER_POOLS".
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.decider) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.decider}: TOKEN and REQUEST need function_arn, and COGNITO_USER_POOLS
      needs user_pool_arns.
      Write the one that the type needs, and leave the other one out.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.function) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.function} has a function_arn that is not the ARN of a Lambda function.
      Write it as a reference such as aws_lambda_function.authorizer.arn.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.identity_source) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.identity_source} has identity_sources that name no part of the request.
      Write for example "method.request.header.Authorization", "method.request.querystring.token" or
      "context.identity.sourceIp".
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.cached) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.cached} has no identity_sources, by which API Gateway keeps a function's
      answer.
      Write ttl_seconds = 0, or the identity_sources that the answer depends on.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.one_header) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.one_header}: TOKEN and COGNITO_USER_POOLS take their token from one
      header.
      Write identity_sources = ["method.request.header.Authorization"].
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.token_pattern) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.token_pattern}: token_pattern is for the type TOKEN.
      Leave it out.
    EOT
  }

  precondition {
    condition     = length(local.broken_authorizers.ttl) == 0
    error_message = <<-EOT
      authorizers: ${local.wrong_authorizers.ttl} has ttl_seconds outside of API Gateway's limits.
      Write 0 to 3600.
    EOT
  }

  precondition {
    condition     = !local.broken_cors.no_origin
    error_message = <<-EOT
      cors.origins is empty.
      Write at least one origin such as "https://shop.example.com", or leave cors out.
    EOT
  }

  precondition {
    condition     = length(local.broken_cors.origin) == 0
    error_message = <<-EOT
      cors.origins: ${local.wrong_cors.origin}: an origin is scheme, host and port, with nothing after them.
      Write for example "https://shop.example.com" or "http://localhost:3000".
    EOT
  }

  precondition {
    condition     = !local.broken_cors.any_and_others
    error_message = <<-EOT
      cors.origins: "*" already allows every origin.
      Write "*" alone, or name the origins.
    EOT
  }

  precondition {
    condition     = length(local.broken_cors.header) == 0
    error_message = <<-EOT
      cors: ${local.wrong_cors.header} is not the name of a header.
      Write for example "X-Tenant".
    EOT
  }

  precondition {
    condition     = length(local.broken_cors.method) == 0
    error_message = <<-EOT
      cors.methods: ${local.wrong_cors.method} is not a method in capitals.
      Write for example "POST", or "*", or leave methods out for those of the routes.
    EOT
  }

  precondition {
    condition     = !local.broken_cors.credentials
    error_message = <<-EOT
      cors: browsers refuse "*" together with credentials.
      Name the origins, headers and methods, or write credentials = false.
    EOT
  }

  precondition {
    condition     = !local.broken_cors.max_age
    error_message = <<-EOT
      cors.max_age_seconds is outside of what browsers remember.
      Write 0 to 86400.
    EOT
  }
}

output "name_templates" {
  description = <<-EOT
    Route of a start => Velocity that sets $executionName from a request in JSON, as modules/payload_offload takes it.
  EOT
  value       = { for key, templates in local.name_templates : key => templates["application/json"] }
}

output "open_routes" {
  description = "Routes that anybody can call: without authorization and without an API key."
  value       = local.open_routes
}

output "permissions" {
  description = "Action => ARNs: exactly what the role of the integrations needs, as modules/invoke_role takes it."
  value       = local.permissions
}

output "routes" {
  description = "Route => its settings, with every default filled in."
  value       = local.routes
}

output "stage_variables" {
  description = "Stage => variables that the templates read from it."
  value       = { for stage, arn in local.stage_targets : stage => local.by_stage ? { stateMachineArn = arn } : {} }
}

output "targets" {
  description = <<-EOT
    Route => the state machines that it starts or asks: `arns`, all of them, and `template`, the one of a request as
    its template writes it.
  EOT
  value       = { for key, target in local.targets : key => { arns = target.arns, template = target.template } }
}
