"""What the service needs from outside. Whoever runs it gives it one object for each protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any  # what json.loads returns


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something is: the partition, the region and the account of ARNs."""

    account: str
    region: str
    partition: str = "aws"

    def arn(self, resource: str, service: str = "states") -> str:
        """Return ``arn:<partition>:<service>:<region>:<account>:<resource>``."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, slots=True)
class Role:
    """The role that a task acts as, assumed for a state machine.

    Attributes:
        arn: the role's.
        source_arn: the state machine's, which the role's trust policy may ask for.
        scope: where the call goes; its account is the role's, whatever this says.
        through: the state machine's own role, which assumes this one (Credentials of a task); None: this is it.

    """

    arn: str
    source_arn: str
    scope: Scope
    through: Role | None = None


class Services(Protocol):
    """Calls AWS services as a role, whose policies are asked."""

    async def call(self, service: str, operation: str, parameters: Mapping[str, Json], role: Role) -> dict[str, Json]:
        """Return the parsed answer, as botocore has it: dates as datetime, streams and blobs as bytes.

        Args:
            service: botocore's name of the service, such as ``lambda`` or ``dynamodb``.
            operation: the operation's name in the service model, such as ``Invoke``.
            parameters: as boto3 takes them.
            role: as which the call is made.

        Raises:
            ServiceError: the service, or the role's policies (``AccessDenied...``), refuse it.
            NotAssumableError: the role can't be assumed.

        """
        ...

    async def connection(self, arn: str, method: str, url: str, role: Role) -> Connection:
        """Return what an EventBridge connection adds to an HTTP task's request.

        Args:
            arn: the connection's.
            method: the request's, which the role's policies may ask for, such as ``GET``.
            url: the endpoint, which they may ask for, too.
            role: as which the connection's secret is read.

        Raises:
            ServiceError: there is no such connection, or the role's policies refuse it.
            NotAssumableError: the role can't be assumed.

        """
        ...

    async def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """Send a request to any web server. Raises OSError: no answer."""
        ...


@dataclass(frozen=True, slots=True)
class Connection:
    """What an EventBridge connection adds to a request: its authorization, and its own parameters."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A web server's answer."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class Events(Protocol):
    """The default event bus."""

    def put(self, scope: Scope, detail_type: str, resources: Sequence[str], detail: Mapping[str, Json]) -> None:
        """Put an event whose source is ``aws.states``; it never fails."""
        ...


class Logs(Protocol):
    """CloudWatch Logs."""

    def write(self, scope: Scope, log_group_arn: str, stream: str, records: Sequence[tuple[int, str]]) -> None:
        """Write (milliseconds, text) records, in their order; a group that is missing loses them."""
        ...

    def has_group(self, log_group_arn: str) -> bool:
        """Return whether a log group exists. Its ARN ends with ``:*``."""
        ...


class Timer(Protocol):
    """A call that is to come."""

    def cancel(self) -> None:
        """Do not make the call."""
        ...


class Clock(Protocol):
    """Time as executions have it. It may run faster than the world's, or only when it is told to."""

    def now(self) -> float:
        """Return the time in seconds since 1970."""
        ...

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call back, on the event loop, when `now` is ``when`` or later."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds of this clock are over."""
        ...
