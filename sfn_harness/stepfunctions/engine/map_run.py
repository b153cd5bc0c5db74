"""A map run: the child executions of a distributed Map state."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions.engine import times
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.interface import Counts, Status, Workflow

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.execution import Execution

Json = Any

EXCEEDED = "States.ExceedToleratedFailureThreshold"

_COUNTED = {
    Status.SUCCEEDED: "succeeded",
    Status.FAILED: "failed",
    Status.TIMED_OUT: "timed_out",
    Status.ABORTED: "aborted",
}


@dataclass(slots=True)
class Portion:
    """What a child execution gets: its input, and of how many items that is made."""

    document: Document
    item_count: int


@dataclass(slots=True)
class Tolerance:
    """How many items may fail. None: not said; without both, none may."""

    count: int | None = None
    percentage: float | None = None

    def is_exceeded(self, failed: int, total: int) -> bool:
        """Return whether too many have failed."""
        if self.count is None and self.percentage is None:
            return failed > 0
        if self.count is not None and failed > self.count:
            return True
        return self.percentage is not None and failed * 100 > self.percentage * total


class MapRun:
    """A run of a distributed Map state; see `interface.MapRun`."""

    def __init__(
        self,
        execution: Execution,
        workflow: Workflow,
        *,
        arn: str,
        label: str,
        max_concurrency: int,
        tolerance: Tolerance,
    ) -> None:
        """Make a map run.

        Args:
            execution: the parent.
            workflow: that of the children.
            arn: the map run's.
            label: the Map state's.
            max_concurrency: how many children run at the same time; 0: as many as there are.
            tolerance: how many items may fail.

        """
        self.execution, self.workflow, self.arn, self.label = execution, workflow, arn, label
        self.max_concurrency, self._tolerance = max_concurrency, tolerance
        self.status = Status.RUNNING
        self.started = execution.engine.clock.now()
        self.stopped: float | None = None
        self.items, self.executions = Counts(), Counts()
        self.children: list[Execution] = []
        self.redrive_count = 0
        self.redriven: float | None = None
        self.has_items = False  # they have been read
        self._places: dict[Execution, int] = {}
        self._portions: deque[tuple[int, Portion]] = deque()
        self._again: deque[Execution] = deque()
        self._over: asyncio.Future[bool] | None = None

    @property
    def tolerated_failure_count(self) -> int:
        """How many items may fail; 0 where nothing is said."""
        return self._tolerance.count or 0

    @property
    def tolerated_failure_percentage(self) -> float:
        """How many items of a hundred may fail; 0.0 where nothing is said."""
        return self._tolerance.percentage or 0.0

    def update(
        self,
        max_concurrency: int | None = None,
        tolerated_failure_count: int | None = None,
        tolerated_failure_percentage: float | None = None,
    ) -> None:
        """Change the settings; see `interface.MapRun`."""
        if max_concurrency is not None:
            self.max_concurrency = max_concurrency
        if tolerated_failure_count is not None:
            self._tolerance.count = tolerated_failure_count
        if tolerated_failure_percentage is not None:
            self._tolerance.percentage = tolerated_failure_percentage
        if self._over is not None:
            self._proceed()

    async def run(self, portions: Sequence[Portion]) -> bool:
        """Run a child execution for each portion. Returns whether no more than the tolerated items have failed."""
        self.has_items = True
        self._portions.extend(enumerate(portions))
        self.executions.pending = len(portions)
        self.items.pending = sum(portion.item_count for portion in portions)
        return await self._finish()

    async def redrive(self) -> bool:
        """Run the children again that did not succeed, and those that never started. Returns what `run` does."""
        self.status, self.stopped = Status.RUNNING, None
        self.redrive_count += 1
        self.redriven = self.execution.engine.clock.now()
        anew = []
        for child in [child for child in self.children if child.status is not Status.SUCCEEDED]:
            self._count(child, _COUNTED[child.status], -1)
            self._count(child, "pending", 1)
            if self.workflow.express:  # it is started anew
                self.children.remove(child)
                anew.append((self._places.pop(child), Portion(Document(text=child.input), child.item_count)))
            else:
                self._again.append(child)
        self._portions.extendleft(reversed(anew))
        return await self._finish()

    def child_ended(self, child: Execution) -> None:
        """Take note of a child's end, and start the next one."""
        self._count(child, "running", -1)
        self._count(child, _COUNTED[child.status], 1)
        if self._over is not None:
            self._proceed()

    def succeeded(self) -> Iterator[Execution]:
        """Return the children that have succeeded, in the order of their items."""
        return (child for child in self.ordered() if child.status is Status.SUCCEEDED)

    def ordered(self) -> list[Execution]:
        """Return the children in the order of their items."""
        return sorted(self.children, key=self._places.__getitem__)

    def end(self, status: Status) -> None:
        """End the run, with the children that still run."""
        self._over = None
        for child in self.children:
            child.stop()
        self.status, self.stopped = status, self.execution.engine.clock.now()

    async def _finish(self) -> bool:
        self._over = asyncio.get_running_loop().create_future()
        try:
            self._proceed()
            return await self._over
        finally:
            self._over = None

    def _proceed(self) -> None:
        """Start as many children as may run, or say that the run is over."""
        if self._over.done():
            return
        if self._tolerance.is_exceeded(self.items.failed + self.items.timed_out, self.items.total):
            self._over.set_result(False)
            return
        while (self._again or self._portions) and not 0 < self.max_concurrency <= self.executions.running:
            self._start_one()
        if self.executions.running == 0:
            self._over.set_result(True)

    def _start_one(self) -> None:
        if self._again:
            child = self._again.popleft()
            self._count(child, "pending", -1)
            self._count(child, "running", 1)
            child.run_again()
            return
        place, portion = self._portions.popleft()
        child = self.execution.engine.make_child(self, portion)
        self.children.append(child)
        self._places[child] = place
        self._count(child, "pending", -1)
        self._count(child, "running", 1)
        child.begin()

    def _count(self, child: Execution, state: str, change: int) -> None:
        setattr(self.executions, state, getattr(self.executions, state) + change)
        setattr(self.items, state, getattr(self.items, state) + change * child.item_count)


def describe(child: Execution) -> dict[str, Json]:
    """Return what DescribeExecution says of a child, with the names that ResultWriter's files have."""
    redrive_status, reason = child.redrive_status
    described = {
        "ExecutionArn": child.arn,
        "Input": child.input,
        "InputDetails": {"Included": True},
        "Name": child.name,
        "Output": child.output,
        "OutputDetails": None if child.output is None else {"Included": True},
        "Error": child.error,
        "Cause": child.cause,
        "RedriveCount": child.redrive_count,
        "RedriveStatus": redrive_status,
        "RedriveStatusReason": reason,
        "StartDate": times.write(child.started),
        "StateMachineArn": child.workflow.arn,
        "Status": str(child.status),
        "StopDate": None if child.stopped is None else times.write(child.stopped),
    }
    return {member: value for member, value in described.items() if value is not None}
