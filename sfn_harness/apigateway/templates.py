"""Which mapping template applies, and rendering it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sfn_harness.apigateway.request import GatewayFailure, GatewayRequest, Integration
from sfn_harness.apigateway.variables import InvalidJsonBody, template_variables
from sfn_harness.velocity import TemplateError, parse

__all__ = ["DEFAULT_CONTENT_TYPE", "media_type", "render", "request_template", "response_template"]

DEFAULT_CONTENT_TYPE = "application/json"
_OVERRIDES = ("requestOverride", "responseOverride")


@lru_cache(maxsize=1024)
def media_type(header: str | None) -> str:
    """Return a content type without parameters, in lower case; ``application/json`` when there is none."""
    return (header or "").split(";", 1)[0].strip().lower() or DEFAULT_CONTENT_TYPE


def _matching(templates: Mapping[str, str], wanted: str) -> str | None:
    exact = templates.get(wanted)
    if exact is not None:
        return exact
    return next((template for key, template in templates.items() if media_type(key) == wanted), None)


def request_template(integration: Integration, content_type: str | None) -> str | None:
    """Return the template for a request's content type, None when the body passes through unchanged.

    Raises GatewayFailure (UNSUPPORTED_MEDIA_TYPE) when ``passthroughBehavior`` forbids that. Source: "Integration
    passthrough behaviors", API Gateway developer guide.
    """
    template = _matching(integration.request_templates, media_type(content_type))
    if template is not None:
        return template
    if integration.passthrough == "WHEN_NO_MATCH":
        return None
    if integration.passthrough == "WHEN_NO_TEMPLATES" and not integration.request_templates:
        return None
    raise GatewayFailure("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")


def response_template(templates: Mapping[str, str], accept: str | None) -> tuple[str, str | None]:
    """(content type, template) of a response: the first type the caller accepts, else JSON, else the first template.

    The template is None when the backend's body passes through.
    """
    if not templates:
        return DEFAULT_CONTENT_TYPE, None
    for wanted in (accept or "").split(","):
        if wanted.strip():
            template = _matching(templates, media_type(wanted))
            if template is not None:
                return media_type(wanted), template
    default = _matching(templates, DEFAULT_CONTENT_TYPE)
    if default is not None:
        return DEFAULT_CONTENT_TYPE, default
    key, template = next(iter(templates.items()))
    return media_type(key), template


def render(
    template: str,
    body: str,
    request: GatewayRequest,
    *,
    of_request: bool,
    overrides: Mapping[str, Any] | None = None,
) -> tuple[str, dict[str, Any]]:
    """Render a template over a body: (text, the overrides afterwards: ``requestOverride`` and ``responseOverride``).

    ``overrides`` are those that the request's template made, for the response's.

    An empty body is ``{}`` to ``$input``. Raises GatewayFailure: BAD_REQUEST_BODY when a request template needs JSON
    and the caller's body is none, API_CONFIGURATION_ERROR for anything else that goes wrong.
    """
    variables = template_variables(
        body=body,
        path=dict(request.path_parameters),
        querystring=request.single_querystring(),
        header=dict(request.headers),
        context=request.context,
        stage_variables=dict(request.stage_variables),
        overrides=overrides,
    )
    try:
        text = parse(template).render(variables)
    except InvalidJsonBody as error:
        if of_request:
            message = str(error)
            prefix = "Could not parse request body into json"
            raise GatewayFailure(
                "BAD_REQUEST_BODY", message if message.startswith(prefix) else f"{prefix}: {message}"
            ) from error
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Unable to transform response: {error}") from error
    except (TemplateError, RecursionError) as error:
        side = "request" if of_request else "response"
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Unable to transform {side}: {error}") from error
    context = variables["context"]
    return text, {name: context[name] for name in _OVERRIDES if name in context}
