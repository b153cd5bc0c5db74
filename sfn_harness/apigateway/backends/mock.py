"""MOCK integrations: the rendered request says which status to answer."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from sfn_harness.apigateway.request import BackendRequest, BackendResponse, GatewayFailure

__all__ = ["answer"]


# What a permissive parser takes for a key and its value without a space between them.
_COLON = re.compile(r"(?<=[\w\"'])\s*:\s*")


def _read(text: str) -> Any:
    """Read JSON as API Gateway reads it here: names and values without quotes, or with single ones, will do.

    Recorded on AWS, 2024-11-29 (localstack, test_integration_mock_with_path_param): ``{statusCode: 200}``. Such text
    is YAML's flow style. Raises ValueError.
    """
    try:
        return json.loads(text)
    except ValueError:
        if not text.lstrip().startswith("{"):
            raise
    try:
        return yaml.safe_load(_COLON.sub(": ", text))
    except yaml.YAMLError as error:
        raise ValueError("neither JSON nor anything like it") from error


def answer(request: BackendRequest) -> BackendResponse:
    """Return the status from ``{"statusCode": <int>}``, with an empty body.

    Raises GatewayFailure (API_CONFIGURATION_ERROR) when there is none. Source: "Mock integrations in API Gateway",
    API Gateway developer guide; its execution log says "Unable to parse statusCode".
    """
    try:
        status = int(_read(request.body.decode("utf-8", "replace"))["statusCode"])
    except (ValueError, TypeError, KeyError) as error:
        raise GatewayFailure(
            "API_CONFIGURATION_ERROR",
            detail="Unable to parse statusCode. It should be an integer that is defined in the request template.",
        ) from error
    return BackendResponse(status, b"")
