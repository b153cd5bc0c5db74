"""Step Functions as API Gateway calls it: which action, on which resource, and the shape of its answers."""

from __future__ import annotations

import json
import re
from typing import Any

from sfn_harness.apigateway.backends.services import ServiceUri
from sfn_harness.apigateway.request import BackendRequest, BackendResponse

__all__ = ["TARGET_PREFIX", "action_of", "denied", "error", "payload_of", "resource_of", "unqualified"]

TARGET_PREFIX = "AWSStepFunctions"
CONTENT_TYPE = "application/x-amz-json-1.0"

# The member of a request that names the resource which states:<Action> is checked on. The SendTask actions are checked
# on "*": their request has a token, no ARN. Source: "Actions, resources, and condition keys for AWS Step Functions",
# Service Authorization Reference.
_RESOURCE_MEMBERS = {
    "StartExecution": "stateMachineArn",
    "StartSyncExecution": "stateMachineArn",
    "ListExecutions": "stateMachineArn",
    "DescribeStateMachine": "stateMachineArn",
    "DescribeExecution": "executionArn",
    "StopExecution": "executionArn",
    "RedriveExecution": "executionArn",
    "GetExecutionHistory": "executionArn",
    "DescribeStateMachineForExecution": "executionArn",
}


def action_of(uri: ServiceUri, request: BackendRequest) -> str | None:
    """Return the action's name: the URI's, or the one in ``X-Amz-Target`` of a ``path`` URI; None without one."""
    if uri.action is not None:
        return uri.action
    prefix, _, action = request.headers.get("x-amz-target", "").partition(".")
    return action if prefix == TARGET_PREFIX and action else None


def payload_of(body: bytes) -> dict[str, Any] | None:
    """Return the action's request, None when the body is not a JSON object (SerializationException)."""
    try:
        document = json.loads(body) if body.strip() else {}
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def resource_of(action: str, payload: dict[str, Any]) -> str:
    """Return the ARN that ``states:<action>`` is checked on, ``*`` where the request has none."""
    arn = payload.get(_RESOURCE_MEMBERS.get(action, ""))
    return unqualified(arn) if isinstance(arn, str) and arn else "*"


def unqualified(arn: str) -> str:
    """Return a state machine's ARN without the version or alias, which IAM is not asked about; any other as it is.

    Source: "Authorization for versions and aliases in Step Functions workflows", Step Functions guide.
    """
    return re.sub(r"(:stateMachine:[^:]+):.*", r"\1", arn)


def error(kind: str, message: str | None, *, member: str = "message", status: int = 400) -> BackendResponse:
    """Return an error answer, ``{"__type": kind, member: message}``; no message at all when it is None."""
    document = {"__type": kind} if message is None else {"__type": kind, member: message}
    body = json.dumps(document, ensure_ascii=False).encode()
    return BackendResponse(status, body, {"Content-Type": CONTENT_TYPE})


def denied(principal: str, action: str, resource: str, reason: str) -> BackendResponse:
    """Step Functions' answer to a role that may not do this, with IAM's reason."""
    return error(
        "com.amazon.coral.service#AccessDeniedException",
        f"User: {principal} is not authorized to perform: states:{action} on resource: {resource} {reason}",
        member="Message",
    )
