"""Warnings of ValidateStateMachineDefinition: AWS documents their codes (API reference,
ValidateStateMachineDefinitionDiagnostic, read 2026-11)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.language import examine, parse
from tests.stepfunctions.definitions import PASS, choice, jsonata, machine, mapping

Json = Any

ODD: dict[str, tuple[Json, str, str]] = {
    "a path in parameters": (
        machine(P={**PASS, "Parameters": {"a": [{"b": "$.c"}]}}),
        "NO_DOLLAR",
        "/States/P/Parameters/a[0]/b",
    ),
    "a call in a branch": (
        machine(
            B={"Type": "Parallel", "Branches": [machine(P={**PASS, "Assign": {"a": "States.UUID()"}})], "End": True}
        ),
        "NO_DOLLAR",
        "/States/B/Branches[0]/States/P/Assign/a",
    ),
    "a context path in a map": (
        machine(M=mapping(ItemProcessor=machine(P={**PASS, "Parameters": {"a": "$$.Map.Item.Index"}}))),
        "NO_DOLLAR",
        "/States/M/ItemProcessor/States/P/Parameters/a",
    ),
    "a path as an error": (machine(F={"Type": "Fail", "Error": "$.e"}), "NO_PATH", "/States/F/Error"),
    "a path to compare with": (
        choice({"Not": {"And": [{"Variable": "$.a", "StringEquals": "$.b"}]}, "Next": "P"}),
        "NO_PATH",
        "/States/C/Choices[0]/Not/And[0]/StringEquals",
    ),
    "a path in a result": (machine(P={**PASS, "Result": {"a.$": "$.a"}}), "PASS_RESULT_IS_STATIC", "/States/P/Result"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd(name: str) -> None:
    definition, code, location = ODD[name]
    text = json.dumps(definition)
    assert [(one.severity, one.code, one.location) for one in examine(text, express=False)] == [
        ("WARNING", code, location)
    ]
    parse(text, express=False)


PLAIN: dict[str, Json] = {
    "a member with .$": machine(P={**PASS, "Parameters": {"a.$": "$.a", "b": "costs $5"}}),
    "a path to compare with, by its name": choice({"Variable": "$.a", "StringEqualsPath": "$.b", "Next": "P"}),
    "jsonata": jsonata(P={**PASS, "Output": {"a": "$.a"}}),
    "a result without paths": machine(P={**PASS, "Result": {"a": "$ 5"}}),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain(name: str) -> None:
    assert examine(json.dumps(PLAIN[name]), express=False) == []
