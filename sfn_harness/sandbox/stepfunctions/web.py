"""Web servers as tasks reach them: deployed APIs of the sandbox in process, all others over the network."""

from __future__ import annotations

import asyncio
import base64
import os
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from email.utils import formatdate
from http.client import responses
from urllib.parse import parse_qs, unquote, urlsplit

from ministack import app
from ministack.services import apigateway_v1

from sfn_harness.stepfunctions.ports import HttpAnswer

__all__ = ["USES", "send"]

_SOCKET_TIMEOUT_SECONDS = 60
_HIDDEN = frozenset(("access-control-allow-headers", "access-control-allow-methods", "access-control-expose-headers"))


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


def _local(netloc: str, path: str) -> tuple[str, str] | None:
    """Return the host and the path by which MiniStack knows a deployed API; None: the address is none of an API here.

    AWS's host names are ``<id>.execute-api.<region>.amazonaws.com``. Beside those and MiniStack's own addresses,
    ``<sandbox>/restapis/<id>/<stage>/<path>`` is one, which some local clients use.
    """
    api_id, found, _ = netloc.partition(".execute-api.")
    if found:
        netloc = f"{api_id}.execute-api.localhost"
    elif path.startswith("/restapis/"):
        path = "/_aws/execute-api" + path.removeprefix("/restapis").replace("/_user_request_", "", 1)
    return (netloc, path) if app._parse_execute_api_url(netloc, path) is not None else None


def _as_served(status: int, sent: Mapping[str, str], length: int, *, edge: bool) -> dict[str, str]:
    """Return the headers of an API's answer as its caller on AWS sees them; an edge API is behind CloudFront.

    Recorded on AWS: localstack/localstack tests v4.14.0, stepfunctions/v2/services/test_apigetway_task_service,
    2025-11-06.
    """
    given = {name.lower(): str(value) for name, value in sent.items()}
    request_id = given.get("x-amzn-requestid") or str(uuid.uuid4())
    found = {
        "Connection": "keep-alive",
        "Content-Length": str(length),
        "Content-Type": given.get("content-type", "application/json"),
        "Date": formatdate(usegmt=True),
        "x-amz-apigw-id": given.get("x-amz-apigw-id") or base64.b64encode(os.urandom(11)).decode(),
        "x-amzn-RequestId": request_id,
        "X-Amzn-Trace-Id": given.get("x-amzn-trace-id") or f"Root=1-{request_id[:8]}-{request_id.replace('-', '')[8:]}",
    }
    if edge:
        digits = base64.urlsafe_b64encode(os.urandom(40)).decode()
        found |= {
            "Via": f"1.1 {request_id.replace('-', '')}.cloudfront.net (CloudFront)",
            "X-Amz-Cf-Id": digits,
            "X-Amz-Cf-Pop": "FRA56-P5",
            "X-Cache": "Miss from cloudfront" if status < 400 else "Error from cloudfront",
        }
    known = {name.lower() for name in found}
    own = {name: str(value) for name, value in sent.items() if name.lower() not in known | _HIDDEN}
    return found | own


async def _deployed(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer | None:
    """Return the answer of an API of the sandbox; None when the address is none of those."""
    parts = urlsplit(url)
    local = _local(parts.netloc, unquote(parts.path))
    if local is None:
        return None
    host, path = local
    sent = {name.lower(): value for name, value in headers.items()} | {"host": host}
    query = parse_qs(parts.query, keep_blank_values=True)
    status, answered, content = await app._handle_execute_api_request(
        host, path, method, sent, body or b"", query, raw_path=path, raw_query_string=parts.query
    )
    content = content.encode() if isinstance(content, str) else bytes(content or b"")
    api_id = app._parse_execute_api_url(host, path)[0]
    seen = _as_served(status, answered, len(content), edge=_is_edge(api_id))
    return HttpAnswer(status, responses.get(status, ""), seen, content)


def _is_edge(api_id: str) -> bool:
    api = apigateway_v1._rest_apis.get(api_id) or {}
    return "EDGE" in (api.get("endpointConfiguration") or {}).get("types", ["EDGE"]) if api else False


async def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
    """Send a request. Raises OSError: there is no answer."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise OSError(f"Invalid endpoint address: {url}")
    answer = await _deployed(method, url, headers, body)
    return answer if answer is not None else await asyncio.to_thread(_exchange, method, url, headers, body)


USES = {
    "ministack.app": ("_handle_execute_api_request", "_parse_execute_api_url"),
    "ministack.services.apigateway_v1": ("_rest_apis",),
}
