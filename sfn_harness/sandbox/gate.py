"""The gate in front of the sandbox: what a web page can send gets no further than a deployed API.

A browser sends what any page tells it to send, to this machine, too. The sandbox itself can run code here, so it takes
no request that a page of another origin has sent and tells no browser that a page may read an answer. It takes no
request for a foreign host name either: a page can make its own name point at this machine.

A deployed API, or a function's URL, is there to be called by pages. It decides about origins by itself, as on AWS.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

__all__ = ["HEALTH", "Gate", "header_values", "host_of", "is_maintenance", "send_answer"]

HEALTH = "/_ministack/health"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_MAINTENANCE = ("/_ministack", "/_localstack", "/_sfn_harness", "/_aws")
# AWS's names are AWS's to resolve: none of them leads a browser here unless this machine says so itself.
_HOST = re.compile(
    r"(127\.0\.0\.1|\[::1\]|([a-z0-9_-]+\.)*localhost|([a-z0-9_-]+\.)+(amazonaws\.com(\.cn)?|on\.aws))(:[0-9]+)?",
    re.IGNORECASE,
)


class Gate:
    """An ASGI application that lets through to `app` what may be let through.

    Args:
        app: the sandbox.
        secret: what maintenance endpoints ask for.
        is_deployed: whether a request, by its host and its path, is for a deployed API or a function's URL.

    """

    def __init__(self, app: App, *, secret: str, is_deployed: Callable[[str, str], bool]) -> None:
        self._app = app
        self._bearer = f"Bearer {secret}".encode()
        self._is_deployed = is_deployed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the server's lifespan."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        host = host_of(scope)
        deployed = self._is_deployed(host, scope["path"])
        refusal = _wrong_host(scope) or (None if deployed else self._refusal(scope, host))
        if refusal:
            await _refuse(scope, receive, send, refusal)
        else:
            await self._app(scope, receive, send if deployed else _without_cors(send))

    def _refusal(self, scope: Scope, host: str) -> str | None:
        """Return why the sandbox itself does not take this request; None if it does."""
        if scope["type"] == "websocket":
            return "Only deployed APIs take WebSocket connections."
        for origin in header_values(scope, b"origin"):
            if origin.lower() != f"{scope.get('scheme', 'http')}://{host}".lower():
                return "A web page may call deployed APIs only, and this request (with a foreign Origin) is for none."
        for site in header_values(scope, b"sec-fetch-site"):
            if site not in ("none", "same-origin"):
                return "A web page may call deployed APIs only, and this request (by its Sec-Fetch-Site) is for none."
        if is_maintenance(scope["path"]) and scope["path"] != HEALTH:
            given = header_values(scope, b"authorization")
            if len(given) != 1 or not hmac.compare_digest(given[0].encode(), self._bearer):
                return (
                    "This endpoint asks for the sandbox's secret: send the header 'Authorization: Bearer SECRET', "
                    "where SECRET is the AWS_SECRET_ACCESS_KEY that 'sfn-harness env' prints."
                )
        return None


def host_of(scope: Scope) -> str:
    """Return the Host header, "" where there is none or more than one."""
    values = header_values(scope, b"host")
    return values[0] if len(values) == 1 else ""


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a header, which is named in lower case."""
    return [value.decode("latin-1").strip() for each, value in scope["headers"] if each.lower() == name]


def is_maintenance(path: str) -> bool:
    """Whether an address is the emulator's own, and none of AWS's."""
    return path.startswith(tuple(f"{prefix}/" for prefix in _MAINTENANCE)) or path in _MAINTENANCE


async def send_answer(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Send a whole response."""
    named = {"content-length": str(len(body)), **{name.lower(): value for name, value in headers.items()}}
    listed = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})


def _wrong_host(scope: Scope) -> str | None:
    if _HOST.fullmatch(host_of(scope)):
        return None
    return "The sandbox answers to the host names 127.0.0.1, localhost, *.localhost and those of AWS only."


async def _refuse(scope: Scope, receive: Receive, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": reason})  # before the handshake: 403
        return
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    await send_answer(send, 403, headers, b"" if scope["method"] == "HEAD" else f"{reason}\n".encode())


def _without_cors(send: Send) -> Send:
    async def send_without_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [each for each in message["headers"] if not each[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return send_without_cors
