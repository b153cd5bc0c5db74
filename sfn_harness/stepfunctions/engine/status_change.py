"""The event that the default bus gets when an execution starts and when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.execution import Execution

_INCLUDED = {"included": True}
_OMITTED = {"included": False}
# An input or an output that is longer is left out (AWS's developer guide, "Automating Step Functions event delivery
# with EventBridge", seen 2026-11).
_LONGEST = 248 * 1024


def put_status_change(execution: Execution) -> None:
    """Put the event of an execution's status; Express executions have none.

    Recorded on AWS: localstack/localstack tests v4.14.0, base/test_base test_event_bridge_events_base, 2024-02-07.
    """
    events, workflow = execution.engine.events, execution.workflow
    if events is None or workflow.express:
        return
    redrive_status, reason = execution.redrive_status
    given, given_details = _included(execution.input)
    output, output_details = _included(execution.output)
    detail = {
        "executionArn": execution.arn,
        "stateMachineArn": workflow.arn,
        "name": execution.name,
        "status": str(execution.status),
        "startDate": _milliseconds(execution.started),
        "stopDate": _milliseconds(execution.stopped),
        "input": given,
        "output": output,
        "stateMachineVersionArn": execution.version_arn,
        "stateMachineAliasArn": execution.alias_arn,
        "redriveCount": execution.redrive_count,
        "redriveDate": _milliseconds(execution.redriven),
        "redriveStatus": redrive_status,
        "redriveStatusReason": reason,
        "inputDetails": given_details,
        "outputDetails": output_details,
        "error": execution.error,
        "cause": execution.cause,
    }
    events.put(workflow.scope, "Step Functions Execution Status Change", [execution.arn], detail)


def _included(text: str | None) -> tuple[str | None, dict[str, bool] | None]:
    if text is None:
        return None, None
    return (text, _INCLUDED) if len(text) <= _LONGEST else (None, _OMITTED)


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds * 1000)
