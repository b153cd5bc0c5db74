"""The shape of Step Functions' errors: qualified names, and what it says to a body that it cannot read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.step_functions_model import (
    ModelError,
    actions,
    check_execution_arn,
    check_required,
    check_state_machine_arn,
)

__all__ = ["HOOKS", "USES", "perform", "qualified", "readable", "refusal_before_authorization", "too_large"]

Response = tuple[int, dict[str, Any], bytes]

_SERVICE = "com.amazonaws.swf.service.v2.model"
_NAMESPACES = {
    "ValidationException": "com.amazon.coral.validate",
    "SerializationException": "com.amazon.coral.service",
    "UnknownOperationException": "com.amazon.coral.service",
    "AccessDeniedException": "com.amazon.coral.service",
}

# What neither awaits nor calls back into the server, and so can be answered without a turn of the event loop.
_AT_ONCE = {
    "StartExecution": "_start_execution",
    "StopExecution": "_stop_execution",
    "DescribeExecution": "_describe_execution",
    "ListExecutions": "_list_executions",
    "GetExecutionHistory": "_get_execution_history",
    "SendTaskSuccess": "_send_task_success",
    "SendTaskFailure": "_send_task_failure",
    "SendTaskHeartbeat": "_send_task_heartbeat",
}


# "Maximum request size", Step Functions' quotas: 1 MB for each request, headers included.
_MAX_REQUEST_BYTES = 1024 * 1024


def too_large(body: bytes) -> Response | None:
    """Return the answer to a request over the quota, which is the front end's: plain text, no error of the service.

    The text is what AWS's JSON services answer (aws/aws-sdk-js#479; botocore's parser tests); it is not recorded of
    Step Functions.
    """
    if len(body) <= _MAX_REQUEST_BYTES:
        return None
    text = f"HTTP content length exceeded {_MAX_REQUEST_BYTES} bytes."
    return 413, {"Content-Type": "text/plain"}, text.encode()


def readable(body: bytes) -> bytes:
    """Return a request without lone surrogates, such as U+D800: Java writes ``?`` for them, which have no UTF-8 form.

    That AWS does so is from memory. MiniStack can't write them at all, so one poisons every later answer.
    """
    if b"\\u" not in body and b"\xed" not in body:  # an escape, or the first byte of a surrogate
        return body
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return body
    return text.encode("utf-8", "replace")


def qualified(response: Response) -> Response:
    """Return the response with its ``__type`` qualified as on AWS (SDKs drop what is before the ``#``)."""
    status, headers, body = response
    if status < 400:
        return response
    try:
        document = json.loads(body)
        kind = document["__type"]
    except (ValueError, TypeError, KeyError):
        return response
    if "#" in kind:
        return response
    document["__type"] = f"{_NAMESPACES.get(kind, _SERVICE)}#{kind}"
    return status, headers, json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def perform(action: str, payload: dict[str, Any]) -> Response | None:
    """Perform an action at once, None when it has to be awaited (``handle_request``)."""
    handler = _AT_ONCE.get(action)
    if handler is None:
        return None
    return qualified(stepfunctions._finalize_response(getattr(stepfunctions, handler)(payload)))


def refusal_before_authorization(action: str, payload: dict[str, Any]) -> Response | None:
    """Return what the service answers before it asks IAM: it has to read the request to know whom it is about.

    None: the request can be read. A member that is missing or of the wrong type, or an ARN that is none, can't be.
    """
    try:
        check_required(action, payload)
        if "stateMachineArn" in payload:
            check_state_machine_arn(payload["stateMachineArn"].partition("#")[0])
        if "executionArn" in payload:
            check_execution_arn(payload["executionArn"])
    except ModelError as error:
        return qualified(stepfunctions.error_response_json(error.code, error.message, 400))
    return None


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes | str, query_params: dict[str, Any]
    ) -> Response:
        if isinstance(body, str):  # other services of the sandbox, and tasks of aws-sdk:sfn, send text
            body = body.encode("utf-8", "surrogatepass")
        refused = too_large(body)
        if refused is not None:
            return refused
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action not in actions():
            return qualified(stepfunctions.error_response_json("UnknownOperationException", "", 400))
        try:
            document = json.loads(body) if body else {}
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            return qualified(stepfunctions.error_response_json("SerializationException", "Unable to parse JSON", 400))
        return qualified(await original(method, path, headers, readable(body), query_params))

    return handle_request


USES = {
    "ministack.services.stepfunctions": ("_finalize_response", "error_response_json", *_AT_ONCE.values()),
}

HOOKS = (
    Hook(
        "ministack.services.stepfunctions",
        "handle_request",
        "API Gateway shows its caller the qualified names; MiniStack sends bare ones.",
        _handle_request,
    ),
)
