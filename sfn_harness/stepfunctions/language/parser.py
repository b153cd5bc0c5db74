"""Parses a definition into the tree, and says all that is wrong with it."""

from __future__ import annotations

import json
from typing import Any

from sfn_harness.stepfunctions.expressions.types import QueryLanguage
from sfn_harness.stepfunctions.json_text import JsonTextError
from sfn_harness.stepfunctions.json_text import parse as parse_json
from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.diagnostics import DefinitionError, Diagnostic, Report
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.oddities import oddities
from sfn_harness.stepfunctions.language.states import read_program, read_state
from sfn_harness.stepfunctions.language.transitions import check_transitions
from sfn_harness.stepfunctions.language.tree import Program, StateMachine

Json = Any

_MACHINE_FIELDS = frozenset({"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"})
_MAX_TIMEOUT = 99_999_999


def parse(definition: str, *, express: bool) -> StateMachine:
    """Return the tree of a definition.

    Args:
        definition: the text that CreateStateMachine takes.
        express: the state machine's type is EXPRESS.

    Raises:
        DefinitionError: AWS would refuse it.

    """
    report = Report()
    members = _read_object(definition, report)
    machine = None if members is None else _read_machine(members, report, express)
    if machine is None or report.diagnostics:
        raise DefinitionError(report.diagnostics, definition)
    return machine


def examine(definition: str, *, express: bool) -> list[Diagnostic]:
    """Return all that is to be said of a definition: the errors for which AWS would refuse it, or the warnings."""
    report = Report()
    members = _read_object(definition, report)
    if members is not None:
        _read_machine(members, report, express)
    return report.diagnostics or list(oddities(members))


def parse_state(definition: str, *, name: str, express: bool = False) -> StateMachine:
    """Return a state machine of one state, whose definition is the whole text, as TestState takes it.

    Its transitions may lead anywhere. Raises DefinitionError.
    """
    report = Report()
    members = _read_object(definition, report)
    if members is not None:
        context = Context(report, QueryLanguage.JSONPATH, express)
        state = read_state(members, name, "", context)
        if state is not None and not report.diagnostics:
            program = Program(start_at=name, states={name: state})
            return StateMachine(program=program, variable_references=context.references)
    raise DefinitionError(report.diagnostics, definition)


def _read_object(definition: str, report: Report) -> dict[str, Json] | None:
    if definition.strip():
        try:
            value = parse_json(definition)
        except JsonTextError as error:
            report.error(str(error), error.location, "INVALID_JSON_DESCRIPTION")
            return None
        if isinstance(value, dict):
            _report_states_twice(definition, report)
            return value
    report.error("Definition must be a valid JSON object", None)
    return None


def _report_states_twice(definition: str, report: Report) -> None:
    """Report states of one name in one object, of which JSON parsers keep the last."""

    def collect(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [name for name, value in pairs if isinstance(value, dict) and "Type" in value]
            twice.extend(name for name in members if names.count(name) > 1)
        return members

    twice: list[str] = []
    json.JSONDecoder(object_pairs_hook=collect, parse_int=float).decode(definition)
    for name in twice:
        report.error(f"Duplicate State name: {name}", f"/States/{name}", "DUPLICATE_STATE_NAME")


def _read_machine(members: dict[str, Json], report: Report, express: bool) -> StateMachine | None:
    fields = Fields(members, "", report)
    fields.refuse_others(_MACHINE_FIELDS)
    language = fields.query_language() or QueryLanguage.JSONPATH
    context = Context(report, language, express)
    program = read_program(fields, context)
    timeout = fields.whole("TimeoutSeconds", 0, _MAX_TIMEOUT)
    version = fields.text("Version", ("1.0",))
    if report.diagnostics or program is None:
        return None
    check_transitions(program, report)
    return StateMachine(
        program=program,
        query_language=language,
        timeout_seconds=timeout,
        version=version,
        variable_references=context.references,
    )
