"""The variables that states name: ``variableReferences`` of DescribeStateMachine.

Recorded on AWS by localstack/localstack, tests v4.14.0, test_sfn_api_variable_references, 2024-11-20. That test sorts
the lists before it compares them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.language import parse
from tests.stepfunctions.definitions import PASS, choice, distributed, jsonata, machine, mapping

Json = Any

S3_READER = {
    "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$maxItems"},
    "Resource": "arn:aws:states:::s3:getObject",
    "Parameters": {"Bucket.$": "$.Bucket", "Key.$": "$.Key"},
}

RECORDED: dict[str, tuple[Json, dict[str, list[str]]]] = {
    "parameters": (machine(S={**PASS, "Parameters": {"result.$": "$result"}}), {"S": ["result"]}),
    "a literal in parameters": (machine(S={**PASS, "Parameters": {"result": "$result"}}), {}),
    "choice": (
        choice({"Variable": "$guess", "StringEqualsPath": "$answer", "Next": "P"}),
        {"C": ["answer", "guess"]},
    ),
    "assign": (machine(S={**PASS, "Assign": {"guess.$": "$answer"}}), {"S": ["answer"]}),
    "assign from data": (machine(S={**PASS, "Assign": {"result.$": "$.input"}}), {}),
    "seconds": (machine(W={"Type": "Wait", "SecondsPath": "$waitTime", "End": True}), {"W": ["waitTime"]}),
    "timestamp": (machine(W={"Type": "Wait", "TimestampPath": "$startAt", "End": True}), {"W": ["startAt"]}),
    "nested functions in a map": (
        machine(
            M=mapping(
                ItemProcessor=machine(
                    Sum={**PASS, "Assign": {"Sum.$": "States.MathAdd(States.MathAdd($y, $x), $bias)"}}
                )
            )
        ),
        {"Sum": ["bias", "x", "y"]},
    ),
    "input path": (machine(S={**PASS, "InputPath": "$theAnswer"}), {"S": ["theAnswer"]}),
    "output path": (machine(S={**PASS, "OutputPath": "$theAnswer"}), {"S": ["theAnswer"]}),
    "once": (
        machine(S={**PASS, "InputPath": "$answer", "OutputPath": "$answer", "ResultPath": "$.theAnswer"}),
        {"S": ["answer"]},
    ),
    "fail": (
        machine(F={"Type": "Fail", "CausePath": "$causeVar", "ErrorPath": "$errorVar"}),
        {"F": ["causeVar", "errorVar"]},
    ),
    "item selector": (
        machine(
            M=mapping(
                ItemSelector={"a.$": "States.Format($Template, $$.Map.Item.Value)"},
                ItemProcessor=machine(P={**PASS, "Parameters": {"q.$": "$Question", "a.$": "$.a"}}),
            )
        ),
        {"M": ["Template"], "P": ["Question"]},
    ),
    "items": (machine(M=mapping(ItemsPath="$PokemonList")), {"M": ["PokemonList"]}),
    "concurrency": (machine(M=mapping(MaxConcurrencyPath="$maxConcurrency")), {"M": ["maxConcurrency"]}),
    "tolerated failures": (
        machine(M=distributed(ToleratedFailurePercentagePath="$percentage", ToleratedFailureCountPath="$count")),
        {"M": ["count", "percentage"]},
    ),
    "a literal in the item selector": (machine(M=distributed(ItemSelector={"bucketName": "$bucket"})), {}),
    "reader": (machine(M=distributed(ItemReader=S3_READER)), {"M": ["maxItems"]}),
    "jsonata": (
        jsonata(C={"Type": "Choice", "Choices": [{"Condition": "{% $states.input.done %}", "Next": "P"}]}, P=PASS),
        {},
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_references(name: str) -> None:
    definition, expected = RECORDED[name]
    assert parse(json.dumps(definition), express=False).variable_references == expected
