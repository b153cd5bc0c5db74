"""The history of an execution, as GetExecutionHistory gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sfn_harness.stepfunctions.engine import times
from sfn_harness.stepfunctions.engine.failures import RUNTIME, StateFailedError

Json = Any
Details = tuple[Any, ...] | Mapping[str, Json] | None

LIMIT = 25_000  # events of a Standard execution

NOT_TRUNCATED = {"truncated": False}  # of inputs and outputs; shared, never changed

_DATA = ("input", "inputDetails", "output", "outputDetails", "parameters", "assignedVariables")
_DATA += ("assignedVariablesDetails",)


class EventLog(Protocol):
    """Who else gets each event, when it happens."""

    def __call__(self, event_id: int, previous: int, time: float, kind: str, details: Details) -> None:
        """Take an event; `shape_details` shapes its details."""
        ...


class History:
    """Events, each as small as it can be until it is asked for.

    An event's id is its place, from 1. ``details`` is: None for events that have none; ``(name, input)`` of a state
    that is entered; ``(name, output, {variable: text} or None)`` of one that is exited; or a mapping, the members of
    the API's event details. Inputs, outputs and variables are texts.
    """

    __slots__ = ("_clock", "_count", "_events", "_limit", "_log")

    def __init__(self, clock: Callable[[], float], *, keep: bool = True, log: EventLog | None = None) -> None:
        """Make an empty history.

        Args:
            clock: returns the time.
            keep: without, events are counted and logged, but not kept: Express executions have no history.
            log: see EventLog.

        """
        self._clock, self._log = clock, log
        self._events: list[tuple[int, float, str, Details]] | None = [] if keep else None
        self._count = 0
        self._limit = LIMIT if keep else 0

    def __len__(self) -> int:
        return self._count

    def add(self, kind: str, previous: int, details: Details = None) -> int:
        """Write an event and return its id. Raises StateFailedError: there are too many."""
        self._count += 1
        if self._count == self._limit and not kind.startswith("Execution"):
            self._full(previous)
        if self._events is not None:
            self._events.append((previous, self._clock(), kind, details))
        if self._log is not None:
            self._log(self._count, previous, self._clock(), kind, details)
        return self._count

    def _full(self, previous: int) -> None:
        self._count -= 1
        self._limit = 0  # the events that end the execution follow
        raise StateFailedError(
            RUNTIME, f"The execution reached the maximum number of history events ({LIMIT}).", previous
        )

    def shape(
        self, start: int = 0, count: int | None = None, *, reverse: bool = False, include_data: bool = True
    ) -> list[dict[str, Json]]:
        """Return events as GetExecutionHistory gives them; see `interface.History`."""
        events = self._events or []
        ids = range(len(events), 0, -1) if reverse else range(1, len(events) + 1)
        end = None if count is None else start + count
        return [_shape(event_id, *events[event_id - 1], include_data) for event_id in ids[start:end]]


def _shape(
    event_id: int, previous: int, time: float, kind: str, details: Details, include_data: bool
) -> dict[str, Json]:
    shaped: dict[str, Json] = {"timestamp": times.date(time), "type": kind, "id": event_id, "previousEventId": previous}
    if details is not None:
        shaped[details_member(kind)] = shape_details(details, include_data=include_data)
    return shaped


def details_member(kind: str) -> str:
    """Return the name of the member that has the details of a kind of events."""
    for ending in ("StateEntered", "StateExited"):
        if kind.endswith(ending):
            kind = ending
    return f"{kind[0].lower()}{kind[1:]}EventDetails"


def shape_details(details: Details, *, include_data: bool = True) -> dict[str, Json]:
    """Return the members of an event's details as the API has them, without inputs and outputs if they are not wanted.

    Recorded on AWS for logs without execution data: errors and causes stay (localstack/localstack tests v4.14.0,
    logs/test_logs, 2024-06-10).
    """
    if details is None:
        return {}
    shaped = _shape_state(*details) if isinstance(details, tuple) else dict(details)
    if not include_data:
        shaped = {member: value for member, value in shaped.items() if member not in _DATA}
    return shaped


def _shape_state(name: str, text: str, *exit_only: Mapping[str, str] | None) -> dict[str, Json]:
    if not exit_only:
        return {"name": name, "input": text, "inputDetails": NOT_TRUNCATED}
    shaped = {"name": name, "output": text, "outputDetails": NOT_TRUNCATED}
    if exit_only[0]:
        shaped["assignedVariables"] = exit_only[0]
        shaped["assignedVariablesDetails"] = NOT_TRUNCATED
    return shaped


def as_members(details: Mapping[str, Json], write: Callable[[Json], str]) -> dict[str, Json]:
    """Return the details of a task's event, whose inputs, outputs and parameters are values, as the API has them."""
    shaped: dict[str, Json] = {}
    for member, value in details.items():
        if member == "parameters":
            shaped[member] = write(value)
        elif member in ("input", "output"):
            shaped[member] = write(value)
            shaped[f"{member}Details"] = NOT_TRUNCATED
        else:
            shaped[member] = value
    return shaped
