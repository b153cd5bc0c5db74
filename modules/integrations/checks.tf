# The words for each broken rule: what breaks it, in one text. An output refuses it, so that one plan shows all of them.

locals {
  wrong_authorizers = { for rule, names in local.broken_authorizers : rule => join(", ", names) }
  wrong_cors        = { for rule, names in local.broken_cors : rule => try(join(", ", names), "") }
  wrong_routes      = { for rule, names in local.broken_routes : rule => join(", ", names) }
  wrong_schemas     = { for rule, names in local.broken_schemas : rule => join(", ", names) }
}
