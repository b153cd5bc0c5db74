output "methods" {
  description = <<-EOT
    Method with its path's parameters unnamed ("GET /customers/{}") => the same method as it was given: a key that stays
    when a parameter gets another name.
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
