"""Starting an execution so that no answer is lost: by a name, which makes every repetition harmless."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.answers import is_refusal

__all__ = ["START_CONFIG", "START_SECONDS", "Started", "execution_arn", "find", "name_of", "start"]

# Step Functions checks what it is sent itself, and better than botocore: its errors are those of the direct route.
START_CONFIG = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1}, parameter_validation=False
)
CALL_SECONDS = 4  # the longest call with START_CONFIG
START_SECONDS = 16  # how long starting may take in all: there is time left to answer before API Gateway gives up

_LOOKS = (0.0, 0.2, 0.4, 0.8, 1.6)  # seconds to wait before each look at an execution that should be there
_PASSING = frozenset({"ExecutionDoesNotExist", "ThrottlingException"})  # the next look may be answered otherwise

_MACHINE = re.compile(r"^(arn:[^:]+:states:[^:]*:[^:]*:)stateMachine:([^:/]+)(:.+)?$")


class Started(NamedTuple):
    """An execution that was started: its ARN and when, in UTC or any other time zone."""

    arn: str
    date: datetime

    def body(self) -> str:
        """Return StartExecution's answer: ``{"executionArn": ..., "startDate": <epoch seconds>}``."""
        return json.dumps({"executionArn": self.arn, "startDate": round(self.date.timestamp(), 3)})


def name_of(arn: str) -> str:
    """Return the name of the execution with this ARN; that of an EXPRESS execution stands before its own id."""
    parts = arn.split(":")
    return parts[7] if len(parts) > 7 else parts[-1]


def execution_arn(state_machine_arn: str, name: str) -> str | None:
    """Return the ARN of a STANDARD state machine's execution; those of a version or an alias do not name it."""
    match = _MACHINE.match(state_machine_arn)
    return f"{match[1]}execution:{match[2]}:{name}" if match else None


def start(client: Any, request: Mapping[str, str], seconds: float = START_SECONDS) -> Started:
    """Start an execution. `request` has StartExecution's members, `name` among them.

    An attempt that was not answered, or with a 5xx, may have started the execution, or may yet. So the execution is
    looked for; it is ours if it has this input. If it is not there, the call is repeated, once: while an execution
    runs, the same name and input give its ARN again (source: StartExecution, API reference). Whatever the repetition is
    answered, the execution is looked for once more before an error is raised.

    Args:
        client: boto3's client of ``stepfunctions``, with START_CONFIG.
        request: StartExecution's members.
        seconds: how long all of it may take, at least CALL_SECONDS.

    Raises:
        ClientError: Step Functions refused (`shared.answers.is_refusal`): nothing was started, and nothing will be.
            Or it failed: an execution may have been started.
        BotoCoreError: it was not reached, or did not answer: an execution may have been started.

    """
    deadline = time.monotonic() + seconds
    try:
        return _started(client.start_execution(**request))
    except (ClientError, BotoCoreError) as problem:
        if is_refusal(problem):
            raise
        unanswered = problem
    found = find(client, request, deadline)
    if found is not None and _has_input(found, request["input"]):
        return _started(found)
    if time.monotonic() + CALL_SECONDS > deadline:
        raise unanswered
    refused = None
    try:
        return _started(client.start_execution(**request))
    except (ClientError, BotoCoreError) as problem:
        if is_refusal(problem):
            refused = problem
        else:
            unanswered = problem
    found = find(client, request, deadline)
    ours = None if found is None else _has_input(found, request["input"])
    if found is not None and ours:
        return _started(found)
    # The name belongs to an execution with another input: neither of our attempts can have got it.
    if refused is not None and ours is False:
        raise refused
    raise unanswered


def find(client: Any, request: Mapping[str, str], deadline: float) -> dict[str, Any] | None:
    """Return DescribeExecution's answer for the execution that `request` names, or None.

    It is looked for over three seconds, because DescribeExecution is eventually consistent (source: DescribeExecution,
    API reference), and through throttling, failures and time-outs. Another refusal than these ends the search, and so
    does `deadline`, a time of ``time.monotonic``.
    """
    arn = execution_arn(request["stateMachineArn"], request["name"])
    if arn is None:
        return None
    for pause in _LOOKS:
        if time.monotonic() + pause + CALL_SECONDS > deadline:
            return None
        time.sleep(pause)
        try:
            return client.describe_execution(executionArn=arn)
        except ClientError as problem:
            if is_refusal(problem) and problem.response.get("Error", {}).get("Code") not in _PASSING:
                return None
        except BotoCoreError:
            continue
    return None


def _started(answered: Mapping[str, Any]) -> Started:
    return Started(answered["executionArn"], answered["startDate"])


def _has_input(found: Mapping[str, Any], text: str) -> bool | None:
    """Return whether an execution was started with this input; None if its description does not say.

    Nothing says that DescribeExecution gives the text as it was sent, so what counts is the JSON.
    """
    theirs = found.get("input")
    if theirs is None:
        return None
    if theirs == text:
        return True
    try:
        return bool(json.loads(theirs) == json.loads(text))
    except (ValueError, RecursionError):
        return None
