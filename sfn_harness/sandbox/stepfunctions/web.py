"""Web servers as tasks reach them: deployed APIs of the sandbox in process, all others over the network."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import responses
from urllib.parse import parse_qs, unquote, urlsplit

from ministack import app

from sfn_harness.stepfunctions.ports import HttpAnswer

__all__ = ["USES", "send"]

_SOCKET_TIMEOUT_SECONDS = 60


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is the server's answer."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _exchange(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
    message = urllib.request.Request(url, data=body, method=method, headers=dict(headers))  # noqa: S310 - checked
    try:
        with _OPENER.open(message, timeout=_SOCKET_TIMEOUT_SECONDS) as answer:
            return HttpAnswer(answer.status, answer.reason, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return HttpAnswer(answer.code, answer.reason, dict(answer.headers), answer.read())


async def _deployed(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer | None:
    """Return the answer of an API of the sandbox; None when the address is none of those."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    # MiniStack knows APIs by its own host name; AWS's is <id>.execute-api.<region>.amazonaws.com.
    api_id, found, _ = parts.netloc.partition(".execute-api.")
    host = f"{api_id}.execute-api.localhost" if found else parts.netloc
    if app._parse_execute_api_url(host, path) is None:
        return None
    sent = {name.lower(): value for name, value in headers.items()} | {"host": host}
    query = parse_qs(parts.query, keep_blank_values=True)
    status, answered, content = await app._handle_execute_api_request(
        host, path, method, sent, body or b"", query, raw_path=parts.path, raw_query_string=parts.query
    )
    content = content.encode() if isinstance(content, str) else bytes(content or b"")
    return HttpAnswer(status, responses.get(status, ""), {str(k): str(v) for k, v in answered.items()}, content)


async def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
    """Send a request. Raises OSError: there is no answer."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise OSError(f"Invalid endpoint address: {url}")
    answer = await _deployed(method, url, headers, body)
    return answer if answer is not None else await asyncio.to_thread(_exchange, method, url, headers, body)


USES = {"ministack.app": ("_handle_execute_api_request", "_parse_execute_api_url")}
