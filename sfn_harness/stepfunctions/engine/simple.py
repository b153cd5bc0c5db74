"""The flow of the states that do no work: Pass, Choice, Wait, Succeed and Fail."""

from __future__ import annotations

from typing import NoReturn

from sfn_harness.stepfunctions.engine import documents, times
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import RUNTIME, StateFailedError
from sfn_harness.stepfunctions.engine.visit import Exit, Visit
from sfn_harness.stepfunctions.errors import EvaluationError, StateError
from sfn_harness.stepfunctions.expressions.types import Json, Template
from sfn_harness.stepfunctions.language import tree

# Recorded on AWS: 24855 days are taken, 24856 are not (localstack/localstack tests v4.14.0, base/test_wait,
# 2023-12-13).
_LONGEST_WAIT = 2**31 - 1


def pass_on(visit: Visit) -> Exit:
    """Pass: make the result of the definition, or hand the input on."""
    state: tree.Pass = visit.state
    if visit.is_jsonata:
        return _leave_jsonata(visit, state.next, state.assign, state.output)
    if state.has_result:
        result = Document(state.result)
        visit.note("result", result)
    else:
        result = visit.arguments(visit.effective_input())
    visit.note("afterResultSelector", result)
    assigned = visit.assigned(state.assign, result.value) if state.assign is not None else None
    return visit.leave(visit.output(result), state.next, assigned)


def succeed(visit: Visit) -> Exit:
    """Succeed: end the branch."""
    if visit.is_jsonata:
        return _leave_jsonata(visit, None, visit.state.assign, visit.state.output)
    return _leave(visit, visit.effective_input(), None, visit.state.assign)


def choose(visit: Visit) -> Exit:
    """Choice: find the first rule that holds."""
    state: tree.ChoiceState = visit.state
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    for rule in state.rules:
        if rule.condition.holds(visit.data(effective.value)):
            following, assign, output = rule.next, rule.assign, rule.output
            break
    else:
        if state.default is None:
            # The words are from memory: nothing recorded has them.
            cause = f"The state '{state.name}' has no Default, and none of its Choices holds."
            raise EvaluationError("States.NoChoiceMatched", cause)
        following, assign, output = state.default, state.assign, state.output
    if visit.is_jsonata:
        return _leave_jsonata(visit, following, assign, output)
    return _leave(visit, effective, following, assign)


async def wait(visit: Visit) -> Exit:
    """Wait: let time pass."""
    state: tree.Wait = visit.state
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    clock = visit.branch.execution.engine.clock
    if state.seconds is not None:
        seconds = visit.number(state.seconds, effective)
    else:
        seconds = _timestamp(visit, state.timestamp, effective) - clock.now()
    if seconds > _LONGEST_WAIT:
        raise EvaluationError(RUNTIME, "Wait state delay is too long.")
    await clock.sleep(seconds)
    if visit.is_jsonata:
        return _leave_jsonata(visit, state.next, state.assign, state.output)
    return _leave(visit, effective, state.next, state.assign)


def fail(visit: Visit) -> NoReturn:
    """Fail: end the branch badly."""
    state: tree.Fail = visit.state
    if not visit.is_jsonata:
        visit.note("afterInputPath", visit.input)
    texts = [
        part if part is None or isinstance(part, str) else part.evaluate(visit.data(visit.input.value))
        for part in (state.error, state.cause)
    ]
    raise StateFailedError(*texts, visit.branch.last)


def _timestamp(visit: Visit, timestamp: Json, effective: Document) -> float:
    moment = timestamp if isinstance(timestamp, str) else timestamp.evaluate(visit.data(effective.value))
    if isinstance(moment, int | float):
        return moment
    seconds = times.read(moment) if isinstance(moment, str) else None
    if seconds is None:
        raise StateError(RUNTIME, f"{moment!r} is no timestamp")  # the parser lets no such literal through
    return seconds


def _leave(visit: Visit, effective: Document, following: str | None, assign: Template | None) -> Exit:
    assigned = None if assign is None else visit.assigned(assign, effective.value)
    return visit.leave(visit.output(effective), following, assigned)


def _leave_jsonata(visit: Visit, following: str | None, assign: Template | None, output: Template | None) -> Exit:
    given = visit.input
    assigned = None if assign is None else visit.assigned(assign, given.value)
    if output is not None:
        given = documents.of(output.evaluate(visit.data(given.value)), given)
    return visit.leave(given, following, assigned)
