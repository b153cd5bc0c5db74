"""Reads programs, states that run one after another, and each type of state."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sfn_harness.stepfunctions.expressions.compiler import compile_choice
from sfn_harness.stepfunctions.expressions.types import Expression, Template
from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.kinds import KINDS, RULE
from sfn_harness.stepfunctions.language.maps import read_map
from sfn_harness.stepfunctions.language.resources import read_task_resource
from sfn_harness.stepfunctions.language.retries import read_catchers, read_retriers
from sfn_harness.stepfunctions.language.tree import (
    ChoiceState,
    Fail,
    Parallel,
    Pass,
    Program,
    Rule,
    State,
    Succeed,
    Task,
    Wait,
)

Json = Any

_MAX_NAME = 80
_MAX_SECONDS = 99_999_999
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def read_program(fields: Fields, context: Context) -> Program | None:
    """Return the program that an object describes; its transitions are not checked yet."""
    complete = fields.require("States", "StartAt")
    start_at, states = fields.text("StartAt"), fields.child("States")
    comment = fields.text("Comment")
    if states is None:
        return None
    read = {}
    for name, members in states.members.items():
        location = states.place(name)
        _check_name(name, location, context)
        state = read_state(members, name, location, context)
        if state is not None:
            read[name] = state
    if not complete or start_at is None:
        return None
    return Program(start_at=start_at, states=read, comment=comment)


def _check_name(name: str, location: str, context: Context) -> None:
    if not name:
        context.report.error("Invalid State name: it cannot be empty", location, "INVALID_STATE_NAME")
    if len(name) > _MAX_NAME:
        message = f"Invalid State name: {name} exceeds the {_MAX_NAME}-character limit allowed by the service"
        context.report.error(message, location, "INVALID_STATE_NAME")
    if name in context.names:
        context.report.error(f"Duplicate State name: {name}", location, "DUPLICATE_STATE_NAME")
    context.names[name] = location


def read_state(members: Json, name: str, location: str, context: Context) -> State | None:
    """Return a state, or None where what is wrong with it leaves none; the report says what."""
    report = context.report
    if not isinstance(members, dict):
        report.error("Expected value of type Object", location)
        return None
    variables: set[str] = set()
    fields = Fields(members, location, report, context.language, variables)
    fields.language = fields.query_language(machine=context.language) or context.language
    if not fields.require("Type"):
        return None
    kind = fields.text("Type")
    if kind not in KINDS:
        if kind is not None:
            fields.error(f"The field 'Type' should have one of these values: [{', '.join(KINDS)}]", "Type")
        return None
    fields.refuse_others(KINDS[kind])
    before = len(report.diagnostics)
    state = _READERS[kind](fields, _common(fields, name, kind), context)
    if variables:
        context.references[name] = sorted(variables)
    return state if len(report.diagnostics) == before else None


def _common(fields: Fields, name: str, kind: str) -> dict[str, Any]:
    members = fields.members
    common: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "query_language": fields.language,
        "comment": fields.text("Comment"),
        "output": fields.template("Output"),
        "assign": fields.assign(),
    }
    if kind not in ("Choice", "Succeed", "Fail"):
        common["next"], common["end"] = fields.text("Next"), fields.flag("End")
        if "Next" in members and common["end"]:
            fields.only_one("Next", "End")
        elif "Next" not in members and members.get("End", False) is False:
            fields.none_of("Next", "End")
    if kind != "Fail":
        common["discard_input"] = members.get("InputPath", "") is None
        common["discard_output"] = members.get("OutputPath", "") is None
        common["input_path"] = None if common["discard_input"] else fields.path("InputPath")
        common["output_path"] = None if common["discard_output"] else fields.path("OutputPath")
    return common


def working(fields: Fields) -> dict[str, Any]:
    """Return the members of `Working` that an object gives."""
    discard = fields.members.get("ResultPath", "") is None
    return {
        "parameters": fields.template("Parameters"),
        "result_path": None if discard else fields.target("ResultPath"),
        "discard_result": discard,
    }


def failing(fields: Fields) -> dict[str, Any]:
    """Return the members of `Failing` that an object gives."""
    return {
        **working(fields),
        "arguments": fields.template("Arguments"),
        "result_selector": fields.template("ResultSelector"),
        "retry": read_retriers(fields),
        "catch": read_catchers(fields),
    }


def _pass(fields: Fields, common: dict[str, Any], _context: Context) -> State:
    has_result = "Result" in fields
    return Pass(**common, **working(fields), result=fields.members.get("Result"), has_result=has_result)


def _succeed(_fields: Fields, common: dict[str, Any], _context: Context) -> State:
    return Succeed(**common)


def _fail(fields: Fields, common: dict[str, Any], _context: Context) -> State:
    for name in ("Error", "Cause"):
        fields.only_one(name, f"{name}Path")
    return Fail(
        **common,
        error=fields.computed_text("ErrorPath") or fields.text_or_expression("Error"),
        cause=fields.computed_text("CausePath") or fields.text_or_expression("Cause"),
    )


def _wait(fields: Fields, common: dict[str, Any], _context: Context) -> State:
    fields.exactly_one("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
    seconds: int | Expression | None
    if fields.is_expression("Seconds"):
        seconds = fields.jsonata("Seconds")
    else:
        seconds = fields.reference("SecondsPath") or fields.whole("Seconds", 0, _MAX_SECONDS)
    return Wait(
        **common,
        seconds=seconds,
        timestamp=fields.reference("TimestampPath") or _timestamp(fields),
        is_path="SecondsPath" in fields or "TimestampPath" in fields,
    )


def _timestamp(fields: Fields) -> str | Expression | None:
    value = fields.text_or_expression("Timestamp")
    if isinstance(value, str) and not is_timestamp(value):
        fields.error("String does not match RFC3339 timestamp", "Timestamp")
        return None
    return value


def is_timestamp(text: str) -> bool:
    """Return whether a text is a timestamp as RFC 3339 and Step Functions have it, with a ``T`` and a zone."""
    if _TIMESTAMP.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _choice(fields: Fields, common: dict[str, Any], _context: Context) -> State:
    fields.filled_array("Choices")
    rules = [rule for rule in map(_rule, fields.children("Choices")) if rule is not None]
    return ChoiceState(**common, rules=tuple(rules), default=fields.text("Default"))


def _rule(fields: Fields) -> Rule | None:
    if fields.refuse_others(RULE):
        return None
    condition = fields.compiled(None, compile_choice, fields.members, fields.language, fields.within)
    target = fields.text("Next") if fields.require("Next") else None
    assign, output = fields.assign(), fields.template("Output")
    if condition is None or target is None:
        return None
    return Rule(condition=condition, next=target, assign=assign, output=output)


def _task(fields: Fields, common: dict[str, Any], context: Context) -> State:
    fields.require("Resource")
    timeout = fields.whole_or_expression("TimeoutSeconds", 1, _MAX_SECONDS)
    heartbeat = fields.whole_or_expression("HeartbeatSeconds", 1, _MAX_SECONDS)
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        # The States Language, "Timeouts and heartbeats": it must be smaller.
        fields.error("The value must be smaller than TimeoutSeconds", "HeartbeatSeconds")
    return Task(
        **common,
        **failing(fields),
        resource=read_task_resource(fields, express=context.express),
        timeout_seconds=timeout,
        heartbeat_seconds=heartbeat,
        credentials=_credentials(fields),
    )


def _credentials(fields: Fields) -> Template | None:
    given = fields.child("Credentials")
    if given is None:
        return None
    if "RoleArn" not in given and "RoleArn.$" not in given:
        given.error("The field 'RoleArn' is required but was missing")
        return None
    return fields.template("Credentials")


def _parallel(fields: Fields, common: dict[str, Any], context: Context) -> State:
    fields.filled_array("Branches")
    branches = []
    for branch in fields.children("Branches"):
        branch.refuse_others(_BRANCH_FIELDS)
        branches.append(read_program(branch, context))
    return Parallel(**common, **failing(fields), branches=tuple(branch for branch in branches if branch is not None))


_BRANCH_FIELDS = frozenset({"Comment", "StartAt", "States"})


def _map(fields: Fields, common: dict[str, Any], context: Context) -> State | None:
    return read_map(fields, {**common, **failing(fields)}, context, read_program)


_READERS: dict[str, Callable[[Fields, dict[str, Any], Context], State | None]] = {
    "Task": _task,
    "Wait": _wait,
    "Pass": _pass,
    "Succeed": _succeed,
    "Fail": _fail,
    "Choice": _choice,
    "Parallel": _parallel,
    "Map": _map,
}
