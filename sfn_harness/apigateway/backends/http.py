"""HTTP (non-proxy) integrations."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from sfn_harness.apigateway.request import BackendRequest, BackendResponse, GatewayFailure

__all__ = ["call"]

# The gateway's own limit ends the wait long before; this only keeps a dead connection from living forever.
_SOCKET_TIMEOUT_SECONDS = 60


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is the backend's answer: API Gateway maps it and does not follow it."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _url(request: BackendRequest) -> str:
    query = urlencode([(name, value) for name, values in request.querystring.items() for value in values])
    if not query:
        return request.uri
    return f"{request.uri}{'&' if '?' in request.uri else '?'}{query}"


def _exchange(request: BackendRequest) -> BackendResponse:
    url = _url(request)
    if urlsplit(url).scheme not in ("http", "https"):
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Invalid endpoint address: {url}")
    method = request.http_method.upper()
    # API Gateway sends no body with these methods.
    body = None if method in ("GET", "HEAD", "DELETE", "OPTIONS") and not request.body else request.body
    message = urllib.request.Request(url, data=body, method=method, headers=request.headers)  # noqa: S310  (checked)
    try:
        with _OPENER.open(message, timeout=_SOCKET_TIMEOUT_SECONDS) as answer:
            return BackendResponse(answer.status, answer.read(), dict(answer.headers))
    except urllib.error.HTTPError as answer:
        with answer:
            return BackendResponse(answer.code, answer.read(), dict(answer.headers))
    except TimeoutError as error:
        raise GatewayFailure("INTEGRATION_TIMEOUT", "Endpoint request timed out", detail=str(error)) from error
    except OSError as error:
        raise GatewayFailure(
            "INTEGRATION_FAILURE", "Network error communicating with endpoint", detail=str(error)
        ) from error


async def call(request: BackendRequest) -> BackendResponse:
    """Send the request, whatever status comes back.

    Raises GatewayFailure: INTEGRATION_FAILURE when the backend cannot be reached, INTEGRATION_TIMEOUT when it is
    silent, API_CONFIGURATION_ERROR when the URI is not one.
    """
    return await asyncio.to_thread(_exchange, request)
