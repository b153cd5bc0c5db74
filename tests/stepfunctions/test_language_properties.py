"""Definitions that are drawn: the right ones are taken, and each single fault is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import count, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_harness.stepfunctions.language import examine, parse
from tests.stepfunctions.definitions import FUNCTION, INVOKE

Json = Any

PATHS = st.sampled_from(["$", "$.a", "$.a.b[0]", "$['a b']", "$v", "$v.a"])
RETRY = {"ErrorEquals": ["E"], "MaxAttempts": 1}
LEAVES = st.one_of(
    st.fixed_dictionaries(
        {"Type": st.just("Pass")},
        optional={"Result": st.integers(), "ResultPath": st.sampled_from(["$.r", None]), "Comment": st.text()},
    ),
    st.fixed_dictionaries({"Type": st.just("Wait"), "Seconds": st.integers(0, 99)}, optional={"OutputPath": PATHS}),
    st.fixed_dictionaries(
        {"Type": st.just("Task"), "Resource": st.just(FUNCTION)},
        optional={"InputPath": PATHS, "TimeoutSeconds": st.integers(1, 99), "Retry": st.just([RETRY])},
    ),
    st.fixed_dictionaries(
        {
            "Type": st.just("Task"),
            "Resource": st.just(INVOKE),
            "Parameters": st.fixed_dictionaries({"FunctionName": st.just("f")}, optional={"Payload.$": PATHS}),
        }
    ),
)


@st.composite
def programs(draw: st.DrawFn, names: Iterator[int] | None = None, depth: int = 2) -> dict[str, Json]:
    """Draw a program: a chain of states, in which a Choice may go straight to the end."""
    names = count() if names is None else names
    chain = [f"S{next(names)}" for _ in range(draw(st.integers(1, 3)))]
    states: dict[str, Json] = {}
    for name, following in pairwise(chain):
        kind = draw(st.sampled_from(["leaf", "choice", "parallel", "map"] if depth else ["leaf", "choice"]))
        if kind == "choice":
            rule = {"Variable": draw(PATHS), "IsPresent": draw(st.booleans()), "Next": chain[-1]}
            states[name] = {"Type": "Choice", "Choices": [rule], "Default": following}
            continue
        if kind == "parallel":
            inner = draw(st.lists(programs(names, depth - 1), min_size=1, max_size=2))
            states[name] = {"Type": "Parallel", "Branches": inner}
        elif kind == "map":
            states[name] = {"Type": "Map", "ItemProcessor": draw(programs(names, depth - 1))}
        else:
            states[name] = dict(draw(LEAVES))
        states[name]["Next"] = following
        if kind in ("parallel", "map") and draw(st.booleans()):
            states[name]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": chain[-1]}]
    last = draw(st.sampled_from(["Succeed", "Fail", "leaf"]))
    states[chain[-1]] = {**draw(LEAVES), "End": True} if last == "leaf" else {"Type": last}
    return {"StartAt": chain[0], "States": states}


REQUIRED = {
    "Task": ("Resource",),
    "Wait": ("Seconds",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
    "Map": ("ItemProcessor",),
}

# Where a member is in a definition: the names and indexes that lead to it.
Place = tuple[str | int, ...]


def required(program: dict[str, Json], at: Place = ()) -> Iterator[Place]:
    """Yield the places of all members without which AWS refuses the definition."""
    yield (*at, "StartAt")
    yield (*at, "States")
    for name, state in program["States"].items():
        place = (*at, "States", name)
        yield from (
            (*place, member) for member in ("Type", "Next", "End", *REQUIRED.get(state["Type"], ())) if member in state
        )
        for field, members in (
            ("Choices", ("Variable", "IsPresent", "Next")),
            ("Catch", ("ErrorEquals", "Next")),
            ("Retry", ("ErrorEquals",)),
        ):
            for index in range(len(state.get(field, ()))):
                yield from ((*place, field, index, member) for member in members)
        for index, branch in enumerate(state.get("Branches", ())):
            yield from required(branch, (*place, "Branches", index))
        if "ItemProcessor" in state:
            yield from required(state["ItemProcessor"], (*place, "ItemProcessor"))


def changed(definition: dict[str, Json], place: Place, value: Json = None) -> dict[str, Json]:
    """Return the definition with another value at a place, or without it."""
    result = copy.deepcopy(definition)
    inner = result
    for step in place[:-1]:
        inner = inner[step]
    del inner[place[-1]]
    if value is not None:
        inner[place[-1]] = value
    return result


def added(definition: dict[str, Json], place: Place, name: str) -> dict[str, Json]:
    """Return the definition with one more member beside the one at a place."""
    result = copy.deepcopy(definition)
    inner = result
    for step in place[:-1]:
        inner = inner[step]
    inner[name] = 1
    return result


def is_refused(definition: dict[str, Json]) -> bool:
    return any(one.severity == "ERROR" for one in examine(json.dumps(definition), express=False))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(programs())
def test_right_definitions_are_taken(definition: dict[str, Json]) -> None:
    machine = parse(json.dumps(definition), express=False)
    assert list(machine.program.states) == list(definition["States"])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(programs())
def test_each_missing_member_is_found(definition: dict[str, Json]) -> None:
    for place in required(definition):
        assert is_refused(changed(definition, place)), place


@settings(max_examples=30, deadline=None, derandomize=True)
@given(programs())
def test_each_wrong_member_is_found(definition: dict[str, Json]) -> None:
    """A negative number is right in none of them, nor is an array of null; nor is a name of nothing, where one is."""
    for place in required(definition):
        for value in (-1, [None], *(["nothing"] if place[-1] in ("StartAt", "Next", "Type", "Resource") else [])):
            assert is_refused(changed(definition, place, value)), (place, value)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(programs(), st.sampled_from(["Resources", "next", "Typo"]))
def test_each_unknown_member_is_found(definition: dict[str, Json], name: str) -> None:
    for place in required(definition):
        assert is_refused(added(definition, place, name)), place
