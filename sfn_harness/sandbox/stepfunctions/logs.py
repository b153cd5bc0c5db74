"""CloudWatch Logs, where execution logs go."""

from __future__ import annotations

from collections.abc import Sequence

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

from sfn_harness.stepfunctions.ports import Scope

__all__ = ["USES", "SandboxLogs"]


def _group(arn: str) -> str:
    """Return the name of a log group, whose ARN ends with ``:*``."""
    return arn.split(":", 6)[6].removesuffix(":*") if arn.count(":") >= 6 else arn


class SandboxLogs:
    """Implements `sfn_harness.stepfunctions.ports.Logs`."""

    def write(self, scope: Scope, log_group_arn: str, stream: str, records: Sequence[tuple[int, str]]) -> None:
        """Write (milliseconds, text) records, in their order; a group that is missing loses them."""
        group = _group(log_group_arn)
        with request_scope(scope.account, scope.region):
            found = cloudwatch_logs._log_groups.get(group)
            if found is None:
                return
            if stream not in found["streams"]:
                cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
            events = [{"timestamp": moment, "message": message} for moment, message in records]
            cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})

    def has_group(self, log_group_arn: str) -> bool:
        """Return whether a log group exists."""
        parts = log_group_arn.split(":")
        if len(parts) < 7:
            return False
        with request_scope(parts[4], parts[3]):
            return _group(log_group_arn) in cloudwatch_logs._log_groups


USES = {
    "ministack.core.responses": ("request_scope",),
    "ministack.services.cloudwatch_logs": ("_create_log_stream", "_log_groups", "_put_log_events"),
}
