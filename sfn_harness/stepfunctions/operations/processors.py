"""States anywhere in a definition: in the tree, and in its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sfn_harness.stepfunctions.engine.labels import map_label
from sfn_harness.stepfunctions.json_text import parse, write
from sfn_harness.stepfunctions.language.tree import Map, Parallel, Program, State
from sfn_harness.stepfunctions.store import Revision

Json = Any


def all_states(program: Program) -> Iterator[State]:
    """Return the states of a program, and those of the programs in it."""
    for state in program.states.values():
        yield state
        if isinstance(state, Parallel):
            for branch in state.branches:
                yield from all_states(branch)
        elif isinstance(state, Map):
            yield from all_states(state.processor)


def find_processor(revision: Revision, label: str) -> Program | None:
    """Return the processor of the distributed Map state that has a label."""
    for state in all_states(revision.definition.program):
        if isinstance(state, Map) and state.distributed and map_label(revision.arn, state) == label:
            return state.processor
    return None


def processor_text(revision: Revision, processor: Program) -> str:
    """Return the definition of a Map state's processor, which is what its child executions run."""
    name = next(
        state.name
        for state in all_states(revision.definition.program)
        if isinstance(state, Map) and state.processor is processor
    )
    state = next(members for found, members in _members(parse(revision.text)) if found == name)
    return write(_processor(state))


def _members(program: Json) -> Iterator[tuple[str, Json]]:
    for name, members in program["States"].items():
        yield name, members
        for inner in (*members.get("Branches", ()), _processor(members)):
            if inner is not None:
                yield from _members(inner)


def _processor(members: Json) -> Json:
    return members.get("ItemProcessor") or members.get("Iterator")
