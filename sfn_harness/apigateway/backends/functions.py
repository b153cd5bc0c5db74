"""Non-proxy Lambda integrations: the event is the rendered body, the answer is the function's result as JSON."""

from __future__ import annotations

import json
from typing import Any

from sfn_harness.apigateway.request import BackendResponse, GatewayFailure

__all__ = ["event_from", "response_from"]


def event_from(body: bytes) -> Any:
    """Return the function's event: the rendered body as JSON; an empty body is ``{}``.

    Raises GatewayFailure (BAD_REQUEST_BODY): Lambda refuses an event that is not JSON with
    InvalidRequestContentException, and the gateway answers 400.
    """
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except ValueError as error:
        raise GatewayFailure("BAD_REQUEST_BODY", f"Could not parse request body into json: {error}") from error


def response_from(result: Any, *, failed: bool) -> BackendResponse:
    """Return a function's result as a backend response.

    ``failed`` says that the function raised: patterns then match its ``errorMessage``; otherwise they match nothing
    and the default applies. Source: "Handle Lambda errors in API Gateway", API Gateway developer guide.
    """
    if isinstance(result, (bytes, bytearray)):
        body = bytes(result)
    elif result is None:
        body = b"null"
    else:
        body = json.dumps(result, ensure_ascii=False).encode()
    selector = ""
    if failed:
        document = result
        if isinstance(result, (bytes, bytearray)):
            try:
                document = json.loads(result)
            except ValueError:
                document = None
        selector = str(document.get("errorMessage") or "") if isinstance(document, dict) else ""
    return BackendResponse(200, body, selector=selector)
