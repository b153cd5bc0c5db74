"""The flow of the states that can fail and be tried again: Task, Parallel and Map."""

from __future__ import annotations

from sfn_harness.stepfunctions.engine import documents
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import StateFailedError, matches
from sfn_harness.stepfunctions.engine.maps import run_map
from sfn_harness.stepfunctions.engine.parallel import run_branches
from sfn_harness.stepfunctions.engine.task import run_task
from sfn_harness.stepfunctions.engine.visit import Exit, Visit
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.language import tree

_WORK = {tree.Task: run_task, tree.Parallel: run_branches, tree.Map: run_map}


async def perform(visit: Visit) -> Exit:
    """Do the state's work, again where Retry says so; return how the state is left.

    Raises StateFailedError, StateError.
    """
    work = _WORK[type(visit.state)]
    while True:
        try:
            return finish(visit, await work(visit))
        except StateError as error:
            failure = visit.failure(error)
        except StateFailedError as raised:
            failure = raised
        visit.branch.last = failure.last
        delay = None if failure.is_final else _delay(visit, failure)
        if delay is None:
            break
        await visit.branch.execution.engine.clock.sleep(delay)
        visit.retries += 1
        visit.children, visit.map_run = (), None
    if not failure.is_final and not isinstance(visit.state, tree.Task):
        visit.is_closed = True
        failure.last = visit.branch.last = visit.branch.history.add(f"{visit.state.kind}StateFailed", failure.last)
    catcher = find_catcher(visit.state, failure)
    if catcher is None:
        raise failure
    return caught(visit, catcher, failure)


def finish(visit: Visit, result: Document) -> Exit:
    """Return how the state is left after its work. Raises StateError."""
    state: tree.Failing = visit.state
    if not isinstance(state, tree.Map):
        visit.note("result", result)
    if visit.is_jsonata:
        assigned = visit.assigned(state.assign, result.value, result=result.value)
        output = result
        if state.output is not None:
            made = state.output.evaluate(visit.data(result.value, result=result.value))
            output = documents.of(made, result, visit.input)
        return visit.leave(output, state.next, assigned)
    # "The assign step occurs at the same time as the ResultSelector": AWS's developer guide, "Passing data between
    # states with variables", seen 2026-11.
    assigned = visit.assigned(state.assign, result.value)
    if state.result_selector is not None:
        result = documents.of(state.result_selector.evaluate(visit.data(result.value)), result)
    visit.note("afterResultSelector", result)
    return visit.leave(visit.output(result), state.next, assigned)


def find_catcher(state: tree.Failing, failure: StateFailedError) -> tree.Catcher | None:
    """Return the first entry of Catch that takes a failure."""
    if failure.is_final:
        return None
    return next((catcher for catcher in state.catch if matches(failure, catcher.error_equals)), None)


def caught(visit: Visit, catcher: tree.Catcher, failure: StateFailedError) -> Exit:
    """Return how the state is left when an entry of Catch takes its failure. Raises StateError."""
    error_output = failure.output()
    if visit.is_jsonata:
        assigned = visit.assigned(catcher.assign, error_output, errorOutput=error_output)
        output = error_output
        if catcher.output is not None:
            output = catcher.output.evaluate(visit.data(error_output, errorOutput=error_output))
    else:
        assigned = visit.assigned(catcher.assign, error_output)
        output = visit.input.value if catcher.discard_result else error_output
        if catcher.result_path is not None:
            output = catcher.result_path.write(visit.input.value, error_output, visit.data(error_output))
    return visit.leave(documents.of(output, visit.input), catcher.next, assigned)


def find_retrier(state: tree.Failing, failure: StateFailedError) -> int | None:
    """Return the place of the first entry of Retry that takes a failure."""
    for index, retrier in enumerate(state.retry):
        if matches(failure, retrier.error_equals):
            return index
    return None


def interval(retrier: tree.Retrier, attempt: int) -> float:
    """Return the seconds before a further attempt (0: the first), without jitter."""
    delay = retrier.interval_seconds * retrier.backoff_rate**attempt
    return delay if retrier.max_delay_seconds is None else min(delay, retrier.max_delay_seconds)


def _delay(visit: Visit, failure: StateFailedError) -> float | None:
    """Return how long to wait before the next attempt; None: there is none."""
    index = find_retrier(visit.state, failure)
    if index is None:
        return None
    retrier = visit.state.retry[index]
    if visit.attempts is None:
        visit.attempts = [0] * len(visit.state.retry)
    attempt = visit.attempts[index]
    if attempt >= retrier.max_attempts:
        return None
    visit.attempts[index] += 1
    delay = interval(retrier, attempt)
    return visit.branch.execution.engine.random.uniform(0, delay) if retrier.jitter else delay
