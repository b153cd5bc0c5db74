"""From what a backend answered to what the caller gets."""

from __future__ import annotations

import re
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


def map_response(integration: Integration, request: GatewayRequest, backend: BackendResponse) -> GatewayResponse:
    """Select, map parameters, render the template, apply overrides. Raises GatewayFailure."""
    chosen = select(integration, backend.selected_by)
    content_type, template = response_template(chosen.templates, request.headers.get("accept"))
    response = GatewayResponse(chosen.status, {"Content-Type": content_type}, backend.body)
    for name, value in map_response_headers(chosen.parameters, backend, request).items():
        set_header(response.headers, name, value)
    if template is not None:
        text, context = render(template, backend.text, request, of_request=False)
        response.body = text.encode("utf-8", errors="surrogatepass")
        _override(response, context.get("responseOverride"))
    return response
