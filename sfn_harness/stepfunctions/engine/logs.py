"""The log of executions: their events, as far as the state machine's logging configuration wants them.

Recorded on AWS: localstack/localstack tests v4.14.0, logs/test_logs, 2024-06-10. Which types a level has is from AWS's
developer guide, "Using CloudWatch Logs to log execution history in Step Functions", seen 2026-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine.history import Details, EventLog, shape_details

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.execution import Execution

Json = Any

_FATAL = frozenset({"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"})
_ERROR_ENDINGS = ("Failed", "TimedOut", "Aborted")


def is_logged(kind: str, level: str) -> bool:
    """Return whether a type of events is logged at a level."""
    if level == "ALL":
        return True
    if level == "ERROR":
        return kind.endswith(_ERROR_ENDINGS) or kind == "FailStateEntered"
    return level == "FATAL" and kind in _FATAL


def execution_log(execution: Execution) -> EventLog | None:
    """Return what logs an execution's events; None: nothing does."""
    logging, logs = execution.workflow.logging, execution.engine.logs
    if logs is None or logging.level == "OFF" or not logging.log_group_arns:
        return None

    def log(event_id: int, previous: int, time: float, kind: str, details: Details) -> None:
        if not is_logged(kind, logging.level):
            return
        milliseconds = int(time * 1000)
        record = {
            "id": str(event_id),
            "type": kind,
            "details": shape_details(details, include_data=logging.include_execution_data),
            "previous_event_id": str(previous),
            "event_timestamp": str(milliseconds),
            "execution_arn": execution.arn,
            "redrive_count": str(execution.redrive_count),
        }
        text = json_text.write(record)
        for arn in logging.log_group_arns:
            logs.write(execution.workflow.scope, arn, _stream(execution), [(milliseconds, text)])

    return log


def _stream(execution: Execution) -> str:
    """Return the name of the log stream: one for each state machine."""
    return f"states/{execution.workflow.name}"
