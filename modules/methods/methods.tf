locals {
  # A path parameter, for replace().
  parameter = "/[{][^{}]*[}]/"

  # "POST /orders/{id}" => PostOrdersId. Where two methods would have the same name, each has a hash of its key behind
  # it. API Gateway's models have names of letters and digits only.
  words = { for key in keys(var.methods) : key => join("", [
    for index, word in regexall("[A-Za-z0-9]+", key) : title(index == 0 ? lower(word) : word)
  ]) }
  names = { for key, words in local.words : key =>
    length([for other in values(local.words) : other if other == words]) == 1
    ? words : "${words}${substr(sha1(key), 0, 6)}"
  }

  # What API Gateway checks of a request: the name of the request validator that does it.
  checks = { for key, method in var.methods : key => join(" and ", compact([
    method.request.model == null ? "" : "body",
    length(method.request.required_headers) + length(method.request.required_query_strings) == 0 ? "" : "parameters",
  ])) }

  described = { for key, method in var.methods : key => merge(method, {
    http_method = split(" ", key)[0]
    name        = local.names[key]
    path        = split(" ", key)[1]
    place       = replace(split(" ", key)[1], local.parameter, "{}")
    request = merge(method.request, {
      model = method.request.model == null ? null : {
        name   = coalesce(method.request.model.name, local.names[key])
        schema = method.request.model.schema
      }
    })
    validator = local.checks[key] == "" ? null : local.checks[key]
  }) }

  # Method, whatever its parameters are called => the methods that are so: one, unless two are in conflict.
  methods = { for key, method in local.described : replace(key, local.parameter, "{}") => method... }
}
