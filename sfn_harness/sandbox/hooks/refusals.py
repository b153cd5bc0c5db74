"""API Gateway's refusals, as its control plane words them."""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1

__all__ = ["Response", "refuse"]

Response = tuple[int, dict[str, Any], bytes]

_CODES = {404: "NotFoundException", 409: "ConflictException"}


def refuse(message: str, status: int = 400) -> Response:
    """Return an error answer: BadRequestException, or what ``status`` stands for."""
    return apigateway_v1._v1_error(_CODES.get(status, "BadRequestException"), message, status)
