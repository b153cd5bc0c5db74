"""Executions from outside: their limits, their events on the bus, their logs, and the clocks that they run by."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

import pytest

from sfn_harness.stepfunctions.engine.clock import ManualClock, RealClock
from sfn_harness.stepfunctions.engine.history import LIMIT
from sfn_harness.stepfunctions.engine.interface import Logging
from sfn_harness.stepfunctions.errors import HeartbeatMissedError, StateError
from sfn_harness.stepfunctions.tasks.deadline import Deadline, DeadlinePassedError
from tests.stepfunctions.engine_world import FUNCTION, SCOPE, World, details, events, failing, run, states

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
GROUP = "arn:aws:logs:us-east-1:111111111111:log-group:group:*"


def test_status_changes_are_put_on_the_bus() -> None:
    """Recorded on AWS: localstack/localstack tests v4.14.0, base test_event_bridge_events_base, 2024-02-07."""
    world = World()
    execution = asyncio.run(world.run(states(P={**PASS, "Result": {"Arg1": "argument1"}}), name="first"))
    started, ended = world.bus.details
    assert started == {
        "executionArn": SCOPE.arn("execution:machine:first"),
        "stateMachineArn": SCOPE.arn("stateMachine:machine"),
        "name": "first",
        "status": "RUNNING",
        "startDate": 1_700_000_000_000,
        "stopDate": None,
        "input": "{}",
        "output": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is RUNNING and cannot be redriven",
        "inputDetails": {"included": True},
        "outputDetails": None,
        "error": None,
        "cause": None,
    }
    changed = {member: value for member, value in ended.items() if started[member] != value}
    assert changed == {
        "status": "SUCCEEDED",
        "stopDate": int(execution.stopped * 1000),
        "output": '{"Arg1":"argument1"}',
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "outputDetails": {"included": True},
    }


def test_an_express_execution_has_neither_events_nor_history() -> None:
    """AWS's developer guide, "Choosing workflow type in Step Functions", seen 2026-11."""
    world = World()
    execution = asyncio.run(world.run(states(P=PASS), {"a": 1}, express=True))
    assert (execution.status, execution.output) == ("SUCCEEDED", '{"a":1}')
    assert (world.bus.details, execution.history.shape(), len(execution.history)) == ([], [], 4)


def test_an_express_execution_ends_after_five_minutes() -> None:
    """AWS's service quotas: "Maximum execution time" of Express Workflows, seen 2026-11."""
    definition = {**states(W={"Type": "Wait", "Seconds": 600, "End": True}), "TimeoutSeconds": 1000}
    execution = run(definition, express=True)
    assert (execution.status, execution.stopped - execution.started) == ("TIMED_OUT", 300)


def logged(level: str, definition: dict, *, data: bool = False, work: Any = None) -> list[dict]:
    world = World(**({"work": work} if work else {}))
    logging = Logging(level, include_execution_data=data, log_group_arns=(GROUP,))
    asyncio.run(world.run(definition, {"a": 1}, logging=logging))
    return world.logs.groups.get(GROUP, [])


def test_all_events_are_logged_at_the_level_all() -> None:
    """Recorded on AWS: localstack/localstack tests v4.14.0, logs/test_logs test_base, 2024-06-10."""
    arn = SCOPE.arn("execution:machine:one")
    rest = {"event_timestamp": "1700000000000", "execution_arn": arn, "redrive_count": "0"}
    records = logged("ALL", states(P=PASS))
    assert records[1] == {
        "id": "2",
        "type": "PassStateEntered",
        "details": {"name": "P"},
        "previous_event_id": "0",
        **rest,
    }
    assert [record["type"] for record in records] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert records[3]["details"] == {}
    with_data = logged("ALL", states(P=PASS), data=True)
    assert with_data[1]["details"] == {"name": "P", "input": '{"a":1}', "inputDetails": {"truncated": False}}


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        ("ERROR", ["TaskFailed", "FailStateEntered", "ExecutionFailed"]),
        ("FATAL", ["ExecutionFailed"]),
        ("OFF", []),
    ],
)
def test_levels(level: str, kinds: list[str]) -> None:
    """Recorded on AWS: localstack/localstack tests v4.14.0, logs/test_logs test_partial_log_levels, 2024-06-10."""
    task = {**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}]}
    definition = states(T=task, F={"Type": "Fail", "Error": "E", "Cause": "C"})
    records = logged(level, definition, work=failing(StateError("Oops", "No.")))
    assert [record["type"] for record in records] == kinds
    if kinds:
        assert records[-1]["details"] == {"error": "E", "cause": "C"}


def test_an_express_execution_is_logged() -> None:
    world = World()
    logging = Logging("ALL", log_group_arns=(GROUP,))
    asyncio.run(world.run(states(P=PASS), express=True, logging=logging))
    assert [record["id"] for record in world.logs.groups[GROUP]] == ["1", "2", "3", "4"]


