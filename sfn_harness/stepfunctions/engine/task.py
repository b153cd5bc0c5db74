"""The flow of a Task state: one attempt of its integration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.history import as_members
from sfn_harness.stepfunctions.engine.interface import Mock, Status
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.expressions.types import Json
from sfn_harness.stepfunctions.language import tree
from sfn_harness.stepfunctions.ports import Role
from sfn_harness.stepfunctions.tasks.interface import TaskCall


async def run_task(visit: Visit) -> Document:
    """Do one attempt; return its result. Raises StateError."""
    state: tree.Task = visit.state
    execution = visit.branch.execution
    integration = execution.engine.integrations.prepare(state.resource)
    visit.token = execution.engine.integrations.tokens.new() if integration.waits_for_token else None
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    timeout = visit.number(state.timeout_seconds, effective)
    heartbeat = visit.number(state.heartbeat_seconds, effective)
    credentials = None if state.credentials is None else state.credentials.evaluate(visit.data(effective.value))
    given = visit.arguments(effective)
    given.check_size(state.name)
    call = task_call(visit, given)
    call.timeout_seconds, call.heartbeat_seconds, call.token = timeout, heartbeat, visit.token
    if credentials is not None:
        call.credentials = credentials
        call.role = Role(credentials["RoleArn"], call.role.source_arn, call.role.scope, through=call.role)
    if execution.mocks is not None:
        mock = execution.mocks.take(state.name)
        if mock is not None:
            call.mock = partial(play, mock)
    return Document(await integration.run(call))


def task_call(visit: Visit, given: Document) -> TaskCall:
    """Return a call as the state machine's role, with what every call of a state has."""
    execution, branch = visit.branch.execution, visit.branch
    workflow = execution.workflow

    def write(value: Json) -> str:
        return given.text if value is given.value else json_text.write(value)

    def record(event_type: str, details: Mapping[str, Json] | None = None) -> None:
        if execution.status is not Status.RUNNING:
            return  # what is still done after the end is no event
        members = None if details is None else as_members(details, write)
        branch.last = branch.history.add(event_type, branch.last, members)

    return TaskCall(
        parameters=given.value,
        role=Role(workflow.role_arn, workflow.arn, workflow.scope),
        services=execution.engine.services,
        clock=execution.engine.clock,
        record=record,
        state=visit.state.name,
        entered=visit.entered,
        execution_arn=execution.arn,
        inspection=visit.details,
        reveals_secrets=visit.reveals_secrets,
    )


def play(mock: Mock) -> Json:
    """Do what a mocked task does. Raises StateError."""
    if mock.fails:
        raise StateError(mock.error, mock.cause)
    return mock.result
