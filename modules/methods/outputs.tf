output "authorizers" {
  description = "Name => authorizer, with every default filled in."
  value       = var.authorizers
}

output "gateway_responses" {
  description = "Gateway response type => its headers, status code and template, with every default filled in."
  value       = var.gateway_responses
}

output "methods" {
  description = <<-EOT
    Method with its path's parameters unnamed ("GET /customers/{}"), a key that stays when a parameter gets another
    name => the method as it was given, with every default filled in, and its `http_method`, its `path`, the `place` of
    its resource in `places`, its `name` of letters and digits (GetCustomersId), and the `validator` that its requests
    need: "body", "parameters", "body and parameters", or null for none.
  EOT
  value       = { for key, methods in local.methods : key => methods[0] }

  precondition {
    condition     = length(local.conflicts) == 0
    error_message = <<-EOT
      methods: ${local.said} differ in the name of one parameter, and API Gateway takes one name in one place.
      Give it the same name in all.
    EOT
  }
}

output "places" {
  description = "Path of a resource with its parameters unnamed (\"/customers/{}\") => its path."
  value       = { for place, paths in local.places : place => paths[0] }
}
