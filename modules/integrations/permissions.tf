locals {
  # Executions are resources of their own, whose names nobody knows yet: every execution of one state machine. The actions
  # on a task know a token and no ARN, so IAM can't be asked about one.
  action_permissions = [for key, route in local.routes : {
    action = "states:${route.action}"
    arns = {
      execution     = [for arn in local.targets[key].arns : replace(arn, "/:stateMachine:([^:]+).*$/", ":execution:$1:*")]
      state_machine = [for arn in local.targets[key].arns : replace(arn, "/(:stateMachine:[^:]+):.*$/", "$1")]
      task          = ["*"]
    }[local.actions[route.action].target]
  } if !contains(keys(var.functions), key)]

  # Functions that are called in place of Step Functions, or asked before.
  function_permissions = [for arn in concat(
    values(var.functions)[*].function_arn,
    [for authorizer in values(local.used_authorizers) : authorizer.function_arn if authorizer.type != "COGNITO_USER_POOLS"],
  ) : { action = "lambda:InvokeFunction", arns = [arn] }]

  permitted = concat(local.action_permissions, local.function_permissions)

  permissions = { for action in distinct(local.permitted[*].action) : action => distinct(flatten(
    [for permission in local.permitted : permission.arns if permission.action == action]
  )) }
}