LOOP = states(
    C={"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "P"}], "Default": "C"}, P=PASS
)


def test_a_history_has_25_000_events_at_most() -> None:
    """AWS's developer guide, "Avoid reaching the history quota", seen 2026-11: the last one is ExecutionFailed.

    The words: cloudonaut.io, "Step Functions pitfall", 2022-08-31.
    """
    execution = run(LOOP, {"a": 0})
    assert len(execution.history) == LIMIT == 25_000
    assert events(execution)[-1].endswith("ExecutionFailed")
    assert execution.cause == "The execution reached the maximum number of history events (25000)."


def test_an_execution_may_be_stopped_at_its_last_event() -> None:
    async def scenario() -> None:
        world = World()
        execution = world.start(states(W={"Type": "Wait", "Seconds": 10, "End": True}))
        await world.clock.advance(1)
        for _ in range(LIMIT - 3):
            execution.history.add("TaskStarted", 2)
        execution.stop()
        assert (execution.status, len(execution.history)) == ("ABORTED", LIMIT)

    asyncio.run(scenario())


def test_a_loop_lets_other_executions_run() -> None:
    async def scenario() -> None:
        world = World()
        endless = world.start(LOOP, {"a": 0}, express=True, name="endless")
        other = world.start(states(P=PASS), name="other")
        await asyncio.wait_for(other.ended(), 5)
        assert endless.status == "RUNNING"
        endless.stop()
        await endless.ended()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("retrier", "waits"),
    [
        ({"IntervalSeconds": 2, "MaxAttempts": 4}, [2, 4, 8, 16]),
        ({"IntervalSeconds": 1, "BackoffRate": 3, "MaxDelaySeconds": 5}, [1, 3, 5]),
        ({"IntervalSeconds": 1, "BackoffRate": 1.5, "MaxAttempts": 2}, [1, 1.5]),
        ({"MaxAttempts": 0}, []),
    ],
)
def test_intervals_between_attempts(retrier: dict, waits: list[float]) -> None:
    """The Amazon States Language, "Retrying after error", seen 2026-11."""
    times: list[float] = []

    async def work(call: Any) -> None:
        times.append(call.clock.now())
        raise StateError("Oops", "")

    run(states(T={**TASK, "Retry": [{"ErrorEquals": ["Oops"], **retrier}]}), work=work)
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == waits


def test_jitter_is_the_same_for_the_same_seed() -> None:
    def waits(seed: int) -> list[float]:
        times: list[float] = []

        async def work(call: Any) -> None:
            times.append(call.clock.now())
            raise StateError("Oops", "")

        retrier = {"ErrorEquals": ["Oops"], "JitterStrategy": "FULL", "IntervalSeconds": 10}
        asyncio.run(World(work, seed=seed).run(states(T={**TASK, "Retry": [retrier]})))
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    assert waits(1) == waits(1) != waits(2)
    assert all(0 <= wait <= limit for wait, limit in zip(waits(1), [10, 20, 40], strict=True))


