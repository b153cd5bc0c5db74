"""Requests to Step Functions: read, handed to the service, and answered in AWS's JSON protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfn_harness.sandbox.hooks.partitions import partition_of
from sfn_harness.sandbox.stepfunctions.protocol import text
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.ports import Scope
from sfn_harness.stepfunctions.service import StepFunctions

__all__ = [
    "CONTENT_TYPE",
    "answered",
    "document_of",
    "error_answer",
    "refusal_before_authorization",
    "scope_of",
    "too_large",
]

Json = Any
Response = tuple[int, dict[str, Any], bytes]

CONTENT_TYPE = "application/x-amz-json-1.0"

_SERVICE = "com.amazonaws.swf.service.v2.model"
_NAMESPACES = {
    "ValidationException": "com.amazon.coral.validate",
    "SerializationException": "com.amazon.coral.service",
    "UnknownOperationException": "com.amazon.coral.service",
    "AccessDeniedException": "com.amazon.coral.service",
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
    said = f"HTTP content length exceeded {_MAX_REQUEST_BYTES} bytes."
    return 413, {"Content-Type": "text/plain"}, said.encode()


def error_answer(error: ApiError, *, status: int = 400, qualified: bool = True) -> Response:
    """Return an error; its type is qualified as on AWS (SDKs drop what is before the ``#``)."""
    kind = f"{_NAMESPACES.get(error.code, _SERVICE)}#{error.code}" if qualified else error.code
    document: dict[str, Json] = {"__type": kind}
    if error.message:
        document["message"] = error.message
    document |= {name: value for name, value in error.members.items() if value is not None}
    return status, {"Content-Type": CONTENT_TYPE}, text(document)


def document_of(body: bytes) -> dict[str, Json]:
    """Return the request in a body. Raises ApiError (SerializationException): it is no JSON object.

    Lone surrogates, such as U+D800, become ``?``: Java writes that for them, which have no UTF-8 form (from memory).
    """
    try:
        if b"\\u" in body or b"\xed" in body:  # an escape, or the first byte of a surrogate
            written = json.dumps(json.loads(body), ensure_ascii=False)
            body = written.encode("utf-8", "replace")
        document = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ApiError("SerializationException", "Unable to parse JSON")
    return document


def scope_of(account: str, region: str) -> Scope:
    """Return the scope of a request."""
    return Scope(account, region, partition_of(region))


def refusal_before_authorization(
    service: StepFunctions, operation: str, request: Mapping[str, Json]
) -> Response | None:
    """Return what the service answers before it asks IAM: it has to read the request to know whom it is about.

    None: the request can be read. A member that is missing or of the wrong type, or an ARN that is none, can't be.
    """
    try:
        service.model.operation(operation).check(request)
        if "stateMachineArn" in request:
            parse_arn(request["stateMachineArn"].partition("#")[0], "stateMachine")
        if "executionArn" in request:
            parse_arn(request["executionArn"], "execution", "express")
    except ApiError as error:
        return error_answer(error)
    return None


async def answered(service: StepFunctions, operation: str, request: Mapping[str, Json], scope: Scope) -> Response:
    """Perform an operation, and return its answer or its error."""
    try:
        answer = await service.handle(operation, request, scope)
    except ApiError as error:
        return error_answer(error)
    return 200, {"Content-Type": CONTENT_TYPE}, text(answer)
