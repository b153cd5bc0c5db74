"""``x-amazon-apigateway-integration``: the integration of a method, and its responses.

Source: "x-amazon-apigateway-integration object", API Gateway developer guide. The words of the errors are the ones that
PutIntegration answers.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from sfn_harness.apigateway.openapi.document import Document, mapping, sequence

__all__ = ["integration_of", "integration_responses_of", "refusal_of"]

_TYPES = ("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")
_PASSTHROUGH = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
_CONTENT_HANDLING = ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
_TEXTS = ("cacheNamespace", "connectionId", "connectionType", "credentials", "uri")
_COPIED = ("timeoutInMillis", "tlsConfig")
# As in an account whose quota "Maximum integration timeout in milliseconds" (29,000 by default) was raised as far as it
# goes, which REGIONAL and private APIs allow since June 2024.
# Source: hashicorp/terraform-provider-aws#37859 and #38010, read 2026-11-24.
_TIMEOUT = range(50, 300_001)
_SERVICE_ARN = re.compile(r"arn:[^:]+:apigateway:[^:]*:[^:]+:(?:path|action)/.*", re.DOTALL)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(value: Any) -> dict[str, str]:
    return {name: _text(item) for name, item in mapping(value).items()}


def integration_of(document: Document, node: Any) -> dict[str, Any] | None:
    """Return PutIntegration's members from an extension's value, None when there is none."""
    extension = document.resolve(node)
    if not isinstance(extension, dict):
        return None
    integration: dict[str, Any] = {
        "type": str(extension.get("type") or "").upper(),
        "httpMethod": extension["httpMethod"].upper() if isinstance(extension.get("httpMethod"), str) else None,
        "requestParameters": _texts(extension.get("requestParameters")),
        "requestTemplates": _texts(extension.get("requestTemplates")),
        "cacheKeyParameters": [str(item) for item in sequence(extension.get("cacheKeyParameters"))],
        **{key: _text(extension[key]) for key in _TEXTS if extension.get(key) is not None},
        **{key: extension[key] for key in _COPIED if extension.get(key) is not None},
    }
    # Documents write these two in either case.
    for key in ("passthroughBehavior", "contentHandling"):
        if extension.get(key):
            integration[key] = str(extension[key]).upper()
    return integration


def refusal_of(integration: dict[str, Any]) -> str | None:
    """Say what API Gateway would refuse in an integration by itself, None for a good one."""
    kind, uri = integration["type"], str(integration.get("uri") or "")
    if kind not in _TYPES:
        return "Enumeration value for integration type must be non-empty" if not kind else "Invalid integration type"
    if integration.get("passthroughBehavior", "NEVER") not in _PASSTHROUGH:
        return "Invalid passthrough behavior specified"
    if integration.get("contentHandling", _CONTENT_HANDLING[0]) not in _CONTENT_HANDLING:
        return "Invalid content handling specified"
    timeout = integration.get("timeoutInMillis")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int) or timeout not in _TIMEOUT):
        return f"Timeout should be between 50 ms and {_TIMEOUT[-1]} ms"
    if kind == "MOCK":
        return None
    if not integration["httpMethod"]:
        return "Enumeration value for HttpMethod must be non-empty"
    if kind.startswith("HTTP"):
        # A stage variable may be any part of the address.
        valid = "${" in uri or (urlsplit(uri).scheme in ("http", "https") and urlsplit(uri).netloc)
        return None if valid or integration.get("connectionId") else "Invalid HTTP endpoint specified for URI"
    if not uri.startswith("arn:"):
        return "Invalid ARN specified in the request"
    return None if _SERVICE_ARN.fullmatch(uri) else "AWS ARN for integration must contain path or action"


def integration_responses_of(document: Document, node: Any) -> dict[str, dict[str, Any]]:
    """Return PutIntegrationResponse's members by status; the pattern is the key, ``default`` has none.

    API Gateway keeps one response for each status: of two patterns with the same status the later one stays.
    """
    extension = mapping(document.resolve(node))
    responses: dict[str, dict[str, Any]] = {}
    for pattern, node_of_response in mapping(extension.get("responses")).items():
        entry = mapping(document.resolve(node_of_response))
        status = str(entry.get("statusCode") or "")
        responses[status] = {
            "responseParameters": _texts(entry.get("responseParameters")),
            "responseTemplates": _texts(entry.get("responseTemplates")),
        }
        if pattern != "default":
            responses[status]["selectionPattern"] = pattern
        if entry.get("contentHandling"):
            responses[status]["contentHandling"] = str(entry["contentHandling"]).upper()
    return responses
