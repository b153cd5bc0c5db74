"""What MiniStack does for every request, and need not do for a call to an API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

# A call to an API by its path; no address of the server itself begins like this.
_CALL = "/_aws/execute-api/"


def _handle_pre_body_request(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def handle_pre_body_request(
        method: str, path: str, headers: dict[str, str], query_params: dict[str, Any], request_id: str
    ) -> Any:
        return None if path.startswith(_CALL) else await original(method, path, headers, query_params, request_id)

    return handle_pre_body_request


def _parse_policy_document(original: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    # A policy's text says all there is to know about it, so a changed policy is another key.
    parsed = lru_cache(maxsize=512)(lambda text: tuple(original(text)))

    def parse_policy_document(document: Any) -> list[Any]:
        return list(parsed(document)) if isinstance(document, str) else original(document)

    return parse_policy_document


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "ministack.app",
        "_handle_pre_body_request",
        "MiniStack first asks a dozen services whether a call to an API is theirs; it never is.",
        _handle_pre_body_request,
    ),
    Hook(
        "ministack.core.iam_evaluator",
        "parse_policy_document",
        "MiniStack parses a role's policies again for every call.",
        _parse_policy_document,
    ),
)
