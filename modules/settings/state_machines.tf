# Rules for the state machines that settings name.

locals {
  # A version or an alias may follow the name.
  state_machine_arn_pattern = "^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]{1,80}(:[^:]{1,80})?$"

  # A list for each variable: an ARN that is not known yet leaves its own list to the apply, and no other.
  broken_arns = {
    routes = [for name, route in local.routes :
      "routes[\"${name}\"].state_machine_arn is \"${route.state_machine_arn}\""
      if route.state_machine_arn != null && !can(regex(local.state_machine_arn_pattern, route.state_machine_arn))
    ]
    stages = [for name, stage in local.stages :
      "stages[\"${name}\"].state_machine_arn is \"${stage.state_machine_arn}\""
      if stage.state_machine_arn != null && !can(regex(local.state_machine_arn_pattern, stage.state_machine_arn))
    ]
    state_machine = [for machine in var.state_machine[*] : "state_machine.arn is \"${machine.arn}\""
      if machine.arn != null && !can(regex(local.state_machine_arn_pattern, machine.arn))
    ]
  }

  # "broken_arns.routes" and so on, each with the same advice.
  wrong_arns = { for variable, names in local.broken_arns : variable => join("", [
    "${join(", ", names)}, which is not a state machine's ARN. ",
    "Write arn:<partition>:states:<region>:<account>:stateMachine:<name>, ",
    "best as a reference such as aws_sfn_state_machine.orders.arn.",
  ]) }

  broken_state_machine = {
    source = [for machine in var.state_machine[*] : "state_machine" if(machine.definition == null) == (machine.arn == null)]
    type = [for machine in var.state_machine[*] : "state_machine.type is \"${machine.type}\""
      if !contains(local.types, machine.type)
    ]
  }

  types = ["EXPRESS", "STANDARD"]

  broken_types = [for name, route in local.routes :
    "routes[\"${name}\"].state_machine_type is \"${coalesce(route.state_machine_type, "-")}\""
    if !contains(local.types, coalesce(route.state_machine_type, "STANDARD"))
  ]

  # Stages that set the variable by which the templates find a stage's state machine.
  own_variables = [for name, stage in local.stages : "\"${name}\"" if contains(keys(stage.variables), "stateMachineArn")]
}
