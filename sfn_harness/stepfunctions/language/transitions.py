"""Checks where the states of a program lead."""

from __future__ import annotations

from collections.abc import Iterator

from sfn_harness.stepfunctions.language.diagnostics import Report
from sfn_harness.stepfunctions.language.tree import ChoiceState, Fail, Failing, Map, Parallel, Program, State, Succeed


def check_transitions(program: Program, report: Report) -> None:
    """Report transitions that lead nowhere, states that nothing leads to, and a state machine that can't end.

    As AWS does it (floci-io/floci pull request 2786, 2026-08-30): a state machine without a terminal state is not
    searched for states that nothing leads to.
    """
    _check_targets(program, "", report)
    if any(_ends(state) for state in program.states.values()):
        _check_reached(program, "", report)
    else:
        report.error("Workflow has no terminal state", None, "MISSING_END_STATE")
    _check_inner(program, "", report)


def _check_inner(program: Program, location: str, report: Report) -> None:
    for name, state in program.states.items():
        for inner, where in _programs(state):
            place = f"{location}/States/{name}/{where}"
            _check_targets(inner, place, report)
            _check_reached(inner, place, report)
            _check_inner(inner, place, report)


def _check_targets(program: Program, location: str, report: Report) -> None:
    if program.start_at not in program.states:
        report.error(f"Missing 'Next' target: {program.start_at}", f"{location}/StartAt", "MISSING_TRANSITION_TARGET")
    for name, state in program.states.items():
        place = f"{location}/States/{name}"
        for target, where in _transitions(state):
            if target not in program.states:
                report.error(f"Missing 'Next' target: {target}", f"{place}/{where}", "MISSING_TRANSITION_TARGET")


def _check_reached(program: Program, location: str, report: Report) -> None:
    reached = _reached(program)
    for name in program.states:
        if name not in reached:
            where = f"{location}/States/{name}"
            report.error(f'State "{name}" is not reachable.', where, "MISSING_TRANSITION_TARGET")


def _transitions(state: State) -> Iterator[tuple[str, str]]:
    """Yield each transition's target, and where it stands in the state."""
    if state.next is not None:
        yield state.next, "Next"
    if isinstance(state, ChoiceState):
        for index, rule in enumerate(state.rules):
            yield rule.next, f"Choices[{index}]/Next"
        if state.default is not None:
            yield state.default, "Default"
    if isinstance(state, Failing):
        for index, catcher in enumerate(state.catch):
            yield catcher.next, f"Catch[{index}]/Next"


def _ends(state: State) -> bool:
    return state.end or isinstance(state, Succeed | Fail)


def _reached(program: Program) -> set[str]:
    reached: set[str] = set()
    waiting = [program.start_at]
    while waiting:
        name = waiting.pop()
        if name in program.states and name not in reached:
            reached.add(name)
            waiting.extend(target for target, _ in _transitions(program.states[name]))
    return reached


def _programs(state: State) -> Iterator[tuple[Program, str]]:
    """Yield the programs in a state, and where each stands in it."""
    if isinstance(state, Parallel):
        for index, branch in enumerate(state.branches):
            yield branch, f"Branches[{index}]"
    if isinstance(state, Map):
        yield state.processor, "Iterator" if state.is_legacy else "ItemProcessor"
