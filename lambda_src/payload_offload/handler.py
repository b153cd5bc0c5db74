"""Stores a request's body in S3 where it is too large for an input, and starts an execution with a reference to it.

Environment: BUCKET; INLINE_MAX_BYTES, the largest body that goes into the input itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from shared.answers import Answer, answer, error, is_refusal, service_error
from shared.executions import START_CONFIG, START_SECONDS, Started, find, start
from shared.log import log

LAMBDA_LIMIT = 6_291_456  # bytes of a synchronous invocation's event
INPUT_LIMIT = 262_144  # bytes of UTF-8 of an execution's input

# With the calls of Step Functions, all ends before Lambda's timeout of 29 seconds.
RESERVE_SECONDS = 1.0  # kept of it to return
_S3_CONFIG = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
_clients: dict[str, Any] = {}


class Stored(NamedTuple):
    """An object that was put into the bucket for this request alone."""

    bucket: str
    key: str


class InvalidBodyError(ValueError):
    """The body is not what its content type says."""


def handler(event: Mapping[str, Any], context: Any) -> Answer:
    """Store a body if it is large, and start an execution with it or a reference to it.

    Args:
        event: ``body``: text; ``contentType``; ``stateMachineArn``; ``name``: of the execution, optional;
            ``requestId``: the caller's, optional. Or ``tooLarge``, the bytes that the event would have had.
        context: Lambda's.

    Returns:
        ``{"status", "headers", "body"}``: 200 and StartExecution's answer; 400 for a body that is no JSON where the
        content type says so; 413 for ``tooLarge``; errors of Step Functions as on the direct route; 502 and 504 when S3
        failed, 500 when the role may not use it.

    """
    request_id = str(event.get("requestId") or context.aws_request_id)
    if event.get("tooLarge") is not None:
        return _too_large(event["tooLarge"], request_id)
    if not _clients:
        _clients["s3"] = boto3.client("s3", config=_S3_CONFIG)
        _clients["states"] = boto3.client("stepfunctions", config=START_CONFIG)
    content_type = str(event.get("contentType") or "application/json")
    try:
        body = checked_body(event.get("body", ""), content_type)
    except InvalidBodyError as problem:
        log("INFO", "refused", requestId=request_id, status=400)
        return error(400, "InvalidExecutionInput", str(problem), request_id)
    content = body.encode()
    name = str(request_id if event.get("name") is None else event["name"])
    request = {"stateMachineArn": str(event.get("stateMachineArn") or ""), "name": name}
    stored = None
    small = inline_input(body, content_type) if len(content) <= int(os.environ["INLINE_MAX_BYTES"]) else None
    if small is not None:
        request["input"] = small
    else:
        stored = Stored(os.environ["BUCKET"], key_for(request_id, name))
        try:
            request["input"] = json.dumps({"payload": put(stored, content, content_type)})
        except (ClientError, BotoCoreError) as problem:
            log("ERROR", "not stored", requestId=request_id, error=_code(problem))
            return storage_error(problem, request_id)
    left = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    return _start(request, stored, request_id, len(content), min(START_SECONDS, left))


def checked_body(body: Any, content_type: str) -> str:
    """Return the body; an empty one is ``{}`` where JSON is expected, as on the direct route.

    Raises:
        InvalidBodyError: it is no text, or none that UTF-8 has, or the content type is JSON and it is not.

    """
    if not isinstance(body, str):
        raise InvalidBodyError("The body has to be text: escape it in the mapping template")
    try:
        body.encode()
    except UnicodeEncodeError:
        raise InvalidBodyError("The body is not UTF-8") from None
    if not is_json(content_type):
        return body
    if not body:
        return "{}"
    try:
        # Numbers stay text: they are only looked at, and Python refuses to convert those of some thousand digits.
        json.loads(body, parse_int=str, parse_float=str, parse_constant=_refuse)
    except RecursionError:
        raise InvalidBodyError("The body is nested too deeply") from None
    except ValueError as problem:
        # Its text says where, and nothing of what stands there.
        raise InvalidBodyError(f"The body is not JSON: {problem}") from None
    return body


def is_json(content_type: str) -> bool:
    """Whether a content type is ``application/json`` or one of the ``+json`` kinds."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def inline_input(body: str, content_type: str) -> str | None:
    """Return the input with the body in it, JSON as it was sent; None when that is over Step Functions' limit."""
    inline = body if is_json(content_type) else json.dumps(body, ensure_ascii=False)
    text = f'{{"payload": {{"inline": {inline}, "contentType": {json.dumps(content_type)}}}}}'
    return text if len(text.encode()) <= INPUT_LIMIT else None


