resource "aws_api_gateway_stage" "this" {
  for_each = var.stages

  rest_api_id          = var.rest_api_id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = each.key
  description          = each.value.description
  tags                 = var.tags
  variables            = each.value.variables
  xray_tracing_enabled = each.value.tracing_enabled

  dynamic "access_log_settings" {
    for_each = each.value.access_log == null ? [] : [each.value.access_log]

    content {
      destination_arn = access_log_settings.value.destination_arn
      format          = coalesce(access_log_settings.value.format, local.access_log_format)
    }
  }

  # The stages alone wait for what the methods call. The deployment is created before the old one is destroyed, and so
  # would be all that it depends on: a function of the same name can't be.
  depends_on = [var.wait_for]
}

resource "aws_api_gateway_method_settings" "this" {
  for_each = { for name, stage in var.stages : name => stage
    if stage.throttling != null || stage.metrics_enabled || stage.execution_log_level != "OFF"
  }

  rest_api_id = var.rest_api_id
  stage_name  = aws_api_gateway_stage.this[each.key].stage_name
  method_path = "*/*"

  settings {
    # Bodies and headers stay out of the execution log: data_trace_enabled would put them in.
    data_trace_enabled     = false
    logging_level          = each.value.execution_log_level
    metrics_enabled        = each.value.metrics_enabled
    throttling_burst_limit = try(each.value.throttling.burst_limit, -1)
    throttling_rate_limit  = try(each.value.throttling.rate_limit, -1)
  }
}

locals {
  # One line of JSON per request: enough to find an execution and to see what went wrong, without what was said.
  access_log_format = jsonencode({
    errorMessage      = "$context.error.message"
    extendedRequestId = "$context.extendedRequestId"
    httpMethod        = "$context.httpMethod"
    integrationStatus = "$context.integrationStatus"
    latency           = "$context.responseLatency"
    path              = "$context.path"
    requestId         = "$context.requestId"
    requestTime       = "$context.requestTime"
    resourcePath      = "$context.resourcePath"
    responseLength    = "$context.responseLength"
    sourceIp          = "$context.identity.sourceIp"
    stage             = "$context.stage"
    status            = "$context.status"
  })
}
