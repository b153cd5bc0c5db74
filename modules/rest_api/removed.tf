# A method that is taken away is destroyed after the new deployment, which has copied it and goes on serving it. Every
# apply and plan says so until the next deployment.

locals {
  # As an exported document calls them.
  verbs = ["delete", "get", "head", "options", "patch", "post", "put", "x-amazon-apigateway-any-method"]

  exported_methods = [for key in keys(var.methods) : replace(key, "/^ANY /", "X-AMAZON-APIGATEWAY-ANY-METHOD ")]
}

check "removed_methods_are_gone" {
  # All stages serve the same deployment.
  data "aws_api_gateway_export" "served" {
    rest_api_id = aws_api_gateway_rest_api.this.id
    stage_name  = values(module.deployment.stage_names)[0]
    export_type = "oas30"
  }

  assert {
    condition = length(setsubtract(
      flatten([for path, item in jsondecode(data.aws_api_gateway_export.served.body).paths : formatlist(
        "%s %s", [for verb in setintersection(keys(item), local.verbs) : upper(verb)], path
      )]),
      local.exported_methods,
    )) == 0

    error_message = <<-EOT
      The stages still serve, although no method says so any more: ${join(", ", setsubtract(
    flatten([for path, item in jsondecode(data.aws_api_gateway_export.served.body).paths : formatlist(
      "%s %s", [for verb in setintersection(keys(item), local.verbs) : upper(verb)], path
    )]),
    local.exported_methods,
))}.
      Apply once more with -replace=<address>, the one of aws_api_gateway_deployment.this in "terraform state list".
    EOT
}
}
