"""The flow of a Map state: the choice of its items, and its iterations within the execution."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine import documents
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import RUNTIME, StateFailedError
from sfn_harness.stepfunctions.engine.parallel import together
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import EvaluationError, StateError
from sfn_harness.stepfunctions.expressions.types import Json
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.branch import Branch


async def run_map(visit: Visit) -> Document:
    """Run the processor for each item; return the array of the outputs. Raises StateFailedError, StateError."""
    state: tree.Map = visit.state
    effective = visit.input if visit.is_jsonata else visit.effective_input()
    limit = visit.number(state.max_concurrency, effective)
    items = find_items(visit, effective)
    branch = visit.branch
    if not visit.children:
        branch.last = branch.history.add("MapStateStarted", branch.last, {"length": len(items)})
        visit.children = []
    return await _Iterations(visit, effective, items).run(limit or len(items))


def find_items(visit: Visit, effective: Document) -> Sequence[Json]:
    """Return the items of Items, ItemsPath or the state's input. Raises EvaluationError: there is no array."""
    state: tree.Map = visit.state
    if visit.is_jsonata:
        items = effective.value if state.items is None else state.items.evaluate(visit.data(effective.value))
        if not isinstance(items, list):
            # Recorded on AWS (localstack/localstack tests v4.14.0, scenarios/test_base_scenarios
            # test_map_state_items_input_types, 2024-11-19).
            cause = f"Map state input must be an array but was: {json_text.write(items)}"
            raise EvaluationError("States.QueryEvaluationError", cause)
        return items
    items = effective.value if state.items_path is None else state.items_path.evaluate(visit.data(effective.value))
    if not isinstance(items, list):
        path = "$" if state.items_path is None else state.items_path.text
        raise EvaluationError(RUNTIME, f'Reference path "{path}" must point to array.')  # from memory
    return items


def item_input(visit: Visit, effective: Document, index: int, value: Json) -> Document:
    """Return what ItemSelector (Parameters, in old definitions) makes of an item. Raises StateError."""
    state: tree.Map = visit.state
    selector = state.item_selector or state.parameters
    if selector is None:
        return Document(value)
    data = visit.data(effective.value, item={"Index": index, "Value": value})
    return documents.of(selector.evaluate(data), effective)


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
