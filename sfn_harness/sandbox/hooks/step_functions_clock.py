"""Time in executions: the time limit of a state machine, what comes too late, and the delay before the first state."""

from __future__ import annotations

import contextvars
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from ministack import app
from ministack.core.responses import now_iso
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = [
    "HOOKS",
    "START_DELAY_SECONDS",
    "USES",
    "after_the_delay",
    "expire",
    "immediately",
    "starts_immediately",
    "timeout_seconds",
]

START_DELAY_SECONDS = 0.15  # MiniStack's pause before an execution's first state

_at_once: ContextVar[bool] = ContextVar("execution_starts_at_once", default=False)
_waited: ContextVar[bool] = ContextVar("execution_has_waited", default=False)


@lru_cache(maxsize=256)
def timeout_seconds(definition: str) -> float | None:
    """Return a state machine's top-level ``TimeoutSeconds``, None when it has none."""
    try:
        limit = json.loads(definition).get("TimeoutSeconds")
    except (ValueError, AttributeError):
        return None
    return float(limit) if isinstance(limit, (int, float)) and not isinstance(limit, bool) else None


def _time_out(record: dict[str, Any]) -> None:
    if record["status"] != "RUNNING":
        return
    record["status"] = "TIMED_OUT"
    record["stopDate"] = now_iso()
    stepfunctions._add_event(record, "ExecutionTimedOut", {"executionTimedOutEventDetails": {}})
    stepfunctions._emit_execution_status_event(record)


def expire(record: dict[str, Any], seconds: float) -> None:
    """End a running execution as TIMED_OUT after so long; at once for 0. Takes no thread while it waits."""
    if seconds <= 0:
        _time_out(record)
        return
    loop, context = app._MAIN_LOOP, contextvars.copy_context()
    loop.call_soon_threadsafe(lambda: loop.call_later(seconds, context.run, _time_out, record))


@contextmanager
def immediately() -> Iterator[None]:
    """Let executions started in this block (in threads that copy its context) skip MiniStack's delay."""
    token = _at_once.set(True)
    try:
        yield
    finally:
        _at_once.reset(token)


def starts_immediately() -> bool:
    """Whether executions started here skip MiniStack's delay."""
    return _at_once.get()


def after_the_delay(run_execution: Callable[[str], None], execution_arn: str) -> None:
    """Run an execution that has waited for its first state already; those that it starts wait as usual."""
    _waited.set(True)
    run_execution(execution_arn)


class _Clock:
    """The ``time`` module, with a ``sleep`` that can leave out the delay before the first state."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Sleep, unless this is the delay and it is over, or the caller has asked for none."""
        if seconds == START_DELAY_SECONDS:
            if _waited.get():
                _waited.set(False)
                return
            if _at_once.get():
                return
        time.sleep(seconds)


def _fail_execution(original: Callable[..., None]) -> Callable[..., None]:
    def fail_execution(execution: dict[str, Any], error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            original(execution, error, cause)

    return fail_execution


def _add_event(original: Callable[..., Any]) -> Callable[..., Any]:
    def add_event(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> Any:
        if execution["status"] != "RUNNING" and not event_type.startswith("Execution"):
            return {"id": len(execution["events"]), "type": event_type, "timestamp": now_iso()}
        return original(execution, event_type, details)

    return add_event


_SFN = "ministack.services.stepfunctions"

USES = {
    _SFN: ("_add_event", "_emit_execution_status_event"),
    "ministack.app": ("_MAIN_LOOP",),
}

HOOKS = (
    Hook(_SFN, "time", "A synchronous execution need not wait before its first state.", lambda _original: _Clock()),
    Hook(_SFN, "_fail_execution", "What has been stopped or has timed out cannot fail later.", _fail_execution),
    Hook(_SFN, "_add_event", "The history of an execution that has ended is closed.", _add_event),
)
