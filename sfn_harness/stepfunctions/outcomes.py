"""What tasks ask the service itself, in its own process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfn_harness.stepfunctions.model import service_model
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.operations.executions import describe
from sfn_harness.stepfunctions.operations.lookup import find_execution
from sfn_harness.stepfunctions.ports import Scope
from sfn_harness.stepfunctions.store import Region, Store

Json = Any


class StoredOutcomes:
    """Answers from the store, wherever an ARN is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ended(self, execution_arn: str) -> Mapping[str, Json]:
        """Wait for an execution's end. Returns what DescribeExecution answers, dates as datetime."""
        execution = find_execution(self._region(execution_arn), execution_arn)
        await execution.ended()
        return service_model().operation("DescribeExecution").parsed(describe(execution))

    def has_activity(self, activity_arn: str) -> bool:
        """Return whether there is such an activity."""
        return activity_arn in self._region(activity_arn).activities

    def _region(self, text: str) -> Region:
        arn = parse_arn(text, "execution", "activity")
        return self._store.region(Scope(arn.account, arn.region, text.split(":")[1]))
