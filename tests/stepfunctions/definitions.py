"""Definitions for tests of the language, and what is said of them."""

from __future__ import annotations

import json
from typing import Any

from sfn_harness.stepfunctions.language import examine

Json = Any

PASS: dict[str, Json] = {"Type": "Pass", "End": True}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
INVOKE = "arn:aws:states:::lambda:invoke"
TASK: dict[str, Json] = {"Type": "Task", "Resource": FUNCTION, "End": True}


def machine(**states: Json) -> dict[str, Json]:
    """Return a definition whose first state starts it."""
    return {"StartAt": next(iter(states)), "States": states}


def jsonata(**states: Json) -> dict[str, Json]:
    """Return a definition in JSONata."""
    return {"QueryLanguage": "JSONata", **machine(**states)}


def mapping(**members: Json) -> dict[str, Json]:
    """Return a Map state with these members."""
    return {"Type": "Map", "ItemProcessor": machine(I=PASS), "End": True, **members}


def distributed(**members: Json) -> dict[str, Json]:
    """Return a distributed Map state with these members."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    return mapping(ItemProcessor={"ProcessorConfig": config, **machine(I=PASS)}, **members)


def choice(*rules: Json) -> dict[str, Json]:
    """Return a definition with a Choice state, whose rules may lead to P."""
    return machine(C={"Type": "Choice", "Choices": list(rules), "Default": "P"}, P=PASS)


def said(definition: Json, *, express: bool = False) -> list[tuple[str, str, str | None]]:
    """Return code, message and location of all that is said of a definition."""
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return [(one.code, one.message, one.location) for one in examine(text, express=express)]
