# A method that is taken away is destroyed after the new deployment, which has copied it and goes on serving it. The
# plan that takes it away says so, and so does every plan and apply until the next deployment.

# What the stages serve now; all of them serve the same deployment. The stage's name comes from its ARN, which is not
# known before the stage is there: there is nothing to read until then. This can't stand inside the check, because
# Terraform runs such a data source after all resources, and those of the caller that wait for this module would wait
# for it and it for them.
data "aws_api_gateway_export" "served" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = regex("[^/]+$", values(module.deployment.stage_arns)[0])
  export_type = "oas30"
}

locals {
  # As an exported document calls them.
  verbs = ["delete", "get", "head", "options", "patch", "post", "put", "x-amazon-apigateway-any-method"]

  served_methods = flatten([for path, item in jsondecode(data.aws_api_gateway_export.served.body).paths : [
    for verb in setintersection(keys(item), local.verbs) :
    "${verb == "x-amazon-apigateway-any-method" ? "ANY" : upper(verb)} ${path}"
  ]])
  # A parameter that gets another name is the same place, which the next deployment serves.
  removed_methods = sort([for key in local.served_methods : key
    if !contains(keys(module.methods.methods), replace(key, "/[{][^{}]*[}]/", "{}"))
  ])
}

check "removed_methods_are_gone" {
  assert {
    condition     = length(local.removed_methods) == 0
    error_message = <<-EOT
      ${join(", ", local.removed_methods)} is still served after this apply, although no method says so any more.
      Apply once more with -replace=<address of aws_api_gateway_deployment.this>, as "terraform state list" has it.
    EOT
  }
}
