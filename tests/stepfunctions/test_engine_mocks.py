"""Mocked tasks by AWS's mock configuration file ("Using mocked service integrations", developer guide, 2026-11)."""

from __future__ import annotations

import json

import pytest

from sfn_harness.stepfunctions.engine.mocks import MockConfig, MockConfigError
from tests.stepfunctions.engine_world import FUNCTION, details, events, run, states

CONFIG = {
    "StateMachines": {"machine": {"TestCases": {"Retried": {"T": "Late"}, "Fine": {"T": "Once"}}}},
    "MockedResponses": {
        "Late": {
            "0-1": {"Throw": {"Error": "Lambda.Slow", "Cause": "Not yet."}},
            "2": {"Return": {"StatusCode": 200}},
        },
        "Once": {"0": {"Return": [1]}},
    },
}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
RETRIED = {**TASK, "Retry": [{"ErrorEquals": ["Lambda.Slow"]}]}


def mocks(case: str):
    return MockConfig.parse(json.dumps(CONFIG)).test_case("machine", case)


def test_each_attempt_has_its_response() -> None:
    execution = run(states(T=RETRIED), mocks=mocks("Retried"))
    assert [event.split()[1] for event in events(execution)].count("TaskFailed") == 2
    assert details(execution, 5)["error"] == "Lambda.Slow"
    assert execution.output == '{"StatusCode":200}'


def test_a_task_that_is_not_mocked_is_done() -> None:
    execution = run(states(U=TASK), {"a": 1}, mocks=mocks("Fine"))
    assert execution.output == '{"a":1}'


def test_iterations_take_the_next_response() -> None:
    execution = run(
        states(M={"Type": "Map", "ItemProcessor": states(T=TASK), "End": True}), [1, 2], mocks=mocks("Fine")
    )
    assert execution.error == "States.Runtime"
    assert execution.cause == "The mock of the state 'T' has no response for its invocation 1."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"MockedResponses": []}, "The mock configuration has no object 'MockedResponses'."),
        ({"StateMachines": {"m": {}}}, "The state machine 'm' has no object 'TestCases'."),
        (
            {"StateMachines": {"m": {"TestCases": {"c": {"T": "None"}}}}},
            "The state 'T' of the test case 'c' names no response: 'None'.",
        ),
        (
            {"MockedResponses": {"r": {"first": {"Return": 1}}}, "StateMachines": {}},
            "The response 'r' has 'first' where a number or a range has to be.",
        ),
        (
            {"MockedResponses": {"r": {"0": {"Return": 1}, "2": {"Return": 1}}}, "StateMachines": {}},
            "The response 'r' leaves out an invocation: it has [0, 2].",
        ),
        (
            {"MockedResponses": {"r": {"0": {"Return": 1, "Throw": {}}}}, "StateMachines": {}},
            "An invocation of the response 'r' needs one of Return and Throw.",
        ),
    ],
)
def test_a_wrong_configuration_is_refused(change: dict, words: str) -> None:
    with pytest.raises(MockConfigError) as refusal:
        MockConfig.parse(json.dumps({**CONFIG, **change}))
    assert str(refusal.value) == words


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(MockConfigError, match="has no test case 'Other'"):
        mocks("Other")
    with pytest.raises(MockConfigError, match="not JSON"):
        MockConfig.parse("{")