def test_retriers_count_by_themselves() -> None:
    """Recorded on AWS: localstack/localstack tests v4.14.0, test_map_state_retry_multiple_retriers, 2023-08-08."""
    retry = [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    a, b = StateError("A", ""), StateError("B", "")
    assert run(states(T={**TASK, "Retry": retry}), work=failing(a, b)).status == "SUCCEEDED"
    assert run(states(T={**TASK, "Retry": retry}), work=failing(a, b, a)).error == "A"
    assert run(states(T={**TASK, "Retry": retry}), work=failing(b, b)).error == "B"


@pytest.mark.parametrize(
    ("error", "names", "caught"),
    [
        ("Oops", ["States.TaskFailed"], True),
        ("States.Timeout", ["States.TaskFailed"], False),
        ("States.Timeout", ["States.Timeout"], True),
        ("States.DataLimitExceeded", ["States.ALL"], True),
        ("States.Runtime", ["States.ALL"], False),
        ("Oops", ["Other"], False),
    ],
)
def test_what_an_error_name_takes(error: str, names: list[str], caught: bool) -> None:
    """AWS's developer guide, "Handling errors in Step Functions workflows", seen 2026-11.

    States.DataLimitExceeded is recorded: localstack/localstack tests v4.14.0, error_handling/test_states_errors,
    2024-03-21.
    """
    task = {**TASK, "Catch": [{"ErrorEquals": names, "Next": "P"}]}
    execution = run(states(T=task, P=PASS), work=failing(StateError(error, "")))
    assert (execution.status == "SUCCEEDED") is caught


@pytest.mark.parametrize("name", ["States.HeartbeatTimeout", "States.Timeout"])
def test_a_missed_heartbeat_has_two_names(name: str) -> None:
    """AWS's developer guide, "Handling errors in Step Functions workflows", seen 2026-11."""
    task = {**TASK, "Catch": [{"ErrorEquals": [name], "Next": "P"}]}
    execution = run(states(T=task, P=PASS), work=failing(HeartbeatMissedError()))
    assert json.loads(execution.output) == {"Error": "States.Timeout", "Cause": ""}
    timed_out = run(states(T=task, P=PASS), work=failing(StateError("States.Timeout")))
    assert (timed_out.status == "SUCCEEDED") is (name == "States.Timeout")


@pytest.mark.parametrize(("seconds", "error"), [(10, HeartbeatMissedError), (3, StateError)])
def test_a_deadline_says_what_was_missed(seconds: int, error: type[StateError]) -> None:
    async def scenario() -> StateError:
        clock = ManualClock()
        advance = asyncio.ensure_future(clock.advance(20))
        with pytest.raises(DeadlinePassedError) as passed:
            async with Deadline(clock, seconds, 5):
                await asyncio.Event().wait()
        await advance
        return passed.value.error

    assert type(asyncio.run(scenario())) is error


def test_an_error_of_the_engine_ends_the_execution() -> None:
    async def work(_call: Any) -> None:
        raise ZeroDivisionError("oh")

    execution = run(states(S={"Type": "Parallel", "Branches": [states(T=TASK)], "End": True}), work=work)
    assert (execution.status, execution.error) == ("FAILED", "States.Runtime")


def test_what_a_stopped_task_still_does_changes_nothing() -> None:
    async def work(_call: Any) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise StateError("Late", "")

    async def scenario() -> None:
        world = World(work)
        execution = world.start(states(T=TASK))
        await world.clock.advance(1)
        assert world.engine.running == {execution}
        execution.stop()
        assert world.engine.running == set()
        await world.clock.advance(1)
        assert (execution.status, execution.error) == ("ABORTED", None)
        assert [detail["status"] for detail in world.bus.details] == ["RUNNING", "ABORTED"]
        assert events(execution)[-1] == "5<0 ExecutionAborted"

    asyncio.run(scenario())


def test_a_day_passes() -> None:
    async def scenario() -> None:
        world = World()
        wait = states(
            W={"Type": "Wait", "Seconds": 86_400, "Next": "V"}, V={"Type": "Wait", "Seconds": 60, "End": True}
        )
        execution = world.start(wait)
        await world.clock.advance(86_459)
        assert [event["timestamp"] - execution.started for event in execution.history.shape()][2:] == [86_400] * 2
        await world.clock.advance(1)
        assert execution.status == "SUCCEEDED"

    asyncio.run(scenario())


def test_a_manual_clock_calls_in_order() -> None:
    async def scenario() -> None:
        clock, calls = ManualClock(100.0), []
        clock.call_at(103, lambda: calls.append(("late", clock.now())))
        clock.call_at(101, lambda: calls.append(("early", clock.now())))
        clock.call_at(102, lambda: calls.append(("never", clock.now()))).cancel()
        await clock.advance(5)
        assert calls == [("early", 101), ("late", 103)]
        assert clock.now() == 105
        await clock.sleep(0)

    asyncio.run(scenario())


def test_a_manual_clock_waits_for_all_that_happens_at_a_moment() -> None:
    async def work(call: Any) -> Any:
        for _ in range(10):
            await asyncio.sleep(0)
        return call.parameters

    async def scenario() -> None:
        world = World(work)
        tasks = {f"T{n}": {"Type": "Task", "Resource": FUNCTION, "Next": f"T{n + 1}"} for n in range(30)}
        execution = world.start(states(**tasks, T30={"Type": "Wait", "Seconds": 5, "End": True}))
        await world.clock.advance(5)
        assert (execution.status, execution.stopped - execution.started) == ("SUCCEEDED", 5)

    asyncio.run(scenario())


def test_a_clock_may_run_faster() -> None:
    async def scenario() -> None:
        clock = RealClock(factor=1000.0)
        before, began = clock.now(), time.monotonic()
        await clock.sleep(20)
        called = asyncio.Event()
        clock.call_at(clock.now() + 20, called.set)
        await called.wait()
        assert clock.now() - before >= 40
        assert time.monotonic() - began < 20

    asyncio.run(scenario())
    assert abs(RealClock().now() - time.time()) < 1
    with pytest.raises(ValueError, match="more than 0"):
        RealClock(0)


def test_details_of_a_versioned_execution() -> None:
    """ExecutionStarted's members in the service model."""

    async def scenario() -> None:
        world = World()
        execution = world.engine.start(
            world.workflow(states(P=PASS)), input="{}", name="n", arn="arn", version_arn="version", alias_arn="alias"
        )
        await execution.ended()
        assert details(execution, 1)["stateMachineVersionArn"] == "version"
        assert details(execution, 1)["stateMachineAliasArn"] == "alias"
        assert json.loads(execution.output) == {}

    asyncio.run(scenario())
