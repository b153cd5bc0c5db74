# A typed variable drops an attribute that its type lacks without a word. So each setting is taken twice: with its type,
# and as it was written; and the names in the second are looked for in the first.

locals {
  routes = { for name, route in var.routes : name => route if route != null }
  stages = { for name, stage in var.stages : name => stage if stage != null }

  # Every object with settings: where it stands => the names that were written, and the names that there are.
  objects = merge(
    { for name, typed in {
      cors          = var.cors
      functions     = var.functions
      names         = var.names
      state_machine = var.state_machine
      } : name => { given = try(keys(var.given[name]), []), known = try(keys(typed), []) }
    },
    { for name, typed in var.authorizers : "authorizers[\"${name}\"]" => {
      given = try(keys(var.given.authorizers[name]), [])
      known = try(keys(typed), [])
    } },
    { for name, typed in var.routes : "routes[\"${name}\"]" => {
      given = try(keys(var.given.routes[name]), [])
      known = try(keys(typed), [])
    } },
    { for name, typed in var.stages : "stages[\"${name}\"]" => {
      given = try(keys(var.given.stages[name]), [])
      known = try(keys(typed), [])
    } },
    # Objects in objects.
    merge([for member in ["offload", "request"] : {
      for name, typed in var.routes : "routes[\"${name}\"].${member}" => {
        given = try(keys(var.given.routes[name][member]), [])
        known = try(keys(typed[member]), [])
      }
    }]...),
    merge([for member in ["access_log", "throttling"] : {
      for name, typed in var.stages : "stages[\"${name}\"].${member}" => {
        given = try(keys(var.given.stages[name][member]), [])
        known = try(keys(typed[member]), [])
      }
    }]...),
    { "state_machine.logging" = {
      given = try(keys(var.given.state_machine.logging), [])
      known = try(keys(var.state_machine.logging), [])
    } },
    { for index, typed in try(var.state_machine.policy_statements, []) : "state_machine.policy_statements[${index}]" => {
      given = try(keys(var.given.state_machine.policy_statements[index]), [])
      known = try(keys(typed), [])
    } },
  )

  # Names that no setting has, each with where it stands and the names that there are.
  unknown = flatten([for place, names in local.objects : [for name in setsubtract(names.given, names.known) : {
    known = names.known
    name  = name
    place = place
  }]])

  # Names are compared by their pairs of letters (Dice's coefficient): "authorisation" and "authorization" share 10 of 12.
  compared = distinct(flatten([for each in local.unknown : concat([each.name], each.known)]))
  letters  = { for name in local.compared : name => lower(replace(name, "/[^A-Za-z0-9]/", "")) }
  pairs = { for name, letters in local.letters : name => toset([
    for index in range(max(length(letters) - 1, 0)) : substr(letters, index, 2)
  ]) }
  similar = [for each in local.unknown : [for known in each.known : known if(
    2 * length(setintersection(local.pairs[each.name], local.pairs[known]))
    >= 0.5 * (length(local.pairs[each.name]) + length(local.pairs[known]))
  )]]

  misspelt = [for index, each in local.unknown : join("", [
    "${each.place} has no setting \"${each.name}\". ",
    length(local.similar[index]) > 0
    ? "Write ${join(" or ", local.similar[index])}."
    : "The settings there are ${join(", ", each.known)}.",
  ])]

  # An object of a map that is null has no settings at all.
  empty = concat(
    [for name, settings in var.authorizers : "authorizers[\"${name}\"]" if settings == null],
    [for name, settings in var.routes : "routes[\"${name}\"]" if settings == null],
    [for name, settings in var.stages : "stages[\"${name}\"]" if settings == null],
  )
}