def key_for(request_id: str, name: str) -> str:
    """Return a key that no other invocation uses: request id, the name where it is another, a random part.

    Nobody else's object has this key, so deleting it can never take an execution's payload away.
    """
    parts = [request_id] if name == request_id else [request_id, name]
    readable = "-".join(re.sub(r"[^A-Za-z0-9_.-]", "_", part)[:80] for part in parts)
    return f"{readable}-{uuid.uuid4().hex[:12]}"


def put(stored: Stored, content: bytes, content_type: str) -> dict[str, Any]:
    """Store the content; return the reference: bucket, key, size in bytes, sha256 in hexadecimal, contentType.

    Raises:
        ClientError: S3 refused or failed.
        BotoCoreError: it was not reached, or did not answer.

    """
    digest = hashlib.sha256(content)
    _clients["s3"].put_object(
        Bucket=stored.bucket,
        Key=stored.key,
        Body=content,
        ContentType=content_type,
        # S3 refuses the object if it did not arrive whole.
        ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
    )
    return {
        "bucket": stored.bucket,
        "key": stored.key,
        "size": len(content),
        "sha256": digest.hexdigest(),
        "contentType": content_type,
    }


def storage_error(problem: ClientError | BotoCoreError, request_id: str) -> Answer:
    """Return the answer when the body could not be stored: never the caller's fault."""
    code = _code(problem)
    if code == "AccessDenied":
        return error(500, "AccessDenied", "The payload could not be stored: the function's role may not", request_id)
    if "Timeout" in code:
        return error(504, "INTEGRATION_TIMEOUT", "S3 did not answer in time", request_id)
    return error(502, "INTEGRATION_FAILURE", f"The payload could not be stored: {code}", request_id)


def _start(request: dict[str, str], stored: Stored | None, request_id: str, size: int, seconds: float) -> Answer:
    problem: ClientError | BotoCoreError | None = None
    deadline = time.monotonic() + seconds
    try:
        started: Started | None = start(_clients["states"], request, seconds)
    except (ClientError, BotoCoreError) as raised:
        problem = raised
        taken = stored and is_refusal(raised) and _code(raised) == "ExecutionAlreadyExists"
        started = _same_payload(request, deadline) if taken else None
        # Only a refusal says that nothing was started. Otherwise the object stays, until it expires: an object too many
        # harms nobody, a missing one fails an execution.
        if stored and is_refusal(raised):
            delete(stored, request_id)
        elif stored:
            log("ERROR", "object kept: perhaps started", requestId=request_id, bucket=stored.bucket, key=stored.key)
    result = answer(200, started.body()) if started else service_error(problem, request_id)
    log(
        "INFO" if started else "WARN",
        "started" if started else "not started",
        requestId=request_id,
        executionArn=started.arn if started else None,
        error=_code(problem) if problem else None,
        status=result["status"],
        size=size,
        key=stored.key if stored and not problem else None,
    )
    return result


def _same_payload(request: dict[str, str], deadline: float) -> Started | None:
    """Return the running execution of this name if its payload has the same content, as StartExecution would.

    Step Functions compares inputs, and two references to the same content differ in their keys.
    """
    found = find(_clients["states"], request, deadline)
    if found is None or found.get("status") != "RUNNING":
        return None
    try:
        theirs, ours = (json.loads(each)["payload"] for each in (found["input"], request["input"]))
        same = all(theirs[member] == ours[member] for member in ("size", "sha256", "contentType"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Started(found["executionArn"], found["startDate"]) if same else None


def delete(stored: Stored, request_id: str) -> None:
    """Delete an object that no execution was started with; where that fails, it goes when it expires."""
    try:
        _clients["s3"].delete_object(Bucket=stored.bucket, Key=stored.key)
    except (ClientError, BotoCoreError) as problem:
        log("ERROR", "object not deleted", requestId=request_id, key=stored.key, error=_code(problem))


def _too_large(size: Any, request_id: str) -> Answer:
    log("INFO", "refused", requestId=request_id, status=413, size=size)
    limit = f"The request needs {size} bytes as JSON text, over Lambda's limit of {LAMBDA_LIMIT:,} bytes."
    way = "Upload the payload to S3, with a presigned URL for instance, and send a reference to it."
    return error(413, "REQUEST_TOO_LARGE", f"{limit} {way}", request_id)


def _code(problem: Exception | None) -> str:
    if isinstance(problem, ClientError):
        return str(problem.response.get("Error", {}).get("Code") or "UnknownError")
    return type(problem).__name__


def _refuse(constant: str) -> None:
    raise ValueError(f"it has {constant}")
