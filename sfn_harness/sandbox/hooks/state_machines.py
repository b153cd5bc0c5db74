"""What Step Functions says of a state machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]


def _describe_state_machine(original: Callable[..., Response]) -> Callable[..., Response]:
    def describe_state_machine(data: dict[str, Any]) -> Response:
        status, headers, body = original(data)
        if status != 200:
            return status, headers, body
        document = json.loads(body)
        document.setdefault("tracingConfiguration", {"enabled": False})
        return json_response(document)

    return describe_state_machine


USES = {"ministack.core.responses": ("json_response",)}

HOOKS = (
    Hook(
        "ministack.services.stepfunctions",
        "_describe_state_machine",
        "AWS always says whether executions are traced; without it every second plan turns tracing off again.",
        _describe_state_machine,
    ),
)
