locals {
  # An example is for people; API Gateway refuses a schema with one.
  schemas = { for key, route in var.routes : key => jsonencode({
    for name, value in jsondecode(route.body_schema) : name => value if name != "example"
  }) if route.body_schema != null }

  # Models have names of letters and digits: "POST /orders/{id}" => PostOrdersId. Where two would have the same one, each has a
  # hash of its route behind it.
  words = { for key in keys(local.schemas) : key => join("", [
    for index, word in regexall("[A-Za-z0-9]+", key) : title(index == 0 ? lower(word) : word)
  ]) }
  model_names = { for key, words in local.words : key =>
    length([for other in values(local.words) : other if other == words]) == 1 ? words : "${words}${substr(sha1(key), 0, 6)}"
  }

  # What API Gateway checks of a request before it calls anybody.
  requests = { for key, route in var.routes : key => {
    model                  = route.body_schema == null ? null : { name = local.model_names[key], schema = local.schemas[key] }
    required_headers       = route.required_headers
    required_query_strings = route.required_query_strings
  } }
}
