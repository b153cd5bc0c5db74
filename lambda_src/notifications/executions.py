"""Executions: which ones may be watched, how they stand, and the message that says how one has ended."""

import json
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

MESSAGE_LIMIT = 128_000  # bytes; API Gateway takes 128 KB, and this is less whatever a KB is
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)  # seconds; DescribeExecution is eventually consistent


class ExecutionNotFoundError(Exception):
    """There is no such execution."""


class OutdatedError(Exception):
    """DescribeExecution goes on saying that an execution runs which has ended."""


class Executions:
    """Executions of some state machines.

    Args:
        client: boto3's client of ``stepfunctions``.
        state_machine_arns: unqualified ARNs of the state machines.
        sleep: waits for some seconds.

    """

    def __init__(
        self, client: Any, state_machine_arns: Collection[str], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._prefixes = tuple(arn.replace(":stateMachine:", ":execution:", 1) + ":" for arn in state_machine_arns)
        self._sleep = sleep

    def may_be_watched(self, arn: object) -> bool:
        """Return whether this is the ARN of an execution, existing or not, of one of the state machines."""
        prefix, colon, name = arn.rpartition(":") if isinstance(arn, str) else ("", "", "")
        return prefix + colon in self._prefixes and 1 <= len(name) <= 80

    def describe(self, arn: str) -> dict[str, Any]:
        """Return DescribeExecution's answer, which may lag behind.

        Raises:
            ExecutionNotFoundError: there is none; one that was just started may be unknown for a moment, so it is
                asked for again before this is said.
            ClientError: Step Functions does not say.

        """
        for pause in (*PAUSES[:3], None):
            try:
                return self._client.describe_execution(executionArn=arn)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
                    raise
                if pause is None:
                    raise ExecutionNotFoundError(arn) from None
            self._sleep(pause)
        raise AssertionError("unreachable")

    def describe_ended(self, arn: str) -> dict[str, Any]:
        """Return DescribeExecution's answer for an execution that has ended, once it says so.

        Raises:
            OutdatedError: it does not within three seconds.
            ExecutionNotFoundError, ClientError: see `describe`.

        """
        for pause in PAUSES:
            description = self.describe(arn)
            if has_ended(description):
                return description
            self._sleep(pause)
        raise OutdatedError(arn)

    def completed(self, detail: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the detail of a "Step Functions Execution Status Change" event, with what it may lack.

        It has no output that is over 248 KB
        (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html), and nothing says that
        it has the error of every execution that was stopped or timed out. DescribeExecution has all of it.

        Raises:
            OutdatedError, ExecutionNotFoundError, ClientError: see `describe_ended`.

        """
        if any(detail.get(name) is not None for name in _results(detail)):
            return detail
        return {**detail, **self.describe_ended(detail["executionArn"])}


def message(ended: Mapping[str, Any]) -> str:
    """Return the message for an execution that has ended.

    Args:
        ended: DescribeExecution's answer, or an event's detail from `Executions.completed`.

    Returns:
        JSON, ``{"type": "ended", "executionArn", "status", "startDate", "stopDate"}``, the dates in epoch seconds; with
        ``output``, the JSON text that it is in Step Functions, after SUCCEEDED, else with ``error`` and ``cause`` if it
        has them. An output or a cause that does not fit is left out, and ``omitted``, a list, names it.

    """
    content = {
        "type": "ended",
        "executionArn": ended["executionArn"],
        "status": ended["status"],
        "startDate": _epoch_seconds(ended["startDate"]),
        "stopDate": _epoch_seconds(ended["stopDate"]),
    }
    content |= {name: ended[name] for name in _results(ended) if ended.get(name) is not None}
    for name in ("output", "cause"):
        if name in content and len(_text(content).encode()) > MESSAGE_LIMIT:
            del content[name]
            content["omitted"] = [name]
    return _text(content)


def has_ended(description: Mapping[str, Any]) -> bool:
    """Return whether an execution has ended, by DescribeExecution's answer; one about to be redriven has not."""
    return description["status"] not in ("RUNNING", "PENDING_REDRIVE")


def redrive_count(execution: Mapping[str, Any]) -> int:
    """Return how often an execution was started again after it had ended, by an event or by DescribeExecution."""
    return int(execution.get("redriveCount") or 0)


def _results(ended: Mapping[str, Any]) -> tuple[str, ...]:
    return ("output",) if ended["status"] == "SUCCEEDED" else ("error", "cause")


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def _epoch_seconds(date: datetime | int) -> float:
    # boto3 has dates; events have milliseconds.
    return round(date.timestamp(), 3) if isinstance(date, datetime) else date / 1000
