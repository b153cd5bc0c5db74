"""TestState: one state by itself, and the way that the data takes through it.

What the inspection data have, by type of state and query language, is recorded on AWS: localstack/localstack tests
v4.14.0, v2/test_state, 2025-11 and 2025-12.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions.engine.attempts import caught, find_catcher, find_retrier, finish, interval
from sfn_harness.stepfunctions.engine.branch import AT_ONCE, Branch
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.execution import Execution
from sfn_harness.stepfunctions.engine.failures import StateFailedError
from sfn_harness.stepfunctions.engine.interface import Mock, StateTest, StateTestResult
from sfn_harness.stepfunctions.engine.items import find_items, item_input
from sfn_harness.stepfunctions.engine.map_run import EXCEEDED, Tolerance
from sfn_harness.stepfunctions.engine.simple import wait
from sfn_harness.stepfunctions.engine.task import play, run_task
from sfn_harness.stepfunctions.engine.visit import Exit, Visit
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.engine import Engine

Json = Any

# What the context object says, whatever the state's name is. Recorded on AWS: localstack/localstack tests v4.14.0,
# test_state/test_test_state_scenarios test_state_with_variables, 2026-02-24.
_SHOWN_NAME = "StateName"


async def run_test(engine: Engine, test: StateTest) -> StateTestResult:
    """Run a state, and tell what came of it. Nothing is tried again."""
    visit = _enter(engine, test)
    result = StateTestResult("SUCCEEDED")
    try:
        _leave(visit, await _perform(visit, test), result)
    except StateError as error:
        _failed(visit, test, StateFailedError(error.error, error.cause, 0), result)
    except StateFailedError as failure:
        _failed(visit, test, failure, result)
    shown = {"input": test.input}
    for member, value in visit.details.items():
        shown[member] = _text(value.value) if isinstance(value, Document) else value
    if visit.branch.variables:
        shown["variables"] = _text(visit.branch.variables)
    result.inspection = {**shown, **result.inspection}
    return result


def find_state(program: tree.Program, name: str) -> tuple[tree.Program, tree.State] | None:
    """Return a state by its name, wherever it is, and the program that it is one of."""
    for each in _programs(program):
        if name in each.states:
            return each, each.states[name]
    return None


def _programs(program: tree.Program) -> Iterator[tree.Program]:
    yield program
    for state in program.states.values():
        inner = state.branches if isinstance(state, tree.Parallel) else ()
        for each in (state.processor,) if isinstance(state, tree.Map) else inner:
            yield from _programs(each)


class _OneMock:
    """The mock of the one task."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def take(self, _state: str) -> Mock:
        return self._mock


def _enter(engine: Engine, test: StateTest) -> Visit:
    program, state = find_state(test.workflow.definition.program, test.state)
    name = engine.new_id()
    given = Document(text=test.input)
    execution = Execution(
        engine,
        test.workflow,
        test.input,
        arn=test.workflow.scope.arn(f"express:{test.workflow.name}:{name}"),
        name=name,
        mocks=None if test.mock is None else _OneMock(test.mock),
    )
    visit = Visit(Branch(execution, program, given, 0, test.variables), state, given)
    visit.given_context, visit.shown_name, visit.details = test.context, _SHOWN_NAME, {}
    visit.reveals_secrets = test.reveal_secrets
    visit.retries = test.retrier_retry_count or 0
    return visit


async def _perform(visit: Visit, test: StateTest) -> Exit:
    at_once = AT_ONCE.get(type(visit.state))
    if at_once is not None:
        return at_once(visit)
    if isinstance(visit.state, tree.Wait):
        return await wait(visit)
    if isinstance(visit.state, tree.Task):
        return finish(visit, await run_task(visit))
    if isinstance(visit.state, tree.Parallel):
        visit.arguments(visit.input if visit.is_jsonata else visit.effective_input())
    else:
        _prepare_map(visit, test)
    return finish(visit, Document(play(test.mock)))


def _prepare_map(visit: Visit, test: StateTest) -> None:
    """Do what a Map state does before its iterations. Raises StateError, also for iterations that have failed."""
    state: tree.Map = visit.state
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    limit = visit.number(state.max_concurrency, effective)
    items = test.map_item_reader_data
    if state.item_reader is None:
        items = find_items(visit, effective)
        if not visit.is_jsonata:
            visit.note("afterItemsPath", Document(items))
    if state.item_selector is not None and isinstance(items, list):
        selected = [item_input(visit, effective, index, value).value for index, value in enumerate(items)]
        visit.note("afterItemSelector", Document(selected))
    tolerance = Tolerance(
        visit.number(state.tolerated_failure_count, effective),
        visit.number(state.tolerated_failure_percentage, effective),
    )
    visit.details["maxConcurrency"] = limit
    if tolerance.count is not None:
        visit.details["toleratedFailureCount"] = tolerance.count
    if tolerance.percentage is not None:
        visit.details["toleratedFailurePercentage"] = float(tolerance.percentage)
    failed, is_limited = test.map_iteration_failure_count, tolerance != Tolerance()
    if failed and is_limited and not test.mock.fails and tolerance.is_exceeded(failed, len(items or ())):
        raise StateError(EXCEEDED, "The specified tolerated failure threshold was exceeded")


def _leave(visit: Visit, exit_: Exit, result: StateTestResult) -> None:
    output, result.next_state, assigned, _ = exit_
    given = visit.input
    result.output = given.text if output is given else _text(output.value)
    if assigned:
        visit.branch.variables = {**visit.branch.variables, **assigned}


def _failed(visit: Visit, test: StateTest, failure: StateFailedError, result: StateTestResult) -> None:
    result.status, result.error, result.cause = "FAILED", failure.error, failure.cause
    state = visit.state
    if not isinstance(state, tree.Failing) or failure.is_final:
        return
    index = find_retrier(state, failure)
    if index is not None:
        retrier, count = state.retry[index], test.retrier_retry_count or 0
        details = result.inspection["errorDetails"] = {"retryIndex": index}
        if count < retrier.max_attempts:
            seconds = interval(retrier, count)
            details["retryBackoffIntervalSeconds"] = int(seconds) if seconds == int(seconds) else seconds
            result.status = "RETRIABLE"
            return
    catcher = find_catcher(state, failure)
    if catcher is not None:
        result.inspection["errorDetails"] = {"catchIndex": state.catch.index(catcher)}
        _leave(visit, caught(visit, catcher, failure), result)
        result.status = "CAUGHT_ERROR"


def _text(value: Json) -> str:
    """Return JSON as TestState writes it: with spaces, as is recorded for arrays."""
    return json.dumps(value, ensure_ascii=False)
