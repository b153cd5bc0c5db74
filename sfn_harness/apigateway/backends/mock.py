"""MOCK integrations: the rendered request says which status to answer."""

from __future__ import annotations

import json

from sfn_harness.apigateway.request import BackendRequest, BackendResponse, GatewayFailure

__all__ = ["answer"]


def answer(request: BackendRequest) -> BackendResponse:
    """Return the status from ``{"statusCode": <int>}``, with an empty body.

    Raises GatewayFailure (API_CONFIGURATION_ERROR) when there is none. Source: "Mock integrations in API Gateway",
    API Gateway developer guide; its execution log says "Unable to parse statusCode".
    """
    try:
        status = int(json.loads(request.body)["statusCode"])
    except (ValueError, TypeError, KeyError) as error:
        raise GatewayFailure(
            "API_CONFIGURATION_ERROR",
            detail="Unable to parse statusCode. It should be an integer that is defined in the request template.",
        ) from error
    return BackendResponse(status, b"")
