"""What is allowed in a definition, but is hardly meant: the warnings of ValidateStateMachineDefinition.

AWS documents the codes and what they are for (API reference, ValidateStateMachineDefinitionDiagnostic, read 2026-11),
and says that the words may change; those here are AWS's descriptions of the codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sfn_harness.stepfunctions.language.diagnostics import WARNING, Diagnostic

Json = Any

_NO_DOLLAR = "No .$ on a field that appears to be a JSONPath or Intrinsic Function."
_NO_PATH = "Field value looks like a path, but field name does not end with 'Path'."
_STATIC_RESULT = "Attempt to use a path in the result of a pass state."

_PATH = re.compile(r"\$\$?([.\[].*)?|\$[A-Za-z]\w*([.\[].*)?")
_FUNCTION = re.compile(r"States\.[A-Za-z]\w*\(.*\)", re.DOTALL)
_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
_WITH_PATH = ("Error", "Cause", "Timestamp")


def oddities(members: dict[str, Json]) -> Iterator[Diagnostic]:
    """Yield the warnings about a definition that is right."""
    yield from _of_program(members, "", members.get("QueryLanguage", "JSONPath"))


def _of_program(program: dict[str, Json], location: str, language: str) -> Iterator[Diagnostic]:
    for name, state in program["States"].items():
        place = f"{location}/States/{name}"
        if state.get("QueryLanguage", language) == "JSONPath":
            yield from _of_state(state, place)
        for index, branch in enumerate(state.get("Branches", ())):
            yield from _of_program(branch, f"{place}/Branches[{index}]", language)
        for processor in ("ItemProcessor", "Iterator"):
            if processor in state:
                yield from _of_program(state[processor], f"{place}/{processor}", language)


def _of_state(state: dict[str, Json], place: str) -> Iterator[Diagnostic]:
    for name in _TEMPLATES:
        for where in _texts(state.get(name), f"{place}/{name}", is_template=True):
            yield Diagnostic("NO_DOLLAR", _NO_DOLLAR, where, WARNING)
    for name in _WITH_PATH:
        if _is_dynamic(state.get(name)):
            yield Diagnostic("NO_PATH", _NO_PATH, f"{place}/{name}", WARNING)
    for index, rule in enumerate(state.get("Choices", ())):
        yield from _of_rule(rule, f"{place}/Choices[{index}]")
    if state["Type"] == "Pass" and any(_texts(state.get("Result"), f"{place}/Result", is_template=False)):
        yield Diagnostic("PASS_RESULT_IS_STATIC", _STATIC_RESULT, f"{place}/Result", WARNING)


def _of_rule(rule: dict[str, Json], place: str) -> Iterator[Diagnostic]:
    for name, value in rule.items():
        if name == "Not":
            yield from _of_rule(value, f"{place}/Not")
        elif name in ("And", "Or"):
            for index, inner in enumerate(value):
                yield from _of_rule(inner, f"{place}/{name}[{index}]")
        elif name.startswith("StringEquals") and not name.endswith("Path") and _is_dynamic(value):
            yield Diagnostic("NO_PATH", _NO_PATH, f"{place}/{name}", WARNING)


def _texts(value: Json, place: str, *, is_template: bool) -> Iterator[str]:
    """Yield the places of texts that look like paths or calls; those of a template's ``name.$`` members are meant."""
    if isinstance(value, dict):
        for name, member in value.items():
            if not (is_template and name.endswith(".$")):
                yield from _texts(member, f"{place}/{name}", is_template=is_template)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}[{index}]", is_template=is_template)
    elif _is_dynamic(value):
        yield place


def _is_dynamic(value: Json) -> bool:
    return isinstance(value, str) and (_PATH.fullmatch(value) is not None or _FUNCTION.fullmatch(value) is not None)
