"""The service's own beginning and end."""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import PASS, WAIT, World


def test_it_closes_without_a_word(world):
    execution = world.start(world.create(WAIT))
    world.start(world.create(PASS))
    told = len(world.events.put_events)
    world.sfn.close()
    world.settle()
    assert world.describe(execution)["status"] == "ABORTED"
    assert len(world.events.put_events) == told > 0
    world.advance(60)
    assert world.describe(execution)["status"] == "ABORTED"


def test_what_does_not_wait_can_be_called_without_waiting(world):
    arn = world.create(PASS)
    described = world.sfn.perform("DescribeStateMachine", {"stateMachineArn": arn}, world.scope)
    assert described == world.call("DescribeStateMachine", stateMachineArn=arn)
    with pytest.raises(TypeError, match="TestState waits"):
        world.sfn.perform("TestState", {"definition": "{}"}, world.scope)


def _history_of_chance(seed: int) -> tuple[str, str]:
    with World(seed=seed) as world:
        retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 2, "JitterStrategy": "FULL"}
        call = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "url", "MessageBody": {"token.$": "$$.Task.Token"}},
            "TimeoutSeconds": 5,
            "Retry": [retry],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Made"}],
            "Next": "Made",
        }
        made = {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "Next": "Drawn"}
        drawn = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $random() %}", "End": True}
        definition = {"StartAt": "Call", "States": {"Call": call, "Made": made, "Drawn": drawn}}
        world.services["sqs", "SendMessage"] = lambda parameters: {"MessageId": "id", "MD5OfMessageBody": "md5"}
        execution = world.start(world.create(definition))
        world.advance(300)
        described = world.describe(execution)
        assert described["status"] == "SUCCEEDED"
        return execution, json.dumps([described, world.history(execution)])


def test_the_same_seed_gives_the_same_history():
    first, second, other = _history_of_chance(1), _history_of_chance(1), _history_of_chance(2)
    assert first == second
    assert first[0] != other[0]
