"""Executions of state machines: waiting for them, and reading what they were given, did and returned."""

import json
import time
from datetime import datetime
from typing import Any, NamedTuple

from sfn_harness.sandbox.account import Account

RUNNING = "RUNNING"
PENDING = frozenset({RUNNING, "PENDING_REDRIVE"})
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0  # seconds between two looks at an execution that runs


class State(NamedTuple):
    """A visit of a state; `exited` is None where it did not end, because the execution failed in it or still runs."""

    name: str
    entered: datetime
    exited: datetime | None


class ExecutionError(AssertionError):
    """An execution ended otherwise than expected, or did not end in time; `execution` is its description."""

    def __init__(self, message: str, execution: dict[str, Any]) -> None:
        super().__init__(message)
        self.execution = execution


class Executions:
    """The executions in one account. Errors of the service itself are botocore's ``ClientError``."""

    def __init__(self, account: Account) -> None:
        self._client = account.client("stepfunctions")

    def describe(self, arn: str) -> dict[str, Any]:
        """Return DescribeExecution's answer: status, input, output, dates, error and cause."""
        return self._client.describe_execution(executionArn=arn)

    def wait(self, arn: str, status: str = "SUCCEEDED", timeout: float = 30.0) -> dict[str, Any]:
        """Return the description of an execution once it has `status`.

        Raises:
            ExecutionError: it ended with another status, or has not got there within `timeout` seconds.

        """
        deadline = time.monotonic() + timeout
        pause = FIRST_PAUSE
        while True:
            execution = self.describe(arn)
            if execution["status"] == status:
                return execution
            if execution["status"] not in PENDING:
                raise ExecutionError(_ended(execution, status), execution)
            if time.monotonic() + pause > deadline:
                raise ExecutionError(
                    f"{arn} is still {execution['status']} after {timeout:g} s; expected {status}", execution
                )
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    def input_text(self, arn: str) -> str:
        """Return the input of an execution, byte for byte."""
        return self.describe(arn)["input"]

    def input(self, arn: str) -> Any:
        """Return the input of an execution, parsed."""
        return json.loads(self.input_text(arn))

    def output(self, arn: str, timeout: float = 30.0) -> Any:
        """Return the parsed output of an execution, once it has succeeded; see `wait`."""
        return json.loads(self.wait(arn, timeout=timeout)["output"])

    def history(self, arn: str) -> list[dict[str, Any]]:
        """Return all events of an execution, the first one first."""
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def list(self, state_machine_arn: str, status: str | None = None) -> list[dict[str, Any]]:
        """Return the executions of a state machine, the latest first, of one status if given."""
        options = {"statusFilter": status} if status else {}
        paginator = self._client.get_paginator("list_executions")
        pages = paginator.paginate(stateMachineArn=state_machine_arn, **options)
        return [execution for page in pages for execution in page["executions"]]

    def states(self, arn: str) -> "list[State]":
        """Return the states an execution went through, in the order it entered them."""
        return visited_states(self.history(arn))


def visited_states(events: "list[dict[str, Any]]") -> "list[State]":
    """Return the visits of states in an execution's history; branches of a Parallel or Map state may overlap."""
    visits: list[State] = []
    open_visits: dict[str, list[int]] = {}
    for event in events:
        if entered := event.get("stateEnteredEventDetails"):
            open_visits.setdefault(entered["name"], []).append(len(visits))
            visits.append(State(entered["name"], event["timestamp"], None))
        elif (exited := event.get("stateExitedEventDetails")) and open_visits.get(exited["name"]):
            index = open_visits[exited["name"]].pop(0)
            visits[index] = visits[index]._replace(exited=event["timestamp"])
    return visits


def _ended(execution: dict[str, Any], wanted: str) -> str:
    reasons = [f"{name}: {execution[name]}" for name in ("error", "cause") if execution.get(name)]
    head = f"{execution['executionArn']} ended {execution['status']}; expected {wanted}"
    return "\n".join([head, *reasons, f"input: {execution.get('input', '')[:2000]}"])
