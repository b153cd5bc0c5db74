"""Where executions run: on threads that are used again, taken when the first state is due."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.step_functions_clock import START_DELAY_SECONDS, after_the_delay, starts_immediately

__all__ = ["HOOKS", "RUNNERS", "USES", "Runners"]

_LOG = logging.getLogger(__name__)

Job = Callable[[], object]


class Runners:
    """Threads that take jobs in their order; another is added as soon as a job would have to wait for a long one.

    One that has nothing to do waits for the next job, so short executions share a few threads and do not fight for
    the interpreter with the one that answers requests; an execution that waits keeps its thread and delays nobody.

    Args:
        patience: in seconds, how long a job may wait while no other one ends; ten times that in any case.
        idle: in seconds, after how long without a job a thread ends.

    """

    def __init__(self, patience: float = 0.01, idle: float = 10.0) -> None:
        self._patience, self._idle_seconds = patience, idle
        self._jobs: deque[tuple[float, Job]] = deque()
        self._changed = threading.Condition()
        self._threads = self._idle = self._ended = 0
        self._watched = False

    def start(self, job: Job, delay: float = 0.0) -> None:
        """Run ``job`` on some thread after ``delay`` seconds. May be called from any thread."""
        loop = app._MAIN_LOOP
        if delay > 0:
            loop.call_soon_threadsafe(lambda: loop.call_later(delay, self._put, job))
        else:
            self._put(job)

    def _put(self, job: Job) -> None:
        with self._changed:
            self._jobs.append((time.monotonic(), job))
            if self._idle:
                self._changed.notify()
            elif not self._threads:
                self._add(1)
            if self._watched:
                return
            self._watched, ended = True, self._ended
        loop = app._MAIN_LOOP
        loop.call_soon_threadsafe(lambda: loop.call_later(self._patience, self._watch, ended))

    def _watch(self, ended_before: int) -> None:
        """Add threads while the first job in the queue has waited too long: as many again, so a crowd waits briefly."""
        with self._changed:
            if not self._jobs:
                self._watched = False
                return
            waited = time.monotonic() - self._jobs[0][0]
            stuck = self._ended == ended_before and waited >= self._patience
            if stuck or waited >= 10 * self._patience:
                self._add(min(len(self._jobs), max(1, self._threads)))
            ended = self._ended
        app._MAIN_LOOP.call_later(self._patience, self._watch, ended)

    def _add(self, count: int) -> None:
        self._threads += count
        for _ in range(count):
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._jobs:
                    self._idle += 1
                    told = self._changed.wait(self._idle_seconds)
                    self._idle -= 1
                    if not told and not self._jobs:
                        self._threads -= 1
                        return
                _, job = self._jobs.popleft()
            try:
                job()
            except Exception:
                _LOG.exception("the sandbox failed an execution")
            with self._changed:
                self._ended += 1


RUNNERS = Runners()


class _Execution:
    """Stands in for the thread of one execution."""

    def __init__(self, run: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        self._run, self._arguments = run, arguments

    def _job(self) -> None:
        self._run(after_the_delay, *self._arguments)

    def start(self) -> None:
        """Run the execution once MiniStack's delay is over, without a thread that sleeps so long."""
        RUNNERS.start(self._job, 0.0 if starts_immediately() else START_DELAY_SECONDS)


class _Threading:
    """The ``threading`` module, with a ``Thread`` that is none when it is for an execution."""

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)

    def Thread(self, *arguments: Any, **options: Any) -> Any:  # noqa: N802 - the name it stands in for
        """Return a thread, or what starts the execution on one of the runners."""
        of = options.get("args") or ()
        if of and of[0] is stepfunctions._run_execution:
            return _Execution(options["target"], of)
        return threading.Thread(*arguments, **options)


USES = {
    "ministack.services.stepfunctions": ("_run_execution",),
    "ministack.app": ("_MAIN_LOOP",),
}

HOOKS = (
    Hook(
        "ministack.services.stepfunctions",
        "threading",
        "MiniStack starts a thread for each execution, which sleeps before the first state.",
        lambda _original: _Threading(),
    ),
)
