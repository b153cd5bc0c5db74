"""Requests to Step Functions: read, handed to the service, and answered in AWS's JSON protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfn_harness.aws.json_protocol import JsonProtocol
from sfn_harness.aws.json_protocol import Response as ProtocolResponse
from sfn_harness.sandbox.hooks.partitions import partition_of
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.model import service_model
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.ports import Scope
from sfn_harness.stepfunctions.service import StepFunctions

__all__ = [
    "PROTOCOL",
    "answered",
    "error_answer",
    "fault_answer",
    "refusal_before_authorization",
    "scope_of",
    "too_large",
]

Json = Any
Response = tuple[int, dict[str, Any], bytes]

PROTOCOL = JsonProtocol(service_model(), "com.amazonaws.swf.service.v2.model")

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


def _sent(response: ProtocolResponse) -> Response:
    return response.status, dict(response.headers), response.body


def error_answer(error: ApiError) -> Response:
    """Return an error; its type is qualified as on AWS (SDKs drop what is before the ``#``)."""
    return _sent(PROTOCOL.refusal(error))


def fault_answer(error: ApiError, status: int, *, qualified: bool) -> Response:
    """Return an error with another status, and perhaps with a type without its namespace."""
    _, headers, body = error_answer(error)
    if not qualified:
        body = json.dumps({**json.loads(body), "__type": error.code}, ensure_ascii=False).encode()
    return status, headers, body


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
        return _sent(PROTOCOL.answer(await service.handle(operation, request, scope)))
    except ApiError as error:
        return error_answer(error)
