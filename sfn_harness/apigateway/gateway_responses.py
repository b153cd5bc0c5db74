"""Gateway responses: how API Gateway words the errors that it makes itself.

Source: "Gateway responses for REST APIs in API Gateway", API Gateway developer guide. Their templates are not Velocity:
only references to ``$context``, ``$stageVariables`` and the method request's parameters are replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sfn_harness.apigateway.parameters import context_value, request_value
from sfn_harness.apigateway.request import GatewayFailure, GatewayRequest, GatewayResponse
from sfn_harness.apigateway.responses import set_header

__all__ = ["DEFAULT_TEMPLATE", "error_context", "render_gateway_response"]

DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'

_PATH = r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*"
_REFERENCE = re.compile(
    rf"\$(?:\{{((?:context|stageVariables|method\.request)\.{_PATH})\}}"
    rf"|((?:context|stageVariables|method\.request)\.{_PATH}))"
)
# Recorded on AWS: the string of these types has a space before it.
_SPACED = frozenset(
    {
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_5XX",
    }
)


def error_context(failure: GatewayFailure) -> dict[str, Any]:
    """``$context.error``: message, messageString (quoted), responseType, validationErrorString."""
    quoted = "null" if failure.message is None else json.dumps(failure.message, ensure_ascii=False)
    response_type = failure.response_type
    return {
        "message": failure.message or "",
        "messageString": f" {quoted}" if response_type in _SPACED else quoted,
        # Recorded on AWS: an authorizer's configuration error names itself as the API's.
        "responseType": (
            "API_CONFIGURATION_ERROR" if response_type == "AUTHORIZER_CONFIGURATION_ERROR" else response_type
        ),
        "validationErrorString": failure.validation or "",
    }


def _value(reference: str, request: GatewayRequest) -> str | None:
    if reference.startswith("context."):
        return context_value(request.context, reference.removeprefix("context."))
    return request_value(reference, request)


def _substitute(template: str, request: GatewayRequest) -> str:
    return _REFERENCE.sub(lambda match: _value(match[1] or match[2], request) or "", template)


def render_gateway_response(
    failure: GatewayFailure,
    request: GatewayRequest,
    *,
    status: int,
    parameters: Mapping[str, str],
    templates: Mapping[str, str],
) -> GatewayResponse:
    """Render the gateway response in effect for ``failure``: its status, ``responseParameters`` and template.

    The JSON template is used whatever the caller accepts; a response with templates for other types only uses its
    first. ``request.context`` is taken as it is, with ``error`` added.
    """
    visible = GatewayRequest(
        method=request.method,
        body=request.body,
        headers=request.headers,
        querystring=request.querystring,
        path_parameters=request.path_parameters,
        context={**request.context, "error": error_context(failure)},
        stage_variables=request.stage_variables,
    )
    content_type, template = "application/json", templates.get("application/json")
    if template is None and templates:
        content_type, template = next(iter(templates.items()))
    body = _substitute(DEFAULT_TEMPLATE if template is None else template, visible)
    response = GatewayResponse(failure.status or status, {"Content-Type": content_type}, body.encode())
    for destination, expression in parameters.items():
        value = request_value(expression, visible)
        if value is not None and destination.startswith("gatewayresponse.header."):
            set_header(response.headers, destination.removeprefix("gatewayresponse.header."), value)
    return response
