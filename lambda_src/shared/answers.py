"""The answers that API Gateway turns into HTTP responses, and which error of a service becomes which of them."""

from __future__ import annotations

import json
import re
from typing import Any, TypedDict

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    ParamValidationError,
    ReadTimeoutError,
)

__all__ = ["Answer", "answer", "error", "input_too_long", "is_refusal", "service_error"]


class Answer(TypedDict):
    """What a function returns: an HTTP status, response headers, and the response's body as text."""

    status: int
    headers: dict[str, str]
    body: str


# Step Functions answers 400 to nearly everything; these say what kind it is. All others keep the class of their status.
_STATUSES = {
    "AccessDeniedException": 403,
    "ExecutionAlreadyExists": 409,
    "ExecutionDoesNotExist": 404,
    "ExecutionLimitExceeded": 429,
    "KmsAccessDeniedException": 403,
    "KmsInvalidStateException": 409,
    "KmsThrottlingException": 429,
    "StateMachineDeleting": 409,
    "StateMachineDoesNotExist": 404,
    "ThrottlingException": 429,
}
_INPUT_TOO_LONG = re.compile(
    "at 'input' failed to satisfy constraint: Member must have (length|size) less than or equal to"
)


def answer(status: int, body: str, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer; `body` goes to the caller as it is."""
    return {"status": status, "headers": headers or {}, "body": body}


def error(status: int, error_type: str, message: str, request_id: str) -> Answer:
    """Return an error in the API's one shape: ``{"message", "type", "requestId"}``."""
    body = {"message": message, "type": error_type, "requestId": request_id}
    return answer(status, json.dumps(body), {"Content-Type": "application/json"})


def input_too_long(request_id: str) -> Answer:
    """Return the answer to an input over Step Functions' limit."""
    limit = "The input is over Step Functions' limit of 262,144 bytes of UTF-8."
    way = "Store the payload, in S3 for instance, and send a reference to it."
    return error(413, "ValidationException", f"{limit} {way}", request_id)


def is_refusal(problem: Exception) -> bool:
    """Whether a service certainly did not do what it was asked: it said so (4xx), or was never asked."""
    if isinstance(problem, ClientError):
        return 400 <= _status_of(problem) < 500
    return isinstance(problem, ParamValidationError)


def service_error(problem: ClientError | BotoCoreError, request_id: str) -> Answer:
    """Return the answer to a failed call of Step Functions.

    The statuses are those of the direct integration: 4xx by the error's name, 400 for the rest of them; 502 for a 5xx
    or a connection that failed, 504 for a call that was not answered in time. An input over the limit, which Step
    Functions reports as a ValidationException that repeats the input, is 413.
    """
    if isinstance(problem, (ReadTimeoutError, ConnectTimeoutError)):
        return error(504, "INTEGRATION_TIMEOUT", "Step Functions did not answer in time", request_id)
    if isinstance(problem, ParamValidationError):
        return error(400, "ValidationException", str(problem), request_id)
    if not isinstance(problem, ClientError):
        return error(502, "INTEGRATION_FAILURE", "Step Functions could not be reached", request_id)
    details: dict[str, Any] = problem.response.get("Error", {})
    name = str(details.get("Code") or "UnknownError").rpartition("#")[2]
    message = str(details.get("Message") or "Step Functions gave no reason")
    # A request over 1 MB is refused in front of Step Functions, with 413 and in plain text.
    if _status_of(problem) == 413 or (name == "ValidationException" and _INPUT_TOO_LONG.search(message)):
        return input_too_long(request_id)
    return error(_STATUSES.get(name, 400 if is_refusal(problem) else 502), name, message, request_id)


def _status_of(problem: ClientError) -> int:
    return int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
