"""Executions in process, without a server: how many a second, and how much memory each one takes.

    python -m benchmarks.engine --executions 20000

Rates: executions of one Pass state, started one after the other's end, and all at once. Memory: resident bytes for each
execution in a Wait state, and for each that has ended beside the bytes of its payloads (input and output). Each figure
is from a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

from sfn_harness.stepfunctions.engine.clock import RealClock
from sfn_harness.stepfunctions.engine.engine import Engine
from sfn_harness.stepfunctions.engine.execution import Execution
from sfn_harness.stepfunctions.engine.interface import Workflow
from sfn_harness.stepfunctions.language.parser import parse
from sfn_harness.stepfunctions.ports import Scope
from sfn_harness.stepfunctions.tasks.integrations import TaskIntegrations

# What has to hold; see the figures in README.md.
LEAST_RATE = 10_000
MOST_WAITING = 10_000  # bytes for each
MOST_ENDED = 3_000  # bytes for each, besides 2.5 times its payloads
PAYLOADS = 2.5

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}
SCOPE = Scope("111111111111", "us-east-1")
INPUT = json.dumps({"order": "0123456789", "items": [{"name": f"item {number}", "price": 1.5} for number in range(20)]})


class Bus:
    """Takes events and forgets them."""

    def put(self, *event: Any) -> None:
        """Take an event."""


def starter(definition: dict[str, Any]) -> tuple[Engine, Callable[[int, str], Execution]]:
    """Return an engine and what starts executions of a definition, by number."""
    engine = Engine(
        clock=RealClock(),
        services=None,
        integrations=TaskIntegrations(None, Random(1)),  # noqa: S311 - no secrets here
        events=Bus(),
        seed=1,
    )
    workflow = Workflow(
        definition=parse(json.dumps(definition), express=False),
        arn=SCOPE.arn("stateMachine:machine"),
        name="machine",
        role_arn="arn:aws:iam::111111111111:role/states",
        scope=SCOPE,
    )

    def start(number: int, given: str) -> Execution:
        name = f"execution-{number}"
        return engine.start(workflow, input=given, name=name, arn=SCOPE.arn(f"execution:machine:{name}"))

    return engine, start


def resident() -> int:
    """Return this process's resident memory in bytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


async def one_after_another(count: int) -> float:
    """Return executions a second, each started after the end of the one before."""
    _, start = starter(PASS)
    began = time.perf_counter()
    for number in range(count):
        await start(number, '{"a": 1}').ended()
    return count / (time.perf_counter() - began)


async def all_at_once(count: int) -> float:
    """Return executions a second, all started before the first has ended."""
    engine, start = starter(PASS)
    began = time.perf_counter()
    for number in range(count):
        start(number, '{"a": 1}')
    while engine.running:
        await next(iter(engine.running)).ended()
    return count / (time.perf_counter() - began)


async def waiting(count: int) -> float:
    """Return the bytes of each execution that waits."""
    engine, start = starter(WAIT)
    before = resident()
    executions = [start(number, '{"a": 1}') for number in range(count)]
    await asyncio.sleep(1)
    grown = resident() - before
    for execution in executions:
        execution.stop()
    await asyncio.sleep(0)
    assert not engine.running
    return grown / count


async def ended(count: int) -> float:
    """Return the bytes of each execution that has ended."""
    _, start = starter(PASS)
    kept = []
    before = resident()
    for number in range(count):
        kept.append(start(number, INPUT))
        await kept[-1].ended()
    return (resident() - before) / count


def apart(measure: Callable[[int], Awaitable[float]], count: int) -> float:
    """Return a figure from a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (measure, count))


def _measured(measure: Callable[[int], Awaitable[float]], count: int) -> float:
    return asyncio.run(measure(count))


def main() -> None:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executions", type=int, default=20_000)
    count = parser.parse_args().executions
    payloads = 2 * len(INPUT)
    most_ended = PAYLOADS * payloads + MOST_ENDED
    for name, measure, limit, is_rate in (
        ("one after another, a second", one_after_another, LEAST_RATE, True),
        ("all at once, a second", all_at_once, LEAST_RATE, True),
        ("bytes of one that waits", waiting, MOST_WAITING, False),
        (f"bytes of one that has ended, {payloads} of them payloads", ended, most_ended, False),
    ):
        figure = apart(measure, count)
        holds = figure >= limit if is_rate else figure <= limit
        print(
            f"{name:60} {figure:9.0f}  {'at least' if is_rate else 'at most'} {limit:.0f}: {'yes' if holds else 'NO'}"
        )


if __name__ == "__main__":
    main()
