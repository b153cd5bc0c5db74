"""A non-proxy integration from end to end: map the request, call the backend, map its response."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from sfn_harness.apigateway.parameters import set_request_parameters, text_of
from sfn_harness.apigateway.request import (
    BackendRequest,
    BackendResponse,
    GatewayFailure,
    GatewayRequest,
    GatewayResponse,
    Integration,
)
from sfn_harness.apigateway.responses import map_response
from sfn_harness.apigateway.templates import media_type, render, request_template

__all__ = ["Backend", "map_request", "run", "with_stage_variables", "within"]

_T = TypeVar("_T")
# A backend that has nothing to wait for answers at once, which saves a turn of the event loop.
Backend = Callable[[BackendRequest], BackendResponse | Awaitable[BackendResponse]]

# Recorded on AWS, 2024-12-11 (localstack, test_apigateway_header_remapping_aws): a call that maps one of these fails.
_UNMAPPABLE = frozenset({"content-length", "transfer-encoding"})
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")


def with_stage_variables(text: str, variables: Mapping[str, str]) -> str:
    """Put a stage's variables into a URI or into the ARN of credentials: ``${stageVariables.<name>}``.

    Source: "API Gateway stage variables reference for REST APIs", API Gateway guide.
    """
    if "${" not in text:
        return text
    return _STAGE_VARIABLE.sub(lambda match: variables.get(match[1], ""), text)


def _override(overrides: Any, headers: dict[str, str], querystring: dict[str, list[str]], path: dict[str, str]) -> None:
    """Apply ``$context.requestOverride``: ``{"header": {}, "querystring": {}, "path": {}}``; it wins over mappings."""
    if not isinstance(overrides, dict):
        return
    for name, value in (overrides.get("header") or {}).items():
        headers[str(name).lower()] = text_of(value) or ""
    for name, value in (overrides.get("querystring") or {}).items():
        querystring[str(name)] = [text_of(value) or ""]
    for name, value in (overrides.get("path") or {}).items():
        path[str(name)] = text_of(value) or ""


def map_request(integration: Integration, request: GatewayRequest) -> BackendRequest:
    """Parameter mapping, template, overrides, path and stage variables in the URI. Raises GatewayFailure."""
    headers, querystring, path = set_request_parameters(integration.request_parameters, request)
    content_type = request.headers.get("content-type")
    template = request_template(integration, content_type)
    headers.setdefault("content-type", media_type(content_type))
    body, overrides = request.body, None
    if template is not None:
        text, overrides = render(template, request.text, request, of_request=True)
        body = text.encode("utf-8", errors="surrogatepass")
        _override(overrides.get("requestOverride"), headers, querystring, path)
    if not _UNMAPPABLE.isdisjoint(headers):
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail="Content-Length and Transfer-Encoding can't be mapped")
    uri = with_stage_variables(integration.uri, request.stage_variables)
    for name, value in path.items():
        uri = uri.replace("{" + name + "}", quote(value, safe=""))
    credentials = with_stage_variables(integration.credentials or "", request.stage_variables) or None
    return BackendRequest(uri, integration.http_method, headers, querystring, body, credentials, overrides)


async def within(seconds: float, work: Awaitable[_T]) -> _T:
    """Await ``work`` for so long. Raises GatewayFailure (INTEGRATION_TIMEOUT) after that.

    The work is left running, as on AWS: a synchronous execution goes on when the gateway has given up waiting.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody is left to hear of it
        raise GatewayFailure("INTEGRATION_TIMEOUT", "Endpoint request timed out")
    return task.result()


async def run(integration: Integration, request: GatewayRequest, backend: Backend) -> GatewayResponse:
    """Run the whole pipeline. Raises GatewayFailure for every error that API Gateway answers itself."""
    mapped = map_request(integration, request)
    answer = backend(mapped)
    if not isinstance(answer, BackendResponse):
        answer = await within(integration.timeout, answer)
    return map_response(integration, request, answer, mapped.overrides)
