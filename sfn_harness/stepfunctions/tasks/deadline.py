"""The time that a task has: TimeoutSeconds in all, HeartbeatSeconds from one heartbeat to the next."""

from __future__ import annotations

import asyncio
from types import TracebackType

from sfn_harness.stepfunctions.errors import HeartbeatMissedError, StateError
from sfn_harness.stepfunctions.ports import Clock, Timer


class DeadlinePassedError(Exception):
    """The time is over.

    Attributes:
        error: what the state fails with.

    """

    def __init__(self, error: StateError) -> None:
        super().__init__(str(error))
        self.error = error


class Deadline:
    """An async context: what runs in it is cancelled when its time is over, and DeadlinePassedError raised instead.

    Args:
        clock: whose time it is.
        seconds: in all, or None.
        heartbeat_seconds: from one heartbeat to the next, or None.

    """

    __slots__ = ("_clock", "_heartbeat_seconds", "_heartbeat_timer", "_passed", "_seconds", "_task", "_timer")

    def __init__(self, clock: Clock, seconds: float | None, heartbeat_seconds: float | None = None) -> None:
        self._clock, self._seconds, self._heartbeat_seconds = clock, seconds, heartbeat_seconds
        self._timer: Timer | None = None
        self._heartbeat_timer: Timer | None = None
        self._task: asyncio.Task[object] | None = None
        self._passed: StateError | None = None

    async def __aenter__(self) -> Deadline:
        """Start to count."""
        self._task = asyncio.current_task()
        if self._seconds is not None:
            self._timer = self._clock.call_at(self._clock.now() + self._seconds, self._time_out)
        self.beat()
        return self

    def beat(self) -> None:
        """Count the time to the next heartbeat from now."""
        if self._heartbeat_seconds is None:
            return
        if self._heartbeat_timer is not None:
            self._heartbeat_timer.cancel()
        self._heartbeat_timer = self._clock.call_at(self._clock.now() + self._heartbeat_seconds, self._miss)

    def _time_out(self) -> None:
        self._pass(StateError("States.Timeout"))

    def _miss(self) -> None:
        self._pass(HeartbeatMissedError())

    def _pass(self, error: StateError) -> None:
        if self._passed is None and self._task is not None:
            self._passed = error
            self._task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to count. Raises DeadlinePassedError, unless somebody else has cancelled the task, too."""
        for timer in (self._timer, self._heartbeat_timer):
            if timer is not None:
                timer.cancel()
        task, self._task = self._task, None
        if self._passed is None or task is None:
            return
        if task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise DeadlinePassedError(self._passed) from None
