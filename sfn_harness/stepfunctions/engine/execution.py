"""An execution: from its start to its end, and on again when it is redriven."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions.engine import times
from sfn_harness.stepfunctions.engine.branch import Branch
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import RUNTIME, StateFailedError
from sfn_harness.stepfunctions.engine.history import LIMIT, NOT_TRUNCATED, History
from sfn_harness.stepfunctions.engine.interface import MapRun, Mocks, Status, Workflow
from sfn_harness.stepfunctions.engine.logs import execution_log
from sfn_harness.stepfunctions.engine.status_change import put_status_change
from sfn_harness.stepfunctions.errors import ApiError

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.engine import Engine
    from sfn_harness.stepfunctions.ports import Timer

Json = Any

# AWS's service quotas: an Express execution runs for five minutes at most.
_EXPRESS_SECONDS = 300

# "Your workflow execution has not exceeded the redrivable period of 14 days" (RedriveExecution in the service model,
# whose words for redriveStatusReason are used here).
_REDRIVABLE_SECONDS = 14 * 86_400

_log = logging.getLogger(__name__)


class Execution:
    """An execution of a state machine; see `interface.Execution`."""

    __slots__ = (
        "_context",
        "_root",
        "_task",
        "_timer",
        "_waiters",
        "alias_arn",
        "arn",
        "cause",
        "engine",
        "error",
        "history",
        "input",
        "item_count",
        "map_run",
        "mocks",
        "name",
        "output",
        "redrive_count",
        "redriven",
        "started",
        "status",
        "stopped",
        "trace_header",
        "version_arn",
        "workflow",
    )

    def __init__(
        self,
        engine: Engine,
        workflow: Workflow,
        given: str,
        *,
        arn: str,
        name: str,
        version_arn: str | None = None,
        alias_arn: str | None = None,
        trace_header: str | None = None,
        mocks: Mocks | None = None,
        map_run: MapRun | None = None,
        item_count: int | None = None,
    ) -> None:
        """Make an execution that `begin` starts; ``given`` is its input."""
        self.engine, self.workflow, self.arn, self.name = engine, workflow, arn, name
        self.version_arn, self.alias_arn, self.trace_header = version_arn, alias_arn, trace_header
        self.mocks, self.map_run, self.item_count = mocks, map_run, item_count
        self.status = Status.RUNNING
        self.input = given
        self.output: str | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.started = engine.clock.now()
        self.stopped: float | None = None
        self.redrive_count = 0
        self.redriven: float | None = None
        self.history = History(engine.clock.now, keep=not workflow.express, log=execution_log(self))
        self._root: Branch | None = None
        self._context: dict[str, Json] | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: Timer | None = None
        self._waiters: list[asyncio.Future[None]] | None = None

    @property
    def redrive_status(self) -> tuple[str, str | None]:
        """Return redriveStatus and redriveStatusReason; see `interface.Execution`."""
        if self.status in (Status.RUNNING, Status.SUCCEEDED):
            return "NOT_REDRIVABLE", f"Execution is {self.status} and cannot be redriven"
        if not self.workflow.express:
            if self.engine.clock.now() - self.stopped > _REDRIVABLE_SECONDS:
                return "NOT_REDRIVABLE", "Execution redrivable period exceeded"
            if len(self.history) >= LIMIT - 1:
                return "NOT_REDRIVABLE", "Execution history event limit exceeded"
        return ("REDRIVABLE" if self.map_run is None else "REDRIVABLE_BY_MAP_RUN"), None

    def context(self) -> dict[str, Json]:
        """Return the parts of the context object that all states see."""
        if self._context is None:
            execution = {
                "Id": self.arn,
                "Input": Document(text=self.input).value,
                "StartTime": times.write(self.started),
                "Name": self.name,
                "RoleArn": self.workflow.role_arn or None,
            }
            if not self.workflow.express:
                execution["RedriveCount"] = self.redrive_count
            if self.redriven is not None:
                execution["RedriveTime"] = times.write(self.redriven)
            machine = {"Id": self.workflow.arn, "Name": self.workflow.name}
            self._context = {"Execution": execution, "StateMachine": machine}
        return self._context

    def begin(self) -> None:
        """Start it."""
        details = {"input": self.input, "inputDetails": NOT_TRUNCATED, "roleArn": self.workflow.role_arn}
        if self.alias_arn is not None:
            details["stateMachineAliasArn"] = self.alias_arn
        if self.version_arn is not None:
            details["stateMachineVersionArn"] = self.version_arn
        self.history.add("ExecutionStarted", 0, details)
        self._go()

    def stop(self, error: str | None = None, cause: str | None = None) -> None:
        """Abort it; see `interface.Execution`."""
        self._interrupt(Status.ABORTED, "ExecutionAborted", error, cause)

    def redrive(self) -> None:
        """Run on from the states that failed; see `interface.Execution`."""
        status, reason = self.redrive_status
        if status != "REDRIVABLE":
            raise ApiError("ExecutionNotRedrivable", reason or "The execution is redriven with its Map Run.")
        self.run_again()

    def run_again(self) -> None:
        """Redrive it, whether it is its own or a map run's."""
        self.status = Status.RUNNING
        self.redrive_count += 1
        self.redriven = self.engine.clock.now()
        self.stopped = self.error = self.cause = self._context = None
        details = {"redriveCount": self.redrive_count}
        last = self.history.add("ExecutionRedriven", len(self.history), details)
        if self._root is not None:
            self._root.last = last
        self._go()

    async def ended(self) -> None:
        """Return when it is not RUNNING."""
        if self.status is not Status.RUNNING:
            return
        over = asyncio.get_running_loop().create_future()
        if self._waiters is None:
            self._waiters = []
        self._waiters.append(over)
        await over

    def _go(self) -> None:
        put_status_change(self)
        self.engine.running.add(self)
        seconds = self.workflow.definition.timeout_seconds
        if self.workflow.express:
            seconds = min(seconds or _EXPRESS_SECONDS, _EXPRESS_SECONDS)
        if seconds is not None:
            self._timer = self.engine.clock.call_at(self.engine.clock.now() + seconds, self._time_out)
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        root = self._root
        if root is None:
            root = self._root = Branch(self, self.workflow.definition.program, Document.given(self.input), 0, {})
        try:
            output = await root.run()
            text = output.text
            self.history.add("ExecutionSucceeded", root.last, {"output": text, "outputDetails": NOT_TRUNCATED})
            self.output = text
            self._end(Status.SUCCEEDED)
        except StateFailedError as failure:
            self._fail(failure)
        except Exception as error:  # not of the execution: it must not run for ever
            _log.exception("%s met an error of the service's own", self.arn)
            self._fail(StateFailedError(RUNTIME, f"Internal Error ({error!r})", root.last))

    def _fail(self, failure: StateFailedError) -> None:
        if asyncio.current_task() is not self._task:
            return  # it was interrupted
        self._record_error("ExecutionFailed", failure.last, failure.error, failure.cause)
        self._end(Status.FAILED)

    def _time_out(self) -> None:
        self._interrupt(Status.TIMED_OUT, "ExecutionTimedOut", None, None)

    def _interrupt(self, status: Status, event: str, error: str | None, cause: str | None) -> None:
        if self.status is not Status.RUNNING:
            return
        # Recorded on AWS: the event follows none (localstack/localstack tests v4.14.0, test_sfn_api
        # test_stop_execution, 2024-05-06).
        self._record_error(event, 0, error, cause)
        task = self._task
        self._end(status)
        task.cancel()

    def _record_error(self, event: str, previous: int, error: str | None, cause: str | None) -> None:
        self.error, self.cause = error, cause
        details = {"error": error, "cause": cause}
        self.history.add(event, previous, {member: text for member, text in details.items() if text is not None})

    def _end(self, status: Status) -> None:
        self.status = status
        self.stopped = self.engine.clock.now()
        if self._timer is not None:
            self._timer.cancel()
        self._task = self._timer = self._context = None
        if status is Status.SUCCEEDED or self.workflow.express:
            self._root = None
        elif self._root is not None:
            self._root.settle()
        self.engine.running.discard(self)
        put_status_change(self)
        if self.map_run is not None:
            self.map_run.child_ended(self)
        waiters, self._waiters = self._waiters, None
        for waiter in waiters or ():
            if not waiter.done():
                waiter.set_result(None)
