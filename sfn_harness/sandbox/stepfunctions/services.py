"""The services of the sandbox, called in process as a role."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack import app
from ministack.core.responses import StreamingResponse, request_scope
from ministack.core.router import detect_service
from ministack.services import eventbridge

from sfn_harness.sandbox.stepfunctions import permissions
from sfn_harness.sandbox.stepfunctions.protocol import Request, client, parsed, serialized
from sfn_harness.stepfunctions.errors import ServiceError
from sfn_harness.stepfunctions.ports import Connection, HttpAnswer, Role

__all__ = ["USES", "SandboxServices"]

Json = Any
Response = tuple[int, dict[str, Any], Any]
StatesCall = Callable[[str, Mapping[str, Json], str, str], Awaitable[dict[str, Json]]]
Http = Callable[[str, str, Mapping[str, str], bytes | None], Awaitable[HttpAnswer]]


async def _whole(body: Any) -> bytes:
    """Return a body that MiniStack would send piece by piece."""
    if not isinstance(body, StreamingResponse):
        return body.encode() if isinstance(body, str) else bytes(body or b"")
    parts: list[bytes] = []

    async def send(message: Mapping[str, Any]) -> None:
        parts.append(message.get("body", b""))

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    await body.runner(send, receive)
    return b"".join(parts)


class SandboxServices:
    """Implements `sfn_harness.stepfunctions.ports.Services`.

    Args:
        states: calls Step Functions itself: operation, request, account, region.
        http: sends requests to web servers.

    """

    def __init__(self, states: StatesCall, http: Http) -> None:
        self._states, self._http = states, http
        self._running: set[asyncio.Future[Response]] = set()

    async def call(self, service: str, operation: str, parameters: Mapping[str, Json], role: Role) -> dict[str, Json]:
        """Call a service as a role. Raises ServiceError, NotAssumableError."""
        session = permissions.session_of(role)
        account, region = session.account, role.scope.region
        if service == "sqs" and not str(parameters.get("QueueUrl", "http://")).startswith(("http://", "https://")):
            # Recorded on AWS, 2023-06-22 (localstack tests v4.14.0, v2/error_handling/test_task_service_sqs).
            host = str(parameters["QueueUrl"])
            raise ServiceError(
                "SdkClientException", f"Unable to execute HTTP request: {host}: Name or service not known"
            )
        request = serialized(service, operation, parameters, account, region)
        with request_scope(account, region):
            found = "states" if service == "stepfunctions" else self._served_by(request)
            wanted = permissions.demands(found, operation, parameters, request, account, region)
            permissions.ask(session, wanted, found, client(service).protocol)
            if service == "stepfunctions":
                return await self._states(operation, parameters, account, region)
            status, headers, body = await self._answer(found, request)
        return parsed(service, operation, status, headers, await _whole(body))

    def _served_by(self, request: Request) -> str:
        query = app._routing_params(request.method, request.path, request.headers, request.body, request.query)
        found = detect_service(request.method, request.path, request.headers, query)
        if found not in app.SERVICE_HANDLERS:
            raise ServiceError("UnknownService", f"The sandbox has no service for {request.headers['host']}", 404)
        return found

    async def _answer(self, service: str, request: Request) -> Response:
        answer = app.SERVICE_HANDLERS[service](
            request.method, request.path, request.headers, request.body, request.query
        )
        if service != "lambda":
            return await answer
        # A function can't be interrupted, and MiniStack's part of it waits for its end: the task that is cancelled
        # does not.
        running = asyncio.ensure_future(answer)
        self._running.add(running)
        running.add_done_callback(self._forget)
        return await asyncio.shield(running)

    def _forget(self, running: asyncio.Future[Response]) -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # nobody may be left to see it

    async def connection(self, arn: str, method: str, url: str, role: Role) -> Connection:
        """Return what an EventBridge connection adds. Raises ServiceError, NotAssumableError."""
        session = permissions.session_of(role)
        permissions.ask_for_endpoint(session, role.source_arn, method, url)
        name = arn.partition(":connection/")[2].partition("/")[0]
        secret = f"arn:aws:secretsmanager:{role.scope.region}:{session.account}:secret:events!connection/{name}/secret"
        wanted = [
            ("events:RetrieveConnectionCredentials", arn),
            ("secretsmanager:GetSecretValue", secret),
            ("secretsmanager:DescribeSecret", secret),
        ]
        permissions.ask(session, wanted, "events", "json")
        with request_scope(session.account, role.scope.region):
            found = eventbridge._connections.get(name)
            if found is None:
                raise ServiceError("ResourceNotFoundException", f"Connection {name} does not exist.", 400)
            key = session.account, role.scope.region, name
            headers = await asyncio.to_thread(eventbridge._connection_auth_headers, found, key)
        own = (found.get("AuthParameters") or {}).get("InvocationHttpParameters") or {}
        names = ("HeaderParameters", "QueryStringParameters", "BodyParameters")
        added, query, body = (eventbridge._connection_params_map(own.get(part)) for part in names)
        return Connection({**added, **headers}, query, body)

    async def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """Send a request to a web server. Raises OSError."""
        return await self._http(method, url, headers, body)


USES = {
    "ministack.app": ("SERVICE_HANDLERS", "_routing_params"),
    "ministack.core.responses": ("StreamingResponse", "request_scope"),
    "ministack.core.router": ("detect_service",),
    "ministack.services.eventbridge": ("_connection_auth_headers", "_connection_params_map", "_connections"),
}
