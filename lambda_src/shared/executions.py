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

__all__ = ["START_CONFIG", "Started", "execution_arn", "find", "name_of", "start"]

# Four calls of four seconds at most (see `start`): whatever happens, there is time left to say so before API Gateway
# gives up. Step Functions checks what it is sent itself, and better than botocore: its errors are those of the direct
# route.
START_CONFIG = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1}, parameter_validation=False
)

_LOOKS = (0.0, 0.2, 0.4, 0.8)  # seconds to wait before each look at an execution that should be there

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


def start(client: Any, request: Mapping[str, str]) -> Started:
    """Start an execution. `request` has StartExecution's members, `name` among them.

    After a call that was not answered, or with a 5xx, the execution is looked for: if it is there with this input, it
    was started. Only then is the call repeated, once: by now the execution may have ended, and the second call would be
    told that the name is taken. While it runs, the same name and input give the same ARN again (source: StartExecution,
    API reference).

    Raises:
        ClientError: Step Functions refused or failed.
        BotoCoreError: it was not reached, or did not answer.

    """
    for last in (False, True):
        try:
            answered = client.start_execution(**request)
            return Started(answered["executionArn"], answered["startDate"])
        except (ClientError, BotoCoreError) as problem:
            if is_refusal(problem):
                raise
            found = find(client, request)
            if found is not None and found.get("input") == request["input"]:
                return Started(found["executionArn"], found["startDate"])
            if last:
                raise
    raise AssertionError("the last attempt returns or raises")


def find(client: Any, request: Mapping[str, str]) -> dict[str, Any] | None:
    """Return DescribeExecution's answer for the execution that `request` names, or None.

    It is looked for over 1.4 seconds, because DescribeExecution is eventually consistent (source: DescribeExecution,
    API reference). Another error of the service than ExecutionDoesNotExist ends the search.
    """
    arn = execution_arn(request["stateMachineArn"], request["name"])
    if arn is None:
        return None
    for pause in _LOOKS:
        time.sleep(pause)
        try:
            return client.describe_execution(executionArn=arn)
        except ClientError as problem:
            if problem.response.get("Error", {}).get("Code") != "ExecutionDoesNotExist":
                return None
        except BotoCoreError:
            return None
    return None
