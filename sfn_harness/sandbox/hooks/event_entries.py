"""What EventBridge refuses of the entries of PutEvents, each by itself.

Recorded on AWS: localstack/localstack tests v4.14.0, stepfunctions/v2/services/test_events_task_service, 2025-11-06
(``Source``, ``Detail``); that ``DetailType`` and a missing ``Detail`` are refused alike is from memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]


def _refusal(entry: dict[str, Any]) -> dict[str, str] | None:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            said = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": said}
    try:
        detail = json.loads(entry["Detail"])
    except (TypeError, ValueError):
        detail = None
    if not isinstance(detail, dict):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def _put_events(original: Callable[..., Response]) -> Callable[..., Response]:
    def put_events(data: dict[str, Any], allow_aws_source: bool = False) -> Response:
        entries = data.get("Entries") or []
        refusals = [None if allow_aws_source else _refusal(entry) for entry in entries]
        if not any(refusals):
            return original(data, allow_aws_source)
        good = [entry for entry, refusal in zip(entries, refusals, strict=True) if refusal is None]
        status, headers, body = original({**data, "Entries": good}, allow_aws_source)
        if status != 200:
            return status, headers, body
        answer = json.loads(body)
        results = iter(answer["Entries"])
        return json_response(
            {
                "FailedEntryCount": answer["FailedEntryCount"] + len(entries) - len(good),
                "Entries": [refusal or next(results) for refusal in refusals],
            }
        )

    return put_events


USES = {"ministack.core.responses": ("json_response",)}

HOOKS = (
    Hook(
        "ministack.services.eventbridge",
        "_put_events",
        "An event without a source or an object as its detail is refused; MiniStack takes everything.",
        _put_events,
    ),
)
