"""What Task states need and give: the contract between the engine, which runs states, and `tasks`, which does the work.

The engine makes one `Integrations` for each service and asks it for the `Integration` of a Task state's resource. For
every attempt it hands over a `TaskCall`. The integration then writes all the events of the attempt, between the state's
Entered and Exited events, and returns the result as the state sees it, or raises StateError.

- **Time**: the integration keeps the state's timeout and heartbeat by the call's clock; it writes the TimedOut event
  and raises ``StateError("States.Timeout")``.
- **Cancellation** (StopExecution, the execution's own timeout, a sibling branch that failed) is asyncio's: `run` is
  cancelled, writes nothing more, and takes back what it has started (a nested execution is stopped).
- **Members of events** are those of the service model's ``...EventDetails``. Those whose text is JSON there (``input``,
  ``output``, ``parameters``) are given as values; the history makes the text, and ``inputDetails`` and
  ``outputDetails``, when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.ports import Clock, Role, Services

Json = Any


class Recorder(Protocol):
    """Writes events to an execution's history, each after the one before it in the same branch."""

    def __call__(self, event_type: str, details: Mapping[str, Json] | None = None) -> None:
        """Write an event such as ``TaskScheduled``. ``details`` is not changed afterwards by either side."""
        ...


@dataclass(slots=True)
class TaskCall:
    """One attempt of a Task state.

    Attributes:
        parameters: the evaluated Parameters or Arguments; without them the state's effective input.
        role: as which services are called: the state machine's, or that of Credentials.
        services: what can be called.
        clock: the execution's.
        record: the branch's.
        state: the state's name, for causes.
        entered: the id of the event by which the state was entered, for causes.
        timeout_seconds: TimeoutSeconds as evaluated, or None.
        heartbeat_seconds: HeartbeatSeconds as evaluated, or None.
        credentials: ``{"RoleArn": ...}`` as evaluated, when the state has Credentials; the events name it.
        token: ``$$.Task.Token`` of this attempt, made with `Tokens.new`; None unless the resource waits for it.
        execution_arn: the execution's, such as nested executions name.
        mock: answers in the place of the service, an activity's worker or the caller of SendTask...: returns the result
            or raises StateError. None: the task is done.
        inspection: where an HTTP task puts ``request`` and ``response`` for TestState; None: nobody asks.
        reveals_secrets: the request there has what the connection adds to it.

    """

    parameters: Json
    role: Role
    services: Services
    clock: Clock
    record: Recorder
    state: str = ""
    entered: int = 0
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    credentials: Mapping[str, Json] | None = None
    token: str | None = None
    execution_arn: str = ""
    mock: Callable[[], Json] | None = None
    inspection: MutableMapping[str, Json] | None = None
    reveals_secrets: bool = False

    def broken(self, cause: str, error: str = "States.Runtime") -> StateError:
        """Return the error of a state that can't do its work, in the words that AWS puts before the cause."""
        before = f"An error occurred while executing the state '{self.state}' (entered at the event id #{self.entered})"
        return StateError(error, f"{before}. {cause}")


class Integration(Protocol):
    """What the resource of Task states does. One object serves all executions; it keeps nothing of a call."""

    resource: str
    waits_for_token: bool  # the engine makes a token, and puts it into the context as Task.Token

    async def run(self, call: TaskCall) -> Json:
        """Do one attempt and return its result. Raises StateError."""
        ...


class Outcomes(Protocol):
    """What tasks ask the service itself, in process. The operations give it."""

    async def ended(self, execution_arn: str) -> Mapping[str, Json]:
        """Wait for an execution's end. Returns what DescribeExecution answers, dates as datetime."""
        ...

    def has_activity(self, activity_arn: str) -> bool:
        """Return whether there is such an activity."""
        ...


class Tokens(Protocol):
    """Task tokens: of tasks that wait for them, and of activities' workers. SendTask... operations call it."""

    def new(self) -> str:
        """Make a token for one attempt of a task. It can be answered while `Integration.run` runs."""
        ...

    def check(self, token: str) -> None:
        """Raise ApiError (InvalidToken, TaskDoesNotExist, TaskTimedOut) unless a task waits for the token."""
        ...

    def succeed(self, token: str, output: Json) -> None:
        """Give a task its result, as parsed. Raises ApiError (InvalidToken, TaskDoesNotExist, TaskTimedOut)."""
        ...

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """Fail a task. Raises ApiError."""
        ...

    def beat(self, token: str) -> None:
        """Take a heartbeat. Raises ApiError."""
        ...


class Activities(Protocol):
    """Tasks that wait for a worker, by activity."""

    async def take(self, activity_arn: str, worker_name: str | None) -> tuple[str, Json] | None:
        """Return (token, input) of the oldest task, or None when none has come for 60 s of the real clock.

        The caller has checked that the activity exists. A caller that goes away cancels this, and takes nothing.
        """
        ...


class Integrations(Protocol):
    """All that tasks can do, and who waits for what."""

    tokens: Tokens
    activities: Activities

    def prepare(self, resource: str) -> Integration:
        """Return the integration of a resource; the same object each time. Raises StateError: there is none."""
        ...

    async def read_items(
        self, resource: str, parameters: Json, config: Mapping[str, Json], call: TaskCall
    ) -> Sequence[Json]:
        """Return the items of a distributed Map state's ItemReader. Raises StateError (States.ItemReaderFailed).

        Args:
            resource: such as ``arn:aws:states:::s3:getObject``.
            parameters: the evaluated Parameters or Arguments.
            config: the ReaderConfig; ``MaxItems`` in it as evaluated, from ``MaxItems`` or ``MaxItemsPath``.
            call: for its role, services and causes.

        """
        ...

    async def write_results(
        self,
        resource: str,
        parameters: Json,
        config: Mapping[str, Json],
        map_run_arn: str,
        results: Sequence[Mapping[str, Json]],
        call: TaskCall,
    ) -> Json:
        """Write the results of a distributed Map state; return its ``ResultWriterDetails``: Bucket and Key.

        Args:
            resource: such as ``arn:aws:states:::s3:putObject``.
            parameters: the evaluated Parameters or Arguments: Bucket, Prefix.
            config: the WriterConfig: Transformation, OutputType.
            map_run_arn: the map run's, whose last part is in the keys.
            results: what files of results say of each child execution (``ExecutionArn``, ``Input`` ...), in the order
                of the items; ``Status`` decides whether it goes into the file of the succeeded, of the failed or of the
                pending ones.
            call: for its role, services and causes.

        Raises:
            StateError: States.ResultWriterFailed.

        """
        ...
