"""Request and response parameter mapping: the expressions of ``requestParameters`` and ``responseParameters``.

Source: "Parameter mapping examples for REST APIs in API Gateway", API Gateway developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfn_harness.apigateway.jsonpath import JsonPathError, evaluate
from sfn_harness.apigateway.request import BackendResponse, GatewayRequest

__all__ = [
    "body_value",
    "context_value",
    "literal",
    "map_response_headers",
    "request_value",
    "response_value",
    "set_request_parameters",
    "text_of",
]

_MULTIVALUE = {
    "multivaluequerystring": "querystring",
    "multivalueheader": "header",
}


def literal(expression: str) -> str | None:
    """Return the text of a quoted literal (``'x'``), or None when the expression is not one."""
    if len(expression) >= 2 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    return None


def text_of(value: Any) -> str | None:
    """Return a mapped value as a header carries it: text as it is, anything else as JSON, None for None."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def context_value(context: Mapping[str, Any], path: str) -> str | None:
    """``context.<path>``: a value of ``$context`` by its dotted path, None when absent."""
    value: Any = context
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return text_of(value)


def _common(expression: str, context: Mapping[str, Any], stage_variables: Mapping[str, str]) -> str | None:
    quoted = literal(expression)
    if quoted is not None:
        return quoted
    if expression.startswith("context."):
        return context_value(context, expression.removeprefix("context."))
    if expression.startswith("stageVariables."):
        return stage_variables.get(expression.removeprefix("stageVariables."))
    return None


def body_value(text: str, expression: str, prefix: str) -> str | None:
    """``<prefix>`` is the whole body, ``<prefix>.<JSONPath>`` a part of it; None when the body is not JSON."""
    if expression == prefix:
        return text
    path = expression.removeprefix(prefix).removeprefix(".")
    try:
        return text_of(evaluate(path if path.startswith("$") else f"$.{path}", json.loads(text)))
    except (ValueError, JsonPathError):
        return None


def request_value(expression: str, request: GatewayRequest) -> str | None:
    """Return the value of a request mapping expression, None when its source is absent (nothing is sent then)."""
    if expression.startswith("method.request."):
        source, _, name = expression.removeprefix("method.request.").partition(".")
        source = _MULTIVALUE.get(source, source)
        if source == "header":
            return request.headers.get(name.lower())
        if source == "querystring":
            values = request.querystring.get(name)
            return values[-1] if values else None
        if source == "path":
            return request.path_parameters.get(name)
        if source.startswith("body"):
            return body_value(request.text, expression, "method.request.body")
        return None
    return _common(expression, request.context, request.stage_variables)


def _all_values(expression: str, request: GatewayRequest) -> list[str]:
    """Like ``request_value``, with every value of a multi-value query parameter."""
    prefix = "method.request.multivaluequerystring."
    if expression.startswith(prefix):
        return list(request.querystring.get(expression.removeprefix(prefix), ()))
    value = request_value(expression, request)
    return [] if value is None else [value]


def set_request_parameters(
    mapping: Mapping[str, str], request: GatewayRequest
) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
    """Apply ``requestParameters``: (headers by lower-case name, query parameters, path parameters)."""
    headers: dict[str, str] = {}
    querystring: dict[str, list[str]] = {}
    path: dict[str, str] = {}
    for destination, expression in mapping.items():
        where, _, name = destination.removeprefix("integration.request.").partition(".")
        values = _all_values(expression, request)
        if not values:
            continue
        if where in ("header", "multivalueheader"):
            headers[name.lower()] = values[-1]
        elif where in ("querystring", "multivaluequerystring"):
            querystring[name] = values
        elif where == "path":
            path[name] = values[-1]
    return headers, querystring, path


def response_value(expression: str, response: BackendResponse, request: GatewayRequest) -> str | None:
    """Return the value of a response mapping expression, None when its source is absent (no header then)."""
    if expression.startswith("integration.response."):
        source, _, name = expression.removeprefix("integration.response.").partition(".")
        if source in ("header", "multivalueheader"):
            wanted = name.lower()
            return next((value for key, value in response.headers.items() if key.lower() == wanted), None)
        if source.startswith("body"):
            return body_value(response.text, expression, "integration.response.body")
        return None
    return _common(expression, request.context, request.stage_variables)


def map_response_headers(
    mapping: Mapping[str, str], response: BackendResponse, request: GatewayRequest
) -> dict[str, str]:
    """Apply ``responseParameters``: the method response's headers, named as the mapping spells them."""
    headers: dict[str, str] = {}
    for destination, expression in mapping.items():
        value = response_value(expression, response, request)
        if value is not None and destination.startswith("method.response.header."):
            headers[destination.removeprefix("method.response.header.")] = value
    return headers
