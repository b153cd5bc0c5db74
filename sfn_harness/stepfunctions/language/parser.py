"""Parses a definition into the tree, and says all that is wrong with it."""

from __future__ import annotations

from typing import Any

from sfn_harness.stepfunctions.expressions.types import QueryLanguage
from sfn_harness.stepfunctions.json_text import JsonTextError
from sfn_harness.stepfunctions.json_text import parse as parse_json
from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.diagnostics import DefinitionError, Diagnostic, Report
from sfn_harness.stepfunctions.language.fields import Fields
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
    machine, diagnostics = examine(definition, express=express)
    if machine is None:
        raise DefinitionError(diagnostics)
    return machine


def examine(definition: str, *, express: bool) -> tuple[StateMachine | None, list[Diagnostic]]:
    """Return the tree, or None where AWS would refuse the definition, and all that is to be said of it."""
    report = Report()
    members = _read_object(definition, report)
    if members is None:
        return None, report.diagnostics
    try:
        machine = _read_machine(members, report, express)
    except RecursionError:
        report.error("The states are too deeply nested", None, "TOO_DEEPLY_NESTED")
    return (None if report.has_errors else machine), report.diagnostics


def parse_state(definition: str, *, name: str, express: bool = False) -> StateMachine:
    """Return a state machine of one state, whose definition is the whole text, as TestState takes it.

    Its transitions may lead anywhere. Raises DefinitionError.
    """
    report = Report()
    members = _read_object(definition, report)
    if members is not None:
        context = Context(report, QueryLanguage.JSONPATH, express)
        state = read_state(members, name, "", context)
        if state is not None and not report.has_errors:
            program = Program(start_at=name, states={name: state})
            return StateMachine(program=program, variable_references=context.references)
    raise DefinitionError(report.diagnostics)


def _read_object(definition: str, report: Report) -> dict[str, Json] | None:
    if definition.strip():
        try:
            value = parse_json(definition)
        except JsonTextError as error:
            report.error(str(error), error.location, "INVALID_JSON_DESCRIPTION")
            return None
        if isinstance(value, dict):
            return value
    report.error("Definition must be a valid JSON object", None)
    return None


def _read_machine(members: dict[str, Json], report: Report, express: bool) -> StateMachine | None:
    fields = Fields(members, "", report)
    fields.refuse_others(_MACHINE_FIELDS)
    language = fields.query_language() or QueryLanguage.JSONPATH
    context = Context(report, language, express)
    program = read_program(fields, context)
    timeout = fields.whole("TimeoutSeconds", 0, _MAX_TIMEOUT)
    version = fields.text("Version", ("1.0",))
    if report.has_errors or program is None:
        return None
    check_transitions(program, report)
    return StateMachine(
        program=program,
        query_language=language,
        timeout_seconds=timeout,
        version=version,
        variable_references=context.references,
    )
