"""Starts an execution, waits until it ends, and returns how it ended, for API Gateway to answer with.

Environment: MAX_WAIT_MILLISECONDS, how long to wait at most.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from shared.answers import Answer, answer, error, input_too_long, service_error
from shared.executions import START_CONFIG, Started, name_of, start
from shared.log import log

# Seconds before a look, growing by half each time. An account may look 10 or 15 times a second, for all that look.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 3.0
RESERVE_SECONDS = 3.5  # kept of Lambda's timeout for a last look that is not answered, and to return

# A look that fails is repeated by the loop that waits, which knows how much time is left.
_LOOK_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 1})
# Failures to look that pass; any other one would only come again.
_PASSING = frozenset({"ThrottlingException", "ExecutionDoesNotExist"})

_clients: dict[str, Any] = {}


def handler(event: Mapping[str, Any], context: Any) -> Answer:
    """Start an execution and wait for it.

    Args:
        event: StartExecution's request (``stateMachineArn``, ``input``: JSON text, ``name``: optional) and, optional,
            ``requestId``: the caller's, for errors and logs; ``waitMilliseconds``: less than the configured maximum;
            ``location``: where the execution can be asked for, with ``{name}`` for its name; ``tooLarge``: the input
            was over every limit and is not there.
        context: Lambda's.

    Returns:
        ``{"status", "headers", "body"}``: 200 and the output as it is; 500 for FAILED and ABORTED and 504 for
        TIMED_OUT, as ``{"message", "type", "requestId"}``; 202 and ``{"executionArn", "startDate"}`` when it has not
        ended in time, or can't be waited for; an error of Step Functions when nothing was started.

    """
    began = time.monotonic()
    if not _clients:
        _clients["start"] = boto3.client("stepfunctions", config=START_CONFIG)
        _clients["look"] = boto3.client("stepfunctions", config=_LOOK_CONFIG)
    request_id = str(event.get("requestId") or context.aws_request_id)
    if event.get("tooLarge"):
        log("WARN", "not started", requestId=request_id, status=413, error="tooLarge")
        return input_too_long(request_id)
    request = {
        "stateMachineArn": str(event.get("stateMachineArn") or ""),
        "input": _text(event.get("input")),
        # With a name of our own, a call that is repeated because its answer was lost starts nothing twice.
        "name": str(context.aws_request_id if event.get("name") is None else event["name"]),
    }
    try:
        started = start(_clients["start"], request)
    except (ClientError, BotoCoreError) as problem:
        refused = service_error(problem, request_id)
        log("WARN", "not started", requestId=request_id, status=refused["status"], error=type(problem).__name__)
        return refused
    left = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    deadline = min(began + _wait_seconds(event), time.monotonic() + left)
    ended = wait(_clients["look"], started.arn, deadline)
    result = result_of(ended, request_id) if ended else still_running(started, event.get("location"))
    log(
        "INFO",
        "answered",
        requestId=request_id,
        executionArn=started.arn,
        executionStatus=ended["status"] if ended else "RUNNING",
        status=result["status"],
        milliseconds=round((time.monotonic() - began) * 1000),
    )
    return result


def wait(client: Any, arn: str, deadline: float) -> dict[str, Any] | None:
    """Return DescribeExecution's answer once the execution has ended; None when it still runs at `deadline`.

    `deadline` is a time of ``time.monotonic``; the last look is made then.

    Also None, at once, when it can't be asked: an EXPRESS execution has no description, and permission may be missing.
    """
    if ":express:" in arn:
        log("ERROR", "EXPRESS executions can't be waited for: use StartSyncExecution", executionArn=arn)
        return None
    pause = FIRST_PAUSE
    while True:
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))
        pause = min(pause * 1.5, LONGEST_PAUSE)
        try:
            execution = client.describe_execution(executionArn=arn)
            if execution["status"] in ("SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"):
                return execution
        except ClientError as problem:
            code = problem.response.get("Error", {}).get("Code", "")
            refused = 400 <= problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) < 500
            log("WARN", "DescribeExecution failed", executionArn=arn, error=code)
            if refused and code not in _PASSING:
                return None
        except BotoCoreError as problem:
            log("WARN", "DescribeExecution failed", executionArn=arn, error=type(problem).__name__)
        if time.monotonic() >= deadline:
            return None


def result_of(execution: Mapping[str, Any], request_id: str) -> Answer:
    """Return the answer for an execution that has ended."""
    status = execution["status"]
    if status == "SUCCEEDED":
        return answer(200, execution.get("output") or "", {"Content-Type": "application/json"})
    default = "States.Timeout" if status == "TIMED_OUT" else "States.Runtime"
    message = execution.get("cause") or f"The execution ended {status} and gave no cause"
    return error(504 if status == "TIMED_OUT" else 500, execution.get("error") or default, message, request_id)


def still_running(started: Started, location: Any) -> Answer:
    """Return the answer for an execution that has not ended: where it will be."""
    headers = {"Content-Type": "application/json"}
    if location:
        headers["Location"] = str(location).replace("{name}", quote(name_of(started.arn), safe=""))
    return answer(202, started.body(), headers)


def _wait_seconds(event: Mapping[str, Any]) -> float:
    most = int(os.environ.get("MAX_WAIT_MILLISECONDS", "25000"))
    try:
        asked = int(event["waitMilliseconds"])
    except (KeyError, TypeError, ValueError):
        asked = most
    return max(0, min(asked, most)) / 1000


def _text(value: Any) -> str:
    if value is None:
        return "{}"
    return value if isinstance(value, str) else json.dumps(value)
