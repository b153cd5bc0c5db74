"""The flow of a Parallel state."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions.engine import documents
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import StateFailedError
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.branch import Branch


async def run_branches(visit: Visit) -> Document:
    """Run the branches; return the array of their outputs. Raises StateFailedError: of the first that fails."""
    state: tree.Parallel = visit.state
    branch, children = visit.branch, visit.children
    if not children:  # else the execution has been redriven
        given = visit.arguments(visit.input if visit.is_jsonata else visit.effective_input())
        branch.last = branch.history.add("ParallelStateStarted", branch.last)
        children = visit.children = [branch.child(program, given, branch.last) for program in state.branches]
    ends: list[Branch] = []
    try:
        await together(_run(child, ends) for child in children if child.result is None)
    except StateFailedError as failure:
        if not failure.is_final:
            for child in children:
                child.abort(failure.last)
        raise
    # Recorded on AWS: what follows the state follows the branches' last event (localstack/localstack tests v4.14.0,
    # scenarios/test_base_scenarios test_parallel_state, 2024-09-12).
    if ends:
        branch.last = ends[-1].last
    branch.history.add("ParallelStateSucceeded", branch.last)
    return documents.array([child.result for child in children])


async def _run(child: Branch, ends: list[Branch]) -> None:
    await child.run()
    ends.append(child)


async def together(runs: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run coroutines at the same time. Raises what the first that fails raises, after the others are cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            for run in runs:
                group.create_task(run)
    except* StateFailedError as failures:
        first = failures.exceptions[0]
    else:
        return
    raise first
