"""HeartbeatSeconds of a task that waits for its token: without a sign of life for so long, it fails.

Recorded on AWS, 2024-04-18 (localstack, stepfunctions/v2/timeouts/test_heartbeats.snapshot.json): the error is
``States.Timeout``, without a cause, and the history has a ``TaskTimedOut``.
"""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]


class _Heartbeats:
    """When each task that has to give signs of life gave the last one."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def watch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the function that waits for a token's answer."""

        def invoke_with_callback(resource: str, data: Any, token: str, state: dict[str, Any]) -> Any:
            limit = state.get("HeartbeatSeconds")
            if not isinstance(limit, (int, float)):
                return original(resource, data, token, state)
            self._last[token] = time.monotonic()
            loop, context = app._MAIN_LOOP, contextvars.copy_context()
            loop.call_soon_threadsafe(context.run, self._check, token, limit)
            try:
                return original(resource, data, token, state)
            finally:
                del self._last[token]

        return invoke_with_callback

    def _check(self, token: str, limit: float) -> None:
        """Fail the task if it is due, or look again when it will be. Takes no thread while it waits."""
        last = self._last.get(token)
        if last is None:
            return
        left = last + limit - time.monotonic()
        if left > 0:
            context = contextvars.copy_context()
            app._MAIN_LOOP.call_later(left, context.run, self._check, token, limit)
            return
        waiting = stepfunctions._task_tokens.get(token)
        if waiting is not None and not waiting["event"].is_set():
            waiting["error"] = {"Error": "States.Timeout", "Cause": None}
            waiting["event"].set()

    def beat(self, original: Callable[[dict[str, Any]], Response]) -> Callable[[dict[str, Any]], Response]:
        """Wrap SendTaskHeartbeat."""

        def send_task_heartbeat(data: dict[str, Any]) -> Response:
            response = original(data)
            if response[0] == 200 and data["taskToken"] in self._last:
                self._last[data["taskToken"]] = time.monotonic()
            return response

        return send_task_heartbeat


def _add_event(original: Callable[..., Any]) -> Callable[..., Any]:
    def add_event(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> Any:
        failed = (details or {}).get("taskFailedEventDetails") or {}
        if event_type == "TaskFailed" and failed.get("error") == "States.Timeout":
            known = {name: value for name, value in failed.items() if value is not None}
            return original(execution, "TaskTimedOut", {"taskTimedOutEventDetails": known})
        ended = (details or {}).get("executionFailedEventDetails")
        if ended:
            known = {name: value for name, value in ended.items() if value is not None}
            details = {"executionFailedEventDetails": known}
        return original(execution, event_type, details)

    return add_event


_SFN = "ministack.services.stepfunctions"
_heartbeats = _Heartbeats()

USES = {_SFN: ("_task_tokens",), "ministack.app": ("_MAIN_LOOP",)}

HOOKS = (
    Hook(_SFN, "_invoke_with_callback", "A task whose heartbeats stop fails.", _heartbeats.watch, part="heartbeats"),
    Hook(_SFN, "_add_event", "A task that takes too long has timed out.", _add_event, part="timeouts"),
    Hook(_SFN, "_send_task_heartbeat", "A heartbeat starts the time anew.", _heartbeats.beat, part="heartbeats"),
)
