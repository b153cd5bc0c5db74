"""Map runs, and the executions that they start."""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import ACCOUNT, NOON, REGION

NONE = {
    "aborted": 0,
    "failed": 0,
    "pending": 0,
    "resultsWritten": 0,
    "running": 0,
    "succeeded": 0,
    "timedOut": 0,
    "total": 0,
}


def machine(state: dict, **members) -> dict:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Inner",
        "States": {"Inner": state},
    }
    outer = {"Type": "Map", "Label": "label", "ItemProcessor": processor, "MaxConcurrency": 1, "End": True, **members}
    return {"StartAt": "Outer", "States": {"Outer": outer}}


SUCCEEDING = machine({"Type": "Pass", "End": True})
WAITING = machine({"Type": "Wait", "Seconds": 10, "End": True})
FAILING = machine({"Type": "Fail"})


def only_map_run(world, execution: str) -> dict:
    [map_run] = world.call("ListMapRuns", executionArn=execution)["mapRuns"]
    return map_run


def test_listed_and_described(world):
    # Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_map_run.py
    # test_list_map_runs_and_describe_map_run, 21-09-2023. (redriveCount has come later.)
    arn = world.create(SUCCEEDING)
    execution = world.start(arn, [1, 2])
    listed = only_map_run(world, execution)
    map_run = listed["mapRunArn"]
    assert map_run.startswith(f"arn:aws:states:{REGION}:{ACCOUNT}:mapRun:machine1/label:")
    assert listed == {
        "executionArn": execution,
        "mapRunArn": map_run,
        "startDate": NOON,
        "stateMachineArn": f"{arn}/label",
        "stopDate": NOON,
    }
    counts = {**NONE, "succeeded": 2, "total": 2, "resultsWritten": 2}
    assert world.call("DescribeMapRun", mapRunArn=map_run) == {
        "executionArn": execution,
        "executionCounts": counts,
        "itemCounts": counts,
        "mapRunArn": map_run,
        "maxConcurrency": 1,
        "redriveCount": 0,
        "startDate": NOON,
        "status": "SUCCEEDED",
        "stopDate": NOON,
        "toleratedFailureCount": 0,
        "toleratedFailurePercentage": 0.0,
    }


def test_one_that_runs(world):
    execution = world.start(world.create(WAITING), [1, 2])
    map_run = only_map_run(world, execution)["mapRunArn"]
    described = world.call("DescribeMapRun", mapRunArn=map_run)
    assert (described["status"], "stopDate" in described) == ("RUNNING", False)
    assert described["executionCounts"] == {**NONE, "running": 1, "pending": 1, "total": 2}
    world.call("UpdateMapRun", mapRunArn=map_run, maxConcurrency=2, toleratedFailureCount=1)
    world.settle()
    described = world.call("DescribeMapRun", mapRunArn=map_run)
    assert (described["maxConcurrency"], described["toleratedFailureCount"]) == (2, 1)
    assert described["executionCounts"] == {**NONE, "running": 2, "total": 2}
    world.advance(10)
    assert world.describe(execution)["status"] == "SUCCEEDED"
    assert world.refused("UpdateMapRun", mapRunArn=map_run, maxConcurrency=3)[0] == "ValidationException"


@pytest.mark.parametrize("operation", ["DescribeMapRun", "UpdateMapRun", "ListExecutions"])
def test_an_unknown_one(world, operation):
    execution = world.start(world.create(SUCCEEDING), [1])
    map_run = only_map_run(world, execution)["mapRunArn"][:-4] + "none"
    expected = ("ResourceNotFound", f"Resource not found: '{map_run}'")
    assert world.refused(operation, mapRunArn=map_run) == expected
    assert world.refused(operation, mapRunArn="none") == ("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: none'")


class TestChildren:
    def test_listed_and_described(self, world):
        arn = world.create(SUCCEEDING)
        map_run = only_map_run(world, world.start(arn, ["a", "b"]))["mapRunArn"]
        children = world.call("ListExecutions", mapRunArn=map_run)["executions"]
        assert [child["stateMachineArn"] for child in children] == [f"{arn}/label"] * 2
        assert [(child["mapRunArn"], child["itemCount"]) for child in children] == [(map_run, 1)] * 2
        described = [world.describe(child["executionArn"]) for child in children]
        assert sorted(child["output"] for child in described) == ['"a"', '"b"']
        assert {child["mapRunArn"] for child in described} == {map_run}
        assert world.history(children[0]["executionArn"])[-1]["type"] == "ExecutionSucceeded"
        # They are none of the state machine's own.
        assert len(world.call("ListExecutions", stateMachineArn=arn)["executions"]) == 1

    def test_by_status(self, world):
        map_run = only_map_run(world, world.start(world.create(FAILING), ["a"]))["mapRunArn"]
        for status, count in (("FAILED", 1), ("SUCCEEDED", 0), ("PENDING_REDRIVE", 0)):
            listed = world.call("ListExecutions", mapRunArn=map_run, statusFilter=status)["executions"]
            assert len(listed) == count

    def test_express_ones_can_be_described(self, world):
        # "Executions of an EXPRESS state machine aren't supported by DescribeExecution unless a Map Run dispatched
        # them" (API reference)
        definition = json.loads(json.dumps(SUCCEEDING).replace("STANDARD", "EXPRESS"))
        map_run = only_map_run(world, world.start(world.create(definition), ["a"]))["mapRunArn"]
        [child] = world.call("ListExecutions", mapRunArn=map_run)["executions"]
        assert child["executionArn"].split(":")[5] == "express"
        assert world.describe(child["executionArn"])["output"] == '"a"'

    def test_their_state_machine(self, world):
        # DescribeStateMachineForExecution, "mapRunArn", "label" (API reference)
        arn = world.create(SUCCEEDING)
        map_run = only_map_run(world, world.start(arn, ["a"]))["mapRunArn"]
        [child] = world.call("ListExecutions", mapRunArn=map_run)["executions"]
        described = world.call("DescribeStateMachineForExecution", executionArn=child["executionArn"])
        assert (described["mapRunArn"], described["label"]) == (map_run, "label")
        assert described["stateMachineArn"] == f"{arn}/label"
        assert json.loads(described["definition"]) == SUCCEEDING["States"]["Outer"]["ItemProcessor"]


def test_a_map_state_is_no_state_machine(world):
    # "If you provide a qualified state machine ARN that refers to a Distributed Map state, the request fails with
    # ValidationException" (StartExecution, API reference)
    arn = f"{world.create(SUCCEEDING)}/label"
    for operation in ("StartExecution", "UpdateStateMachine", "DeleteStateMachine"):
        assert world.refused(operation, stateMachineArn=arn)[0] == "ValidationException"


@pytest.mark.parametrize("label", ["label", None])
def test_a_map_state_is_described(world, label):
    # DescribeStateMachine, "label" and "includedData" (API reference)
    definition = json.loads(json.dumps(SUCCEEDING))
    if label is None:
        del definition["States"]["Outer"]["Label"]
    arn = world.create(definition)
    map_run = only_map_run(world, world.start(arn, ["a"]))
    described = world.call("DescribeStateMachine", stateMachineArn=map_run["stateMachineArn"])
    assert described["stateMachineArn"] == map_run["stateMachineArn"] == f"{arn}/{described['label']}"
    assert json.loads(described["definition"]) == SUCCEEDING["States"]["Outer"]["ItemProcessor"]
    unknown = f"{arn}/other"
    expected = ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{unknown}'")
    assert world.refused("DescribeStateMachine", stateMachineArn=unknown) == expected
