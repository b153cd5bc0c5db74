"""HTTP APIs: parameter mapping, and the Step Functions actions that an integration subtype names.

Sources, all in the API Gateway developer guide: "Transform API requests and responses for HTTP APIs", "Create AWS
service integrations for HTTP APIs" and "Integration subtype reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sfn_harness.apigateway.parameters import body_value, context_value
from sfn_harness.apigateway.request import BackendResponse, GatewayRequest, GatewayResponse
from sfn_harness.apigateway.responses import set_header

__all__ = [
    "SUBTYPES",
    "MissingParameter",
    "Source",
    "Subtype",
    "map_response_parameters",
    "request_source",
    "resolve",
    "response_source",
]

# From an expression without its "$" to its value; None when there is none.
Source = Callable[[str], str | None]

_EXPRESSION = re.compile(r"(?:request|response|context|stageVariables)\.[^${}]+")
_INTERPOLATED = re.compile(r"\$\{((?:request|response|context|stageVariables)\.[^{}]+)\}")

# A path into a body sees no more of it than this.
_SEEN_OF_BODY = 100 * 1024

_RESERVED = re.compile(
    r"(?:access-control-|apigw-|x-amzn?-).*|authorization|connection|content-(?:encoding|length|location)|forwarded"
    r"|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|via"
    r"|x-forwarded-(?:for|host|proto)",
    re.IGNORECASE,
)


class MissingParameter(Exception):  # noqa: N818 - it is an answer to the caller, not a defect
    """A required parameter of a service integration has no value in this request; the argument is its name."""


@dataclass(frozen=True)
class Subtype:
    """A Step Functions action as an HTTP API calls it, and its parameters (besides Region)."""

    action: str
    required: frozenset[str]
    optional: frozenset[str]

    def fault(self, name: str, parameters: Mapping[str, str]) -> str | None:
        """Return what CreateIntegration refuses ``requestParameters`` with, None when they fit."""
        for parameter in parameters:
            if parameter not in self.required | self.optional | {"Region"}:
                return f"Parameter: {parameter} does not fit schema for Operation: {name}."
        missing = sorted(self.required - parameters.keys())
        return f"Missing required parameter for Operation: {name}: {', '.join(missing)}" if missing else None

    def payload(self, parameters: Mapping[str, str], source: Source) -> dict[str, str]:
        """Return the action's request: ``{"stateMachineArn": ..., "input": ...}``.

        An optional parameter without a value is left out. Raises MissingParameter.
        """
        payload = {}
        for parameter in sorted(self.required | self.optional):
            value = resolve(parameters.get(parameter, ""), source)
            if value:
                payload[parameter[0].lower() + parameter[1:]] = value
            elif parameter in self.required:
                raise MissingParameter(parameter)
        return payload


_START = frozenset({"Input", "Name"})

SUBTYPES: Mapping[str, Subtype] = {
    f"StepFunctions-{action}": Subtype(action, frozenset({target}), optional)
    for action, target, optional in (
        ("StartExecution", "StateMachineArn", _START),
        ("StartSyncExecution", "StateMachineArn", _START | {"TraceHeader"}),
        ("StopExecution", "ExecutionArn", frozenset({"Cause", "Error"})),
    )
}


def resolve(text: str, source: Source) -> str | None:
    """Return the value of a parameter: one expression's, None when it has none, or a text with ``${...}`` in it.

    In a text an expression without a value leaves nothing behind. Anything else is a constant.
    """
    if text.startswith("$") and _EXPRESSION.fullmatch(text, 1):
        return source(text[1:])
    whole = _INTERPOLATED.fullmatch(text)
    if whole:
        return source(whole[1])
    return _INTERPOLATED.sub(lambda match: source(match[1]) or "", text)


def _body_part(text: str, expression: str, prefix: str) -> str | None:
    if expression == prefix:
        return text
    # No recursive descent and no filters; a body that is cut off is no JSON.
    if not expression.startswith(f"{prefix}.") or ".." in expression or "?(" in expression or len(text) > _SEEN_OF_BODY:
        return None
    return body_value(text, expression, prefix)


def _common(expression: str, request: GatewayRequest) -> str | None:
    if expression.startswith("context."):
        return context_value(request.context, expression.removeprefix("context."))
    if expression.startswith("stageVariables."):
        return request.stage_variables.get(expression.removeprefix("stageVariables."))
    return None


def request_source(request: GatewayRequest, path: str) -> Source:
    """Return what expressions of ``requestParameters`` are about; ``path`` is without the stage."""

    def value(expression: str) -> str | None:
        if expression == "request.path":
            return path
        if expression.startswith("request.body"):
            return _body_part(request.text, expression, "request.body")
        where, _, name = expression.removeprefix("request.").partition(".")
        if where == "header":
            return request.headers.get(name.lower())
        if where == "querystring":
            values = request.querystring.get(name)
            return ",".join(values) if values else None
        if where == "path":
            return request.path_parameters.get(name)
        return _common(expression, request)

    return value


def response_source(response: BackendResponse, request: GatewayRequest) -> Source:
    """Return what expressions of ``responseParameters`` are about."""

    def value(expression: str) -> str | None:
        if expression.startswith("response.body"):
            return _body_part(response.text, expression, "response.body")
        if expression.startswith("response.header."):
            wanted = expression.removeprefix("response.header.").lower()
            return next((text for name, text in response.headers.items() if name.lower() == wanted), None)
        return _common(expression, request)

    return value


def map_response_parameters(
    parameters: Mapping[str, Mapping[str, str]], response: BackendResponse, source: Source
) -> GatewayResponse:
    """Apply ``responseParameters`` (status => {"<operation>:<where>": value}) to what the integration answered.

    Operations are ``append``, ``overwrite`` and ``remove`` of ``header.<name>``, and ``overwrite:statuscode``. Reserved
    headers stay as they are.
    """
    answer = GatewayResponse(response.status, dict(response.headers), response.body)
    mapping: Mapping[str, Any] = parameters.get(str(response.status)) or {}
    for destination, text in mapping.items():
        operation, _, where = destination.partition(":")
        value = resolve(str(text), source)
        name = where.removeprefix("header.")
        if where == "statuscode":
            if value and value.isdigit():
                answer.status = int(value)
        elif not where.startswith("header.") or _RESERVED.fullmatch(name):
            continue
        elif operation == "remove":
            answer.headers = {key: old for key, old in answer.headers.items() if key.lower() != name.lower()}
        elif value is not None:
            old = next((old for key, old in answer.headers.items() if key.lower() == name.lower()), None)
            set_header(answer.headers, name, f"{old},{value}" if operation == "append" and old is not None else value)
    return answer
