"""Executions that wait for others, by way of what tasks ask the service itself."""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import FAIL, NOON, PASS, WAIT


def parent(arn: str, resource: str) -> dict:
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::states:startExecution{resource}",
        "Parameters": {"StateMachineArn": arn, "Input": {"a": 1}},
        "End": True,
    }
    return {"StartAt": "T", "States": {"T": task}}


def test_its_end_is_waited_for(world):
    child = world.create(WAIT)
    execution = world.start(world.create(parent(child, ".sync:2")))
    assert world.describe(execution)["status"] == "RUNNING"
    world.advance(60)
    described = world.describe(execution)
    assert described["status"] == "SUCCEEDED"
    output = json.loads(described["output"])
    assert (output["Status"], output["StateMachineArn"], output["Output"]) == ("SUCCEEDED", child, {"a": 1})
    assert output["ExecutionArn"].startswith(child.replace("stateMachine", "execution"))


def test_its_failure_is_the_tasks(world):
    described = world.run(parent(world.create(FAIL), ".sync"))
    assert (described["status"], described["error"]) == ("FAILED", "States.TaskFailed")


@pytest.mark.parametrize("resource", ["", ".sync", ".sync:2"])
def test_an_unknown_state_machine(world, resource):
    described = world.run(parent(world.create(PASS) + "none", resource))
    assert (described["status"], described["error"]) == ("FAILED", "StepFunctions.StateMachineDoesNotExistException")


def test_it_is_stopped_with_the_other(world):
    child = world.create(WAIT)
    execution = world.start(world.create(parent(child, ".sync")))
    world.advance(1)
    world.call("StopExecution", executionArn=execution)
    world.settle()
    [nested] = world.call("ListExecutions", stateMachineArn=child)["executions"]
    assert (nested["status"], nested["stopDate"]) == ("ABORTED", NOON + 1)
