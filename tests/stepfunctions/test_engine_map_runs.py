"""Distributed Map states: their events, child executions, tolerated failures, readers, batches and writers.

Recorded on AWS, if nothing else is said: localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2. Each
test names the file below that directory and the date of the recording.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.engine.execution import Execution
from sfn_harness.stepfunctions.errors import StateError
from tests.stepfunctions.engine_world import FUNCTION, World, details, events, states

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}


def distributed(processor: dict, *, kind: str = "STANDARD", **members: Any) -> dict:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    return {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **processor}, "End": True, **members}


async def picky(call: Any) -> Any:
    """Fail for the item "bad"."""
    if call.parameters == "bad":
        raise StateError("Bad", "It is bad.")
    return call.parameters


def run(world: World, map_state: dict, given: Any) -> Execution:
    return asyncio.run(world.run(states(M=map_state), given))


def test_a_map_run() -> None:
    """scenarios/test_base_scenarios test_map_state_label, 2024-07-20; the run: test_sfn_api_map_run, 2023-09-21."""
    world = World()
    execution = run(world, distributed(states(P=PASS), Label="TestMap", MaxConcurrency=1), ["Hello", "World"])
    assert events(execution)[1:] == [
        "2<0 MapStateEntered",
        "3<2 MapStateStarted",
        "4<3 MapRunStarted",
        "5<4 MapRunSucceeded",
        "6<5 MapStateSucceeded",
        "7<5 MapStateExited",
        "8<7 ExecutionSucceeded",
    ]
    assert details(execution, 3) == {"length": 2}
    assert execution.output == '["Hello","World"]'
    (map_run,) = world.store.map_runs
    assert map_run.arn.rpartition(":")[0] == "arn:aws:states:us-east-1:111111111111:mapRun:machine/TestMap"
    assert details(execution, 4) == {"mapRunArn": map_run.arn}
    assert (map_run.status, map_run.max_concurrency, map_run.execution) == ("SUCCEEDED", 1, execution)
    for counts in (map_run.items, map_run.executions):
        assert (counts.total, counts.succeeded, counts.results_written, counts.failed) == (2, 2, 2, 0)


def test_child_executions() -> None:
    """Their ARNs: developer guide, "Viewing a Distributed Map Run execution"; histories of their own."""
    world = World()
    execution = run(world, distributed(states(P=PASS), Label="L"), [1])
    (child,) = world.store.children
    assert child.arn == f"arn:aws:states:us-east-1:111111111111:execution:machine/L:{child.name}"
    assert child.workflow.arn == f"{execution.workflow.arn}/L"
    assert (child.input, child.output, child.status, child.item_count) == ("1", "1", "SUCCEEDED", 1)
    assert events(child) == [
        "1<0 ExecutionStarted",
        "2<0 PassStateEntered",
        "3<2 PassStateExited",
        "4<3 ExecutionSucceeded",
    ]
    assert child.map_run is world.store.map_runs[0]


def test_the_same_seed_gives_the_same_names() -> None:
    names = []
    for _ in range(2):
        world = World(seed=3)
        run(world, distributed(states(P=PASS)), [1, 2])
        names.append([world.store.map_runs[0].arn, *(child.arn for child in world.store.children)])
    assert names[0] == names[1]
    assert len(set(names[0])) == 3


def test_too_many_failures() -> None:
    """The error: test_state/test_state_configuration test_map_state_failure_count, 2025-11-13.

    The events: scenarios/test_base_scenarios test_map_item_reader_csv_headers_decl_duplicate_headers, 2023-09-21.
    """
    world = World(picky)
    execution = run(world, distributed(states(T=TASK)), ["good", "bad"])
    assert events(execution)[3:] == [
        "4<3 MapRunStarted",
        "5<4 MapRunFailed",
        "6<5 MapStateFailed",
        "7<6 ExecutionFailed",
    ]
    error = {
        "error": "States.ExceedToleratedFailureThreshold",
        "cause": "The specified tolerated failure threshold was exceeded",
    }
    assert details(execution, 5) == details(execution, 7) == error
    (map_run,) = world.store.map_runs
    assert (map_run.status, map_run.items.succeeded, map_run.items.failed) == ("FAILED", 1, 1)


@pytest.mark.parametrize(
    ("tolerated", "status"),
    [
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailureCount": 1}, "FAILED"),
        ({"ToleratedFailurePercentage": 50}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49.9}, "FAILED"),
        ({"ToleratedFailureCount": 1, "ToleratedFailurePercentage": 100}, "FAILED"),
    ],
)
def test_tolerated_failures(tolerated: dict, status: str) -> None:
    """Developer guide, "Setting failure thresholds for Distributed Map states": either threshold ends the run."""
    execution = run(World(picky), distributed(states(T=TASK), **tolerated), ["good", "bad", "bad", "fine"])
    assert execution.status == status
    if status == "SUCCEEDED":
        assert json.loads(execution.output) == ["good", "fine"]


def test_a_run_that_fails_ends_its_children() -> None:
    async def work(call: Any) -> None:
        if call.parameters == "bad":
            raise StateError("Bad", "")
        await asyncio.Event().wait()

    world = World(work)
    run(world, distributed(states(T=TASK)), ["slow", "bad", "slow"])
    assert [child.status for child in world.store.children] == ["ABORTED", "FAILED", "ABORTED"]
    counts = world.store.map_runs[0].executions
    assert (counts.aborted, counts.failed, counts.running) == (2, 1, 0)


def test_only_so_many_run_at_the_same_time() -> None:
    running = most = 0

    async def work(call: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await call.clock.sleep(1)
        running -= 1

    execution = run(World(work), distributed(states(T=TASK), MaxConcurrency=3), list(range(10)))
    assert (most, execution.status) == (3, "SUCCEEDED")


def test_settings_may_change_while_it_runs() -> None:
    """UpdateMapRun."""

    async def scenario() -> None:
        world = World()
        wait = states(W={"Type": "Wait", "Seconds": 10, "End": True})
        execution = world.start(states(M=distributed(wait, MaxConcurrency=1)), [1, 2, 3])
        await world.clock.advance(1)
        (map_run,) = world.store.map_runs
        assert (map_run.executions.running, map_run.executions.pending) == (1, 2)
        map_run.update(max_concurrency=3, tolerated_failure_count=1)
        await world.clock.advance(10)
        assert execution.status == "SUCCEEDED"
        assert execution.stopped - execution.started == 11
        assert map_run.tolerated_failure_count == 1

    asyncio.run(scenario())


def test_items_from_a_reader() -> None:
    """scenarios/test_base_scenarios test_map_item_reader_base_json and ..._with_items_path, 2025-01-09.

    MapStateStarted has length 0, and ItemsPath is passed over.
    """
    world = World()
    world.tasks.objects["file.json"] = [["a"], ["b"], ["c"]]
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {"Bucket": "bucket", "Key.$": "$.key"},
        "ReaderConfig": {"InputType": "JSON", "MaxItems": 2},
    }
    map_state = distributed(states(P=PASS), ItemReader=reader, ItemsPath="$[0]")
    execution = run(world, map_state, {"key": "file.json"})
    assert details(execution, 3) == {"length": 0}
    assert execution.output == '[["a"],["b"]]'


def test_items_in_batches() -> None:
    """scenarios/test_base_scenarios test_map_item_batching_base_json_max_per_batch_jsonata, 2024-11-13."""
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"fixed": 1}}
    world = World()
    execution = run(world, distributed(states(P=PASS), ItemBatcher=batcher), [1, 2, 3])
    assert json.loads(execution.output) == [
        {"BatchInput": {"fixed": 1}, "Items": [1, 2]},
        {"BatchInput": {"fixed": 1}, "Items": [3]},
    ]
    assert details(execution, 3) == {"length": 3}
    (map_run,) = world.store.map_runs
    assert (map_run.items.total, map_run.executions.total) == (3, 2)
    by_size = distributed(states(P=PASS), ItemBatcher={"MaxInputBytesPerBatch": 30})
    assert json.loads(run(World(), by_size, ["x" * 10] * 3).output) == [{"Items": ["x" * 10]}] * 3


def test_results_are_written() -> None:
    """scenarios/test_base_scenarios test_map_state_result_writer, 2024-08-19."""
    world = World()
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results", "Prefix": "jobs"}}
    execution = run(world, distributed(states(P=PASS), ResultWriter=writer), ["a", "b"])
    (map_run,) = world.store.map_runs
    details_ = {"Bucket": "results", "Key": "results/manifest.json"}
    assert json.loads(execution.output) == {"MapRunArn": map_run.arn, "ResultWriterDetails": details_}
    (written,) = world.tasks.written
    assert written["parameters"] == {"Bucket": "results", "Prefix": "jobs"}
    assert [(result["Input"], result["Output"], result["Status"]) for result in written["results"]] == [
        ('"a"', '"a"', "SUCCEEDED"),
        ('"b"', '"b"', "SUCCEEDED"),
    ]


def test_settings_that_are_wrong_end_the_execution() -> None:
    """scenarios/test_base_scenarios test_map_state_tolerated_failure_count_path[-1], 2024-06-19."""
    map_state = distributed(states(P=PASS), ItemsPath="$.Items", ToleratedFailureCountPath="$.Count")
    execution = run(World(), map_state, {"Items": [0], "Count": -1})
    assert events(execution)[2:] == ["3<2 MapStateStarted", "4<3 ExecutionFailed"]
    assert execution.cause.endswith("(entered at the event id #2). ToleratedFailureCount cannot be negative.")


def test_express_children() -> None:
    """They have no history (developer guide, "Choosing workflow type")."""
    world = World()
    execution = run(world, distributed(states(P=PASS), kind="EXPRESS", Label="L"), [1])
    (child,) = world.store.children
    assert execution.output == "[1]"
    assert child.arn.startswith("arn:aws:states:us-east-1:111111111111:express:machine/L:")
    assert child.history.shape() == []


def test_a_stopped_execution_stops_its_map_run() -> None:
    async def scenario() -> None:
        world = World()
        wait = states(W={"Type": "Wait", "Seconds": 10, "End": True})
        execution = world.start(states(M=distributed(wait)), [1, 2])
        await world.clock.advance(1)
        execution.stop()
        await world.clock.advance(0)
        (map_run,) = world.store.map_runs
        assert map_run.status == "ABORTED"
        assert [child.status for child in world.store.children] == ["ABORTED", "ABORTED"]

    asyncio.run(scenario())
