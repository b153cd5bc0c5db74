"""What the engine is asked to run, and what it tells of it. The operations of the API use it through these types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sfn_harness.stepfunctions.language.tree import StateMachine
from sfn_harness.stepfunctions.ports import Scope

Json = Any


class Status(StrEnum):
    """The status of an execution, or of a map run (which is never TIMED_OUT)."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"
    PENDING_REDRIVE = "PENDING_REDRIVE"


@dataclass(frozen=True, slots=True)
class Logging:
    """A state machine's logging configuration."""

    level: str = "OFF"  # ALL, ERROR, FATAL, OFF
    include_execution_data: bool = False
    log_group_arns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """One revision of a state machine, as its executions see it. Executions share it; it never changes.

    Attributes:
        definition: the parsed definition.
        arn: the state machine's, without a version or an alias.
        name: the state machine's.
        role_arn: the role that executions act as.
        scope: where the state machine is.
        express: the type EXPRESS.
        logging: the logging configuration.

    """

    definition: StateMachine
    arn: str
    name: str
    role_arn: str
    scope: Scope
    express: bool = False
    logging: Logging = field(default_factory=Logging)


class History(Protocol):
    """The events of an execution. Ids start at 1."""

    def __len__(self) -> int:
        """Return how many events there are."""
        ...

    def shape(
        self, start: int = 0, count: int | None = None, *, reverse: bool = False, include_data: bool = True
    ) -> list[dict[str, Json]]:
        """Return events as GetExecutionHistory gives them; timestamps are seconds since 1970.

        Args:
            start: how many events are skipped, in the order asked for.
            count: how many are given; None: all.
            reverse: the newest first.
            include_data: with inputs, outputs, parameters, errors and causes.

        """
        ...


class Execution(Protocol):
    """An execution of a state machine, or a child execution of a map run."""

    workflow: Workflow
    arn: str
    name: str
    version_arn: str | None
    alias_arn: str | None
    trace_header: str | None
    status: Status
    input: str  # JSON, as it was given
    output: str | None  # JSON
    error: str | None
    cause: str | None
    started: float
    stopped: float | None
    redrive_count: int
    redriven: float | None  # the date of the last redrive
    history: History
    map_run: MapRun | None  # whose child it is
    item_count: int | None  # of a child

    @property
    def redrive_status(self) -> tuple[str, str | None]:
        """Return redriveStatus and redriveStatusReason as DescribeExecution gives them."""
        ...

    def stop(self, error: str | None = None, cause: str | None = None) -> None:
        """Abort it, with its children. An execution that has ended stays as it is."""
        ...

    def redrive(self) -> None:
        """Run on from the states that failed. Raises ApiError: it can't be redriven (ExecutionNotRedrivable)."""
        ...

    async def ended(self) -> None:
        """Return when the execution is not RUNNING; at once if it isn't."""
        ...


@dataclass(slots=True)
class Counts:
    """How many items, or child executions, of a map run are in which state. The names are those of the API."""

    pending: int = 0
    running: int = 0
    succeeded: int = 0
    failed: int = 0
    timed_out: int = 0
    aborted: int = 0
    results_written: int = 0
    failures_not_redrivable: int = 0
    pending_redrive: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.pending + self.running + self.succeeded + self.failed + self.timed_out + self.aborted


class MapRun(Protocol):
    """A run of a distributed Map state."""

    arn: str
    label: str
    execution: Execution  # the parent
    status: Status
    started: float
    stopped: float | None
    max_concurrency: int
    tolerated_failure_count: int
    tolerated_failure_percentage: float
    items: Counts
    executions: Counts
    children: Sequence[Execution]
    redrive_count: int
    redriven: float | None

    def update(
        self,
        max_concurrency: int | None = None,
        tolerated_failure_count: int | None = None,
        tolerated_failure_percentage: float | None = None,
    ) -> None:
        """Change the settings of a run that goes on (UpdateMapRun)."""
        ...


class Directory(Protocol):
    """Where the engine makes known what it starts by itself. The service's store is one."""

    def add_map_run(self, map_run: MapRun) -> None:
        """Keep a map run that starts; its ARN names it in DescribeMapRun."""
        ...

    def add_child(self, execution: Execution) -> None:
        """Keep a child execution of a map run that starts; its ARN names it in DescribeExecution."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """What a mocked task does on an attempt: it returns a result, or it fails."""

    result: Json = None
    error: str | None = None
    cause: str | None = None
    fails: bool = False


class Mocks(Protocol):
    """Mocked tasks of one execution, by state name. `mocks.MockConfig` reads them from AWS's file format."""

    def take(self, state: str) -> Mock | None:
        """Return what the state's task does this time; None: it isn't mocked.

        The first invocation of the state's task in the execution, the second, ...: attempts count, and entering it
        again. Raises StateError: it is mocked, but not that often.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTest:
    """What TestState asks for, after the request and the definition have been checked.

    Attributes:
        workflow: a state machine of which ``state`` is a state (one made of the state alone, if it came alone).
        state: the state's name, anywhere in the definition.
        input: JSON.
        variables: the variables in sight.
        context: the context object; None: the engine makes one.
        mock: what the task does instead of a call.
        retrier_retry_count: ``stateConfiguration.retrierRetryCount``.
        error_caused_by_state: ``stateConfiguration.errorCausedByState``.
        map_iteration_failure_count: ``stateConfiguration.mapIterationFailureCount``.
        map_item_reader_data: ``stateConfiguration.mapItemReaderData``, parsed.
        reveal_secrets: HTTP tasks show the connection's secrets in the inspection data.

    """

    workflow: Workflow
    state: str
    input: str = "{}"
    variables: Mapping[str, Json] = field(default_factory=dict)
    context: Mapping[str, Json] | None = None
    mock: Mock | None = None
    retrier_retry_count: int | None = None
    error_caused_by_state: str | None = None
    map_iteration_failure_count: int | None = None
    map_item_reader_data: Json = None
    reveal_secrets: bool = False


@dataclass(slots=True)
class StateTestResult:
    """What TestState answers. ``inspection`` has all members that there are; the operation leaves out by its level."""

    status: str  # SUCCEEDED, FAILED, RETRIABLE, CAUGHT_ERROR
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    inspection: dict[str, Json] = field(default_factory=dict)


class Engine(Protocol):
    """Runs executions. `engine.Engine` is it; this is the part that the operations use."""

    def start(
        self,
        workflow: Workflow,
        *,
        input: str,  # noqa: A002 - the API's word
        name: str,
        arn: str,
        version_arn: str | None = None,
        alias_arn: str | None = None,
        trace_header: str | None = None,
        mocks: Mocks | None = None,
    ) -> Execution:
        """Start an execution; it runs as tasks of the event loop. ``input`` is JSON that has been checked."""
        ...

    async def test_state(self, test: StateTest) -> StateTestResult:
        """Run one state."""
        ...
