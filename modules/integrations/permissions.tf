locals {
  # Executions are resources of their own, whose names nobody knows yet: every execution of one state machine.
  permitted = [for key, route in var.routes : {
    action = "states:${route.action}"
    arns = [for arn in local.targets[key].arns : route.action == "StartExecution" ?
      replace(arn, "/(:stateMachine:[^:]+):.*$/", "$1") :
      replace(arn, "/:stateMachine:([^:]+).*$/", ":execution:$1:*")
    ]
  }]

  permissions = { for action in distinct(local.permitted[*].action) : action => distinct(flatten(
    [for permission in local.permitted : permission.arns if permission.action == action]
  )) }
}
