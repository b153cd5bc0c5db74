"""Test cases with mocked tasks, started as Step Functions Local does: the ARN, ``#``, and the name of the case."""

from __future__ import annotations

import json

import pytest

from sfn_harness.stepfunctions.engine.mocks import MockConfig
from tests.stepfunctions.world import World

TASK = {
    "StartAt": "Call",
    "States": {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "name"},
            "End": True,
        }
    },
}
CONFIG = {
    "StateMachines": {"m": {"TestCases": {"Good": {"Call": "fine"}, "Bad": {"Call": "broken"}}}},
    "MockedResponses": {
        "fine": {"0": {"Return": {"StatusCode": 200}}},
        "broken": {"0": {"Throw": {"Error": "Mine", "Cause": "because"}}},
    },
}


@pytest.fixture
def mocked():
    with World(mocks=MockConfig.parse(json.dumps(CONFIG))) as world:
        yield world


def test_a_case_is_played(mocked):
    arn = mocked.create(TASK, name="m")
    good, bad = (mocked.describe(mocked.start(f"{arn}#{case}")) for case in ("Good", "Bad"))
    assert json.loads(good["output"]) == {"StatusCode": 200}
    assert (bad["error"], bad["cause"]) == ("Mine", "because")
    assert (good["stateMachineArn"], mocked.services.calls) == (arn, [])


def test_an_unknown_case(mocked):
    refused = mocked.refused("StartExecution", stateMachineArn=f"{mocked.create(TASK, name='m')}#Other")
    assert refused == ("ValidationException", "The state machine 'm' has no test case 'Other'.")


def test_there_are_none(world):
    arn = world.create(TASK, name="m") + "#Good"
    refused = world.refused("StartExecution", stateMachineArn=arn)
    assert refused == ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
