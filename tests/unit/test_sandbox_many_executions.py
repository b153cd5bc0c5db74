"""Many executions at once: one that waits delays no other."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sandbox_server import PASS, World, allow, running, wait_until

PARENT = {
    "StartAt": "S",
    "States": {
        "S": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Parameters": {"StateMachineArn.$": "$.child"},
            "End": True,
        }
    },
}


@pytest.fixture(scope="module")
def server():
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def world(server) -> World:
    return World(server, "888899990000")


def waiting(seconds: float) -> dict:
    return {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}}


def ended(world, machine: str, count: int) -> bool:
    found = world.sfn.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED", maxResults=1000)
    return len(found["executions"]) == count


def test_short_executions_all_end(world):
    machine = world.machine("short", PASS)
    for _ in range(200):
        world.sfn.start_execution(stateMachineArn=machine)
    wait_until(lambda: ended(world, machine, 200), what="the end of all executions")


def test_executions_that_wait_hold_up_no_other(world):
    slow, fast = world.machine("slow", waiting(600)), world.machine("fast", PASS)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: world.sfn.start_execution(stateMachineArn=slow), range(60)))
    for _ in range(20):
        world.sfn.start_execution(stateMachineArn=fast)
    # The others take ten minutes.
    wait_until(lambda: ended(world, fast, 20), what="the end of the short ones")


def test_executions_that_wait_do_so_at_the_same_time(world):
    machine = world.machine("at-once", waiting(600))
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: world.sfn.start_execution(stateMachineArn=machine), range(40)))

    def waits(execution: str) -> bool:
        events = world.sfn.get_execution_history(executionArn=execution)["events"]
        return events[-1]["type"] == "WaitStateEntered"

    for each in started:
        wait_until(lambda arn=each["executionArn"]: waits(arn), what="the wait of each execution")


def test_an_execution_that_another_one_starts_runs_too(world):
    child = world.machine("child", PASS)
    parent = world.machine("parent", PARENT)
    world.permit("states", allow("states:StartExecution", child))
    world.sfn.start_execution(stateMachineArn=parent, input=json.dumps({"child": child}))
    wait_until(lambda: ended(world, parent, 1) and ended(world, child, 1), what="the end of both")
