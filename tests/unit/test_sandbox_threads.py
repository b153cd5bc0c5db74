"""Executions share threads, and one that waits delays no other."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def threads(server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def ended(world, machine: str, count: int) -> bool:
    found = world.sfn.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED", maxResults=1000)
    return len(found["executions"]) == count


linux_only = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")


@linux_only
def test_short_executions_share_a_few_threads(server, world):
    machine = world.machine("short", PASS)
    before = threads(server)
    most = 0
    for _ in range(200):
        world.sfn.start_execution(stateMachineArn=machine)
        most = max(most, threads(server) - before)
    wait_until(lambda: ended(world, machine, 200), what="the end of all executions")
    assert most <= 8  # a thread each would be some thirty at a time: each sleeps 150 ms before it begins


def test_executions_that_wait_hold_up_no_other(world):
    slow, fast = world.machine("slow", waiting(600)), world.machine("fast", PASS)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: world.sfn.start_execution(stateMachineArn=slow), range(60)))
    began = time.monotonic()
    for _ in range(20):
        world.sfn.start_execution(stateMachineArn=fast)
    wait_until(lambda: ended(world, fast, 20), what="the end of the short ones")
    assert time.monotonic() - began < 2


def test_executions_that_wait_do_so_at_the_same_time(world):
    machine = world.machine("at-once", waiting(1))
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: world.sfn.start_execution(stateMachineArn=machine), range(40)))
    wait_until(lambda: ended(world, machine, 40), what="the end of all executions")
    assert time.monotonic() - began < 4


def test_an_execution_runs_for_a_moment_before_its_first_state(world):
    machine = world.machine("moment", PASS)
    arn = world.sfn.start_execution(stateMachineArn=machine)["executionArn"]
    assert world.sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"
    wait_until(lambda: ended(world, machine, 1), what="its end")


def test_an_execution_that_another_one_starts_runs_too(world):
    child = world.machine("child", PASS)
    parent = world.machine("parent", PARENT)
    world.permit("states", allow("states:StartExecution", child))
    world.sfn.start_execution(stateMachineArn=parent, input=json.dumps({"child": child}))
    wait_until(lambda: ended(world, parent, 1) and ended(world, child, 1), what="the end of both")
