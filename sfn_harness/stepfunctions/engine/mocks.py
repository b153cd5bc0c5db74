"""Mocked tasks, in the format of Step Functions Local's mock configuration file.

Source: AWS's developer guide, "Using mocked service integrations for testing in Step Functions Local", seen 2026-11.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine.failures import RUNTIME
from sfn_harness.stepfunctions.engine.interface import Mock
from sfn_harness.stepfunctions.errors import StateError

Json = Any

_INVOCATIONS = re.compile(r"(\d+)(?:-(\d+))?")

Responses = tuple[Mock, ...]  # what a task does on its first invocation, its second, ...


class MockConfigError(ValueError):
    """A mock configuration is wrong; the text says where and how."""


class MockConfig:
    """The test cases of state machines, by name."""

    def __init__(self, machines: Mapping[str, Mapping[str, Mapping[str, Responses]]]) -> None:
        """Make one of its parts: state machine, test case, state => responses."""
        self._machines = machines

    @classmethod
    def parse(cls, text: str) -> MockConfig:
        """Return what a mock configuration file says. Raises MockConfigError."""
        try:
            config = json_text.parse(text)
        except json_text.JsonTextError as error:
            raise MockConfigError(f"The mock configuration is not JSON: {error.reason}") from error
        responses = {
            name: _responses(name, members)
            for name, members in _members(config, "MockedResponses", "the mock configuration").items()
        }
        machines: dict[str, dict[str, dict[str, Responses]]] = {}
        for name, machine in _members(config, "StateMachines", "the mock configuration").items():
            cases = _members(machine, "TestCases", f"the state machine '{name}'")
            machines[name] = {case: _states(case, states, responses) for case, states in cases.items()}
        return cls(machines)

    def test_case(self, state_machine: str, test_case: str) -> MockedTasks:
        """Return the mocks of an execution that plays a test case. Raises MockConfigError: there is no such case."""
        cases = self._machines.get(state_machine)
        if cases is None:
            raise MockConfigError(f"The mock configuration has no state machine '{state_machine}'.")
        if test_case not in cases:
            raise MockConfigError(f"The state machine '{state_machine}' has no test case '{test_case}'.")
        return MockedTasks(cases[test_case])


class MockedTasks:
    """The mocked tasks of one execution, by the names of their states; see `interface.Mocks`."""

    def __init__(self, states: Mapping[str, Responses]) -> None:
        """Take what each state's task does on its invocations."""
        self._states = states
        self._invocations: Counter[str] = Counter()

    def take(self, state: str) -> Mock | None:
        """Return what the state's task does this time; see `interface.Mocks`."""
        responses = self._states.get(state)
        if responses is None:
            return None
        number = self._invocations[state]
        self._invocations[state] += 1
        if number >= len(responses):
            raise StateError(RUNTIME, f"The mock of the state '{state}' has no response for its invocation {number}.")
        return responses[number]


def _members(value: Json, member: str, owner: str) -> Mapping[str, Json]:
    members = value.get(member) if isinstance(value, dict) else None
    if not isinstance(members, dict):
        raise MockConfigError(f"{owner[0].upper()}{owner[1:]} has no object '{member}'.")
    return members


def _states(case: str, states: Json, responses: Mapping[str, Responses]) -> dict[str, Responses]:
    if not isinstance(states, dict):
        raise MockConfigError(f"The test case '{case}' is not an object.")
    for state, name in states.items():
        if name not in responses:
            raise MockConfigError(f"The state '{state}' of the test case '{case}' names no response: '{name}'.")
    return {state: responses[name] for state, name in states.items()}


def _responses(name: str, members: Json) -> Responses:
    found: dict[int, Mock] = {}
    if not isinstance(members, dict):
        raise MockConfigError(f"The response '{name}' is not an object.")
    for invocations, what in members.items():
        match = _INVOCATIONS.fullmatch(invocations)
        if match is None:
            raise MockConfigError(f"The response '{name}' has '{invocations}' where a number or a range has to be.")
        mock = _mock(name, what)
        first = int(match[1])
        found.update(dict.fromkeys(range(first, int(match[2] or first) + 1), mock))
    if sorted(found) != list(range(len(found))):
        raise MockConfigError(f"The response '{name}' leaves out an invocation: it has {sorted(found)}.")
    return tuple(found[number] for number in range(len(found)))


def _mock(name: str, what: Json) -> Mock:
    if isinstance(what, dict) and set(what) == {"Return"}:
        return Mock(result=what["Return"])
    if isinstance(what, dict) and set(what) == {"Throw"} and isinstance(what["Throw"], dict):
        return Mock(fails=True, error=what["Throw"].get("Error"), cause=what["Throw"].get("Cause"))
    raise MockConfigError(f"An invocation of the response '{name}' needs one of Return and Throw.")
