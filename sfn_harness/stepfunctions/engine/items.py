"""The items of a Map state, and what each iteration or child execution gets of them."""

from __future__ import annotations

from collections.abc import Sequence

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine import documents
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import RUNTIME
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions.types import Json
from sfn_harness.stepfunctions.language import tree


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
    selector = state.parameters if state.item_selector is None else state.item_selector
    if selector is None:
        return Document(value)
    data = visit.data(effective.value, item={"Index": index, "Value": value})
    return documents.of(selector.evaluate(data), effective)
