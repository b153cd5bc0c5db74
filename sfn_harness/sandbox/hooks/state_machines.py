"""What Step Functions says of a state machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]


def _describe_state_machine(original: Callable[..., Response]) -> Callable[..., Response]:
    def describe_state_machine(data: dict[str, Any]) -> Response:
        status, headers, body = original(data)
        if status != 200:
            return status, headers, body
        document = json.loads(body)
        record = stepfunctions._state_machines.get(document.get("stateMachineArn")) or {}
        document.setdefault("tracingConfiguration", record.get("tracingConfiguration") or {"enabled": False})
        return json_response(document)

    return describe_state_machine


def _keep_tracing(original: Callable[..., Response]) -> Callable[..., Response]:
    """Wrap CreateStateMachine or UpdateStateMachine."""

    def keep_tracing(data: dict[str, Any]) -> Response:
        response = original(data)
        if response[0] == 200 and data.get("tracingConfiguration") is not None:
            arn = data.get("stateMachineArn") or json.loads(response[2])["stateMachineArn"]
            stepfunctions._state_machines[arn]["tracingConfiguration"] = dict(data["tracingConfiguration"])
        return response

    return keep_tracing


_SFN = "ministack.services.stepfunctions"

USES = {"ministack.core.responses": ("json_response",), _SFN: ("_state_machines",)}

HOOKS = (
    Hook(_SFN, "_create_state_machine", "MiniStack forgets whether executions are to be traced.", _keep_tracing),
    Hook(_SFN, "_update_state_machine", "MiniStack ignores a change of tracing.", _keep_tracing),
    Hook(
        _SFN,
        "_describe_state_machine",
        "AWS always says whether executions are traced; without it every second plan turns tracing off again.",
        _describe_state_machine,
    ),
)
