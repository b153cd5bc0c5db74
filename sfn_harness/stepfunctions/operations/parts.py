"""What the operations work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from sfn_harness.stepfunctions.engine import times
from sfn_harness.stepfunctions.engine.interface import Engine
from sfn_harness.stepfunctions.engine.mocks import MockConfig
from sfn_harness.stepfunctions.ports import Clock, Logs
from sfn_harness.stepfunctions.store import Region, Store
from sfn_harness.stepfunctions.tasks.interface import Activities, Tokens

Json = Any
Request = Mapping[str, Json]  # checked by the service's model
Answer = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operations work with.

    Attributes:
        store: what there is.
        engine: runs executions.
        tokens: of tasks that wait for SendTask... operations.
        activities: tasks that wait for a worker.
        clock: the time of executions, which is that of all dates.
        logs: where log groups are.
        random: makes ids, and shares out the executions of aliases.
        mocks: the test cases that executions may play; None: there are none.

    """

    store: Store
    engine: Engine
    tokens: Tokens
    activities: Activities
    clock: Clock
    logs: Logs
    random: Random
    mocks: MockConfig | None = None

    def now(self) -> float:
        """Return the time as dates have it."""
        return times.date(self.clock.now())

    def new_id(self) -> str:
        """Return a new UUID."""
        return str(UUID(int=self.random.getrandbits(128), version=4))


@dataclass(slots=True)
class Call:
    """One call of an operation: what it works with, what there is where it is made, and what it asks for."""

    parts: Parts
    here: Region
    request: Request


def present(**members: Json) -> Answer:
    """Return an answer of the members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def date(seconds: float | None) -> float | None:
    """Return a date as answers have it; None where there is none."""
    return None if seconds is None else times.date(seconds)
