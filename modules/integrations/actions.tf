locals {
  # Every action of Step Functions that a route can call, and all that is known of it:
  # `body`: whether the action takes a JSON body from the caller.
  # `example`: the body in `curl_commands`, if the action needs a certain one.
  # `start`: whether it starts an execution, which has an input and a name.
  # `target`: what it acts on, and so what the role must allow: an execution, a state machine or a task.
  # `template`: the file in templates/ that makes its request.
  # `types`: the state machine types that have it.
  actions = {
    DescribeExecution = {
      body     = false
      example  = null
      start    = false
      target   = "execution"
      template = "describe_execution"
      types    = ["STANDARD"]
    }
    GetExecutionHistory = {
      body     = false
      example  = null
      start    = false
      target   = "execution"
      template = "get_execution_history"
      types    = ["STANDARD"]
    }
    ListExecutions = {
      body     = false
      example  = null
      start    = false
      target   = "state_machine"
      template = "list_executions"
      types    = ["STANDARD"]
    }
    SendTaskFailure = {
      body     = true
      example  = { cause = "why", error = "Refused", taskToken = "TOKEN" }
      start    = false
      target   = "task"
      template = "send_task_failure"
      types    = ["STANDARD"]
    }
    SendTaskHeartbeat = {
      body     = true
      example  = { taskToken = "TOKEN" }
      start    = false
      target   = "task"
      template = "send_task_heartbeat"
      types    = ["STANDARD"]
    }
    SendTaskSuccess = {
      body     = true
      example  = { output = {}, taskToken = "TOKEN" }
      start    = false
      target   = "task"
      template = "send_task_success"
      types    = ["STANDARD"]
    }
    StartExecution = {
      body     = true
      example  = null
      start    = true
      target   = "state_machine"
      template = "start_execution"
      types    = ["EXPRESS", "STANDARD"]
    }
    StartSyncExecution = {
      body     = true
      example  = null
      start    = true
      target   = "state_machine"
      template = "start_execution"
      types    = ["EXPRESS"]
    }
    StopExecution = {
      body     = true
      example  = null
      start    = false
      target   = "execution"
      template = "stop_execution"
      types    = ["STANDARD"]
    }
  }
}
