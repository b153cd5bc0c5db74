"""The operations of the API, by the names in the service model.

Each is a function of a `Call`, whose request the service's model has been asked about. Some wait, and are coroutine
functions.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from sfn_harness.stepfunctions.operations import (
    activities,
    aliases,
    definitions,
    executions,
    map_runs,
    state_machines,
    state_tests,
    tags,
    tasks,
    versions,
)
from sfn_harness.stepfunctions.operations.parts import Answer, Call

Function = Callable[[Call], Answer | Coroutine[Any, Any, Answer]]

OPERATIONS: Mapping[str, Function] = MappingProxyType(
    {
        "CreateActivity": activities.create_activity,
        "CreateStateMachine": state_machines.create_state_machine,
        "CreateStateMachineAlias": aliases.create_state_machine_alias,
        "DeleteActivity": activities.delete_activity,
        "DeleteStateMachine": state_machines.delete_state_machine,
        "DeleteStateMachineAlias": aliases.delete_state_machine_alias,
        "DeleteStateMachineVersion": versions.delete_state_machine_version,
        "DescribeActivity": activities.describe_activity,
        "DescribeExecution": executions.describe_execution,
        "DescribeMapRun": map_runs.describe_map_run,
        "DescribeStateMachine": state_machines.describe_state_machine,
        "DescribeStateMachineAlias": aliases.describe_state_machine_alias,
        "DescribeStateMachineForExecution": state_machines.describe_state_machine_for_execution,
        "GetActivityTask": activities.get_activity_task,
        "GetExecutionHistory": executions.get_execution_history,
        "ListActivities": activities.list_activities,
        "ListExecutions": executions.list_executions,
        "ListMapRuns": map_runs.list_map_runs,
        "ListStateMachineAliases": aliases.list_state_machine_aliases,
        "ListStateMachineVersions": versions.list_state_machine_versions,
        "ListStateMachines": state_machines.list_state_machines,
        "ListTagsForResource": tags.list_tags_for_resource,
        "PublishStateMachineVersion": versions.publish_state_machine_version,
        "RedriveExecution": executions.redrive_execution,
        "SendTaskFailure": tasks.send_task_failure,
        "SendTaskHeartbeat": tasks.send_task_heartbeat,
        "SendTaskSuccess": tasks.send_task_success,
        "StartExecution": executions.start_execution,
        "StartSyncExecution": executions.start_sync_execution,
        "StopExecution": executions.stop_execution,
        "TagResource": tags.tag_resource,
        "TestState": state_tests.test_state,
        "UntagResource": tags.untag_resource,
        "UpdateMapRun": map_runs.update_map_run,
        "UpdateStateMachine": state_machines.update_state_machine,
        "UpdateStateMachineAlias": aliases.update_state_machine_alias,
        "ValidateStateMachineDefinition": definitions.validate_state_machine_definition,
    }
)
