"""The flow of a Map state, and its iterations within the execution."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfn_harness.stepfunctions.engine import documents
from sfn_harness.stepfunctions.engine.distributed import run_distributed
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import RUNTIME, StateFailedError
from sfn_harness.stepfunctions.engine.items import find_items, item_input
from sfn_harness.stepfunctions.engine.parallel import together
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import EvaluationError, StateError
from sfn_harness.stepfunctions.expressions.types import Json
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.branch import Branch

# "When this occurs, some iterations won't begin until others have completed": AWS's developer guide of the Map state's
# inline mode, on arrays of more than 40 items, seen 2026-11.
_MOST_AT_ONCE = 40


async def run_map(visit: Visit) -> Document:
    """Run the processor for each item; return the array of the outputs. Raises StateFailedError, StateError."""
    state: tree.Map = visit.state
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    limit = visit.number(state.max_concurrency, effective)
    if limit < 0:
        raise EvaluationError(RUNTIME, "MaxConcurrency cannot be negative.")  # from memory: AWS's recording has no end
    if state.distributed:
        return await run_distributed(visit, effective, limit)
    items = find_items(visit, effective)
    branch = visit.branch
    if not visit.children:
        branch.last = branch.history.add("MapStateStarted", branch.last, {"length": len(items)})
        visit.children = []
    return await _Iterations(visit, effective, items).run(min(limit or _MOST_AT_ONCE, _MOST_AT_ONCE))


class _Iterations:
    """The iterations of one attempt."""

    def __init__(self, visit: Visit, effective: Document, items: Sequence[Json]) -> None:
        self._visit, self._effective, self._items = visit, effective, items
        self._branch = visit.branch
        self._failed: list[Branch] = []
        begun = {child.index: child for child in visit.children}
        self._unfinished = deque(child for child in visit.children if child.result is None)
        self._pending = deque(index for index in range(len(items)) if index not in begun)

    async def run(self, slots: int) -> Document:
        branch = self._branch
        first = []
        while len(first) < slots and (child := self._next(branch.last)) is not None:
            first.append(child)
        try:
            await together(self._slot(child) for child in first)
        except StateFailedError as failure:
            if not failure.is_final and self._failed:
                self._abort(failure.last)
            raise
        # Recorded on AWS: both events follow the last MapIterationSucceeded (localstack/localstack tests v4.14.0,
        # scenarios/test_base_scenarios test_map_state_item_selector, 2025-03-03).
        branch.history.add("MapStateSucceeded", branch.last)
        outputs = sorted(self._visit.children, key=lambda child: child.index)
        return documents.array([child.result for child in outputs])

    def _next(self, previous: int) -> Branch | None:
        """Begin the next iteration, after the event ``previous``. Raises StateError."""
        if self._unfinished:
            return self._unfinished.popleft()
        if not self._pending:
            return None
        index = self._pending.popleft()
        value = self._items[index]
        given = item_input(self._visit, self._effective, index, value)
        started = self._event("Started", index, previous)
        item = {"Index": index, "Value": value}
        child = self._branch.child(self._visit.state.processor, given, started, item, index)
        self._visit.children.append(child)
        return child

    async def _slot(self, child: Branch | None) -> None:
        """Run iterations one after another. Raises StateFailedError."""
        while child is not None:
            try:
                await child.run()
            except StateFailedError:
                self._failed.append(child)
                raise
            self._branch.last = self._event("Succeeded", child.index, child.last)
            try:
                child = self._next(child.last)
            except StateError as error:
                raise self._visit.failure(error) from error

    def _abort(self, previous: int) -> None:
        """Write which iteration has failed, and what ends with it.

        Recorded on AWS: localstack/localstack tests v4.14.0, timeouts/test_timeouts test_service_lambda_map_timeout,
        2024-03-10.
        """
        failed = self._failed[0]
        self._event("Failed", failed.index, previous)
        failed.abort(previous)
        for child in self._visit.children:
            if child is not failed and child.result is None:
                self._event("Aborted", child.index, previous)
                child.abort(previous)

    def _event(self, what: str, index: int, previous: int) -> int:
        details = {"name": self._visit.state.name, "index": index}
        return self._branch.history.add(f"MapIteration{what}", previous, details)
