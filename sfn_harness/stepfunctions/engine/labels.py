"""Labels of distributed Map states, by which their child executions' state machines are called."""

from __future__ import annotations

import uuid

from sfn_harness.stepfunctions.language import tree


def map_label(machine_arn: str, state: tree.Map) -> str:
    """Return the label of a Map state of a state machine.

    AWS makes one where the definition has none. Ours is the same each time, so that histories are, too.
    """
    return state.label or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{machine_arn}/{state.name}"))
