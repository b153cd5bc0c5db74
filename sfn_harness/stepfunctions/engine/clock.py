"""The clocks of executions: the world's time, a faster one, and one that a test moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable

from sfn_harness.stepfunctions.ports import Timer


class RealClock:
    """The world's time, or one that runs ``factor`` times as fast from when the clock was made."""

    def __init__(self, factor: float = 1.0) -> None:
        if factor <= 0:
            raise ValueError(f"a clock's factor is more than 0, not {factor}")
        self._factor = factor
        self._start, self._since = time.time(), time.monotonic()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        if self._factor == 1.0:
            return time.time()
        return self._start + (time.monotonic() - self._since) * self._factor

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call back, on the running event loop, when `now` is ``when`` or later."""
        delay = max(0.0, when - self.now()) / self._factor
        return asyncio.get_running_loop().call_later(delay, callback)

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds of this clock are over."""
        await asyncio.sleep(max(0.0, seconds) / self._factor)


class ManualClock:
    """Time that stands still until a test moves it.

    Before it moves on from a moment, everything happens that is to happen then: it waits for as long as somebody asks
    for the time, which executions do at each event. It doesn't wait for answers from outside of the process.
    """

    # Rounds of the event loop: in which nobody asks, and in all, should somebody ask for ever.
    _QUIET_ROUNDS, _MOST_ROUNDS = 50, 20_000

    def __init__(self, start: float = 0.0) -> None:
        self._now, self._asked = start, 0
        self._timers: list[tuple[float, int, _ManualTimer]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        self._asked += 1
        return self._now

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call back when the clock is moved to ``when`` or past it."""
        timer = _ManualTimer(callback)
        heapq.heappush(self._timers, (max(when, self._now), next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved so many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        over = asyncio.get_running_loop().create_future()
        timer = self.call_at(self._now + seconds, lambda: over.done() or over.set_result(None))
        try:
            await over
        finally:
            timer.cancel()

    async def advance(self, seconds: float) -> None:
        """Move the clock on, and let everything happen that was to happen by then, in its order and at its time."""
        target = self._now + seconds
        await self._settle()
        while self._timers and self._timers[0][0] <= target:
            self._now, _, timer = heapq.heappop(self._timers)
            timer.fire()
            if not self._timers or self._timers[0][0] > self._now:
                await self._settle()
        self._now = target
        await self._settle()

    async def _settle(self) -> None:
        quiet = 0
        for _ in range(self._MOST_ROUNDS):
            asked = self._asked
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._asked == asked else 0
            if quiet == self._QUIET_ROUNDS:
                return


class _ManualTimer:
    """A call that is to come."""

    __slots__ = ("_callback",)

    def __init__(self, callback: Callable[[], object]) -> None:
        self._callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Do not make the call."""
        self._callback = None

    def fire(self) -> None:
        """Make the call, unless it was cancelled."""
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()
