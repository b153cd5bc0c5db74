locals {
  # Every action of Step Functions that a route can call: the state machine types that have it, what it is done to (which
  # is what the role must allow), and the template of its request.
  actions = {
    DescribeExecution   = { target = "execution", template = "describe_execution", types = ["STANDARD"] }
    GetExecutionHistory = { target = "execution", template = "get_execution_history", types = ["STANDARD"] }
    ListExecutions      = { target = "state_machine", template = "list_executions", types = ["STANDARD"] }
    SendTaskFailure     = { target = "task", template = "send_task_failure", types = ["STANDARD"] }
    SendTaskHeartbeat   = { target = "task", template = "send_task_heartbeat", types = ["STANDARD"] }
    SendTaskSuccess     = { target = "task", template = "send_task_success", types = ["STANDARD"] }
    StartExecution      = { target = "state_machine", template = "start_execution", types = ["EXPRESS", "STANDARD"] }
    StartSyncExecution  = { target = "state_machine", template = "start_execution", types = ["EXPRESS"] }
    StopExecution       = { target = "execution", template = "stop_execution", types = ["STANDARD"] }
  }

  # Routes whose action the type of their state machine does not have.
  wrong_type = { for key, route in var.routes : "\"${key}\" (${route.action})" => local.actions[route.action].types
    if !contains(local.actions[route.action].types, local.targets[key].type)
  }
  express_only  = [for route, types in local.wrong_type : route if types == ["EXPRESS"]]
  standard_only = [for route, types in local.wrong_type : route if types == ["STANDARD"]]

  # The names of EXPRESS executions may repeat.
  keyed_express = [for key, start in local.starts : "\"${key}\"" if start.execution_name == "idempotency_key" && local.targets[key].type == "EXPRESS"]
}
