"""From what a backend answered to what the caller gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sfn_harness.apigateway.parameters import map_response_headers, text_of
from sfn_harness.apigateway.request import (
    BackendResponse,
    GatewayFailure,
    GatewayRequest,
    GatewayResponse,
    Integration,
    IntegrationResponse,
)
from sfn_harness.apigateway.templates import render, response_template

__all__ = ["map_response", "select", "set_header"]

# Recorded on AWS, 2024-12-11 (localstack, test_apigateway_header_remapping_aws and _http).
_REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)
_DROPPED = frozenset({"transfer-encoding"})


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        # Java's Pattern, which AWS uses, has no inline DOTALL: a dot stops at a line end, as in Python.
        return re.compile(text)
    except re.error:
        return None


def select(integration: Integration, selector: str) -> IntegrationResponse:
    """Return the integration response whose whole pattern matches, else the default one (no pattern).

    An empty selector (a Lambda function that did not fail) selects the default. Raises GatewayFailure
    (API_CONFIGURATION_ERROR) when there is neither, or when the method response lacks the status.
    """
    chosen: IntegrationResponse | None = None
    for candidate in integration.responses:
        if candidate.selection_pattern:
            pattern = _pattern(candidate.selection_pattern)
            if selector and pattern is not None and pattern.fullmatch(selector):
                chosen = candidate
                break
        elif chosen is None:
            chosen = candidate
    if chosen is None:
        raise GatewayFailure(
            "API_CONFIGURATION_ERROR", detail="No match for output mapping and no default output mapping configured"
        )
    if str(chosen.status) not in integration.method_statuses:
        raise GatewayFailure(
            "API_CONFIGURATION_ERROR", detail=f"Output mapping refers to an invalid method response: {chosen.status}"
        )
    return chosen


def set_header(headers: dict[str, str], name: str, value: str) -> None:
    """Set a header whatever the case it was set in before."""
    wanted = name.lower()
    for existing in [key for key in headers if key.lower() == wanted]:
        del headers[existing]
    headers[name] = value


def _override(response: GatewayResponse, overrides: Any) -> None:
    """Apply ``$context.responseOverride``: ``{"header": {name: value}, "status": int}``, both optional."""
    if not isinstance(overrides, dict):
        return
    for name, value in (overrides.get("header") or {}).items():
        text = text_of(value)
        if text is not None:
            set_header(response.headers, str(name), text)
    status = overrides.get("status")
    if status not in (None, ""):
        try:
            response.status = int(status)
        except (TypeError, ValueError) as error:
            raise GatewayFailure(
                "API_CONFIGURATION_ERROR", detail=f"The status override {status!r} is not a number"
            ) from error


def _remapped(headers: dict[str, str]) -> dict[str, str]:
    """Rename the headers that an integration may not set: those of the connection and of API Gateway's own answer."""
    return {
        f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name: value
        for name, value in headers.items()
        if name.lower() not in _DROPPED
    }


def map_response(
    integration: Integration,
    request: GatewayRequest,
    backend: BackendResponse,
    overrides: Mapping[str, Any] | None = None,
) -> GatewayResponse:
    """Select, map parameters, render the template, apply overrides. Raises GatewayFailure.

    ``overrides`` are those of the request's template, which hold for the response, too. Recorded on AWS, 2025-05-16
    (localstack, test_integration_mock_with_response_override_in_request_template).
    """
    chosen = select(integration, backend.selected_by)
    content_type, template = response_template(chosen.templates, request.headers.get("accept"))
    response = GatewayResponse(chosen.status, {"Content-Type": content_type}, backend.body)
    for name, value in map_response_headers(chosen.parameters, backend, request).items():
        set_header(response.headers, name, value)
    if template is not None:
        text, overrides = render(template, backend.text, request, of_request=False, overrides=overrides)
        response.body = text.encode("utf-8", errors="surrogatepass")
    _override(response, (overrides or {}).get("responseOverride"))
    response.headers = _remapped(response.headers)
    return response
