"""Redriven executions go on from the states that failed.

Source, if nothing else is said: AWS's developer guide, "Restarting state machine executions with redrive in Step
Functions", seen 2026-11.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.engine.history import LIMIT
from sfn_harness.stepfunctions.errors import ApiError, StateError
from tests.stepfunctions.engine_world import FUNCTION, World, details, events, failing, states

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}


class Flaky:
    """A task that fails for what is broken."""

    def __init__(self, *broken: Any) -> None:
        self.broken = set(broken)
        self.done: list[Any] = []

    async def __call__(self, call: Any) -> Any:
        self.done.append(call.parameters)
        if call.parameters in self.broken:
            raise StateError("Broken", "")
        return call.parameters


def redriven(definition: dict, given: Any, flaky: Flaky) -> tuple[Any, World]:
    """Return an execution that has failed, has been redriven when nothing was broken any more, and has succeeded."""

    async def scenario() -> tuple[Any, World]:
        world = World(flaky)
        execution = await world.run(definition, given)
        assert execution.status == "FAILED"
        flaky.broken.clear()
        execution.redrive()
        assert (execution.status, execution.error, execution.stopped) == ("RUNNING", None, None)
        await world.clock.advance(10)
        assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
        return execution, world

    return asyncio.run(scenario())


def test_a_failed_task_is_done_again() -> None:
    """The states before it are not; its attempts count from the start."""
    task = {**TASK, "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]}
    flaky = Flaky(1)
    execution, world = redriven(states(P={"Type": "Pass", "Next": "T"}, T=task), 1, flaky)
    assert events(execution)[9:] == [
        "10<9 TaskFailed",
        "11<10 ExecutionFailed",
        "12<11 ExecutionRedriven",
        "13<12 TaskScheduled",
        "14<13 TaskStarted",
        "15<14 TaskSucceeded",
        "16<15 TaskStateExited",
        "17<16 ExecutionSucceeded",
    ]
    assert details(execution, 12) == {"redriveCount": 1}
    assert (execution.redrive_count, execution.output) == (1, "1")
    assert execution.redriven is not None
    assert [detail["status"] for detail in world.bus.details] == ["RUNNING", "FAILED", "RUNNING", "SUCCEEDED"]


def test_attempts_count_from_the_start_again() -> None:
    async def scenario() -> None:
        failures = [StateError("Broken", "")] * 3
        world = World(failing(*failures))
        task = {**TASK, "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]}
        execution = await world.run(states(T=task))
        assert execution.status == "FAILED"
        execution.redrive()
        await world.clock.advance(10)
        assert execution.status == "SUCCEEDED"

    asyncio.run(scenario())


def test_only_branches_that_failed_run_again() -> None:
    branches = [
        states(A={**TASK, "InputPath": "$[0]"}),
        states(B={**TASK, "InputPath": "$[1]"}),
    ]
    flaky = Flaky("bad")
    execution, _ = redriven(states(S={"Type": "Parallel", "Branches": branches, "End": True}), ["good", "bad"], flaky)
    assert flaky.done == ["good", "bad", "bad"]
    assert json.loads(execution.output) == ["good", "bad"]


def test_only_iterations_that_failed_or_never_began_run() -> None:
    flaky = Flaky("b")
    map_state = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": states(T=TASK), "End": True}
    execution, _ = redriven(states(M=map_state), ["a", "b", "c"], flaky)
    assert flaky.done == ["a", "b", "b", "c"]
    assert json.loads(execution.output) == ["a", "b", "c"]


def test_a_fail_state_is_entered_again() -> None:
    async def scenario() -> None:
        world = World()
        execution = await world.run(states(F={"Type": "Fail", "Error": "E"}))
        execution.redrive()
        await world.clock.advance(1)
        assert events(execution)[2:] == [
            "3<2 ExecutionFailed",
            "4<3 ExecutionRedriven",
            "5<4 FailStateEntered",
            "6<5 ExecutionFailed",
        ]
        assert execution.redrive_count == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_map_run_runs_its_unsuccessful_children_again(kind: str) -> None:
    """Also "Redriving Map Runs in Step Functions executions": Express children are started anew."""
    flaky = Flaky("b")
    map_state = {
        "Type": "Map",
        "MaxConcurrency": 1,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, **states(T=TASK)},
        "End": True,
    }
    execution, world = redriven(states(M=map_state), ["a", "b", "c"], flaky)
    assert flaky.done == ["a", "b", "b", "c"]
    assert json.loads(execution.output) == ["a", "b", "c"]
    (map_run,) = world.store.map_runs
    assert (map_run.status, map_run.redrive_count, map_run.executions.total) == ("SUCCEEDED", 1, 3)
    assert details(execution, 9) == {"mapRunArn": map_run.arn, "redriveCount": 1}
    assert events(execution)[7:11] == [
        "8<7 ExecutionRedriven",
        "9<8 MapRunRedriven",
        "10<9 MapRunSucceeded",
        "11<10 MapStateSucceeded",
    ]


def test_items_that_could_not_be_read_are_read_again() -> None:
    """ "Redriving Map Runs": a run that had not started its children starts them."""

    async def scenario() -> None:
        world = World()
        reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}
        processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **states(P=PASS)}
        map_state = {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "End": True}
        world.tasks.objects["k"] = StateError("States.ItemReaderFailed", "There is no such object.")
        execution = await world.run(states(M=map_state))
        assert (execution.status, execution.error) == ("FAILED", "States.ItemReaderFailed")
        world.tasks.objects["k"] = [1, 2]
        execution.redrive()
        await world.clock.advance(1)
        assert (execution.status, execution.output) == ("SUCCEEDED", "[1,2]")

    asyncio.run(scenario())


def test_a_stopped_execution_waits_anew() -> None:
    async def scenario() -> None:
        world = World()
        execution = world.start(states(W={"Type": "Wait", "Seconds": 10, "Next": "P"}, P=PASS), {"a": 1})
        await world.clock.advance(1)
        execution.stop()
        execution.redrive()
        await world.clock.advance(10)
        assert (execution.status, execution.output) == ("SUCCEEDED", '{"a":1}')

    asyncio.run(scenario())


def test_what_cannot_be_redriven() -> None:
    """The reasons are those of redriveStatusReason in the service model."""

    async def scenario() -> None:
        world = World()
        execution = world.start(states(W={"Type": "Wait", "Seconds": 1, "End": True}))
        reason = "Execution is RUNNING and cannot be redriven"
        assert execution.redrive_status == ("NOT_REDRIVABLE", reason)
        with pytest.raises(ApiError, match=reason) as refusal:
            execution.redrive()
        assert refusal.value.code == "ExecutionNotRedrivable"
        await world.clock.advance(1)
        assert execution.redrive_status == ("NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven")
        failed = await world.run(states(F={"Type": "Fail"}))
        assert failed.redrive_status == ("REDRIVABLE", None)
        await world.clock.advance(14 * 86_400)
        assert failed.redrive_status == ("NOT_REDRIVABLE", "Execution redrivable period exceeded")
        long = world.start(states(W={"Type": "Wait", "Seconds": 1, "End": True}))
        for _ in range(LIMIT - 3):
            long.history.add("TaskStarted", 2)
        long.stop()
        assert long.redrive_status == ("NOT_REDRIVABLE", "Execution history event limit exceeded")

    asyncio.run(scenario())
