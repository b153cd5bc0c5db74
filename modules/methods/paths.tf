# The tree of resources, with keys that do not change when a path parameter gets another name.

locals {
  # /a/{x}/b => [a, {x}, b]
  segments = [for method in values(local.described) : compact(split("/", method.path))]

  # The path of every resource: of /a/{x}/b it is /a, /a/{x} and /a/{x}/b.
  paths = toset(flatten([for segments in local.segments : [
    for depth in range(1, length(segments) + 1) : "/${join("/", slice(segments, 0, depth))}"
  ]]))

  # Place of a resource, whatever its parameters are called => the paths there: /a/{} => [/a/{x}].
  places = { for path in local.paths : replace(path, local.parameter, "{}") => path... }

  # API Gateway takes one variable part below a resource: /a/{x} and /a/{y} can't both be.
  conflicts = [for place, paths in local.places : join(" and ", sort(paths))
    if endswith(place, "{}") && length(paths) > 1
  ]
  said = join("; ", local.conflicts)
}
