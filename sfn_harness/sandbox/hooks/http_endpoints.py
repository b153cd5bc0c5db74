"""HTTP integrations call http and https only: another scheme, such as file, would read what is on this machine."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.error import URLError

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "is_http"]

_HTTP = re.compile(r"https?://.", re.IGNORECASE)


def is_http(uri: str) -> bool:
    """Whether a URI is one of an HTTP integration's; what a stage variable stands for is known in a call only."""
    return bool(_HTTP.match(uri)) or uri.startswith("${stageVariables.")


def _urlopen_async(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def urlopen_async(request: Any, timeout_seconds: float) -> Any:
        url = request if isinstance(request, str) else request.full_url
        if not _HTTP.match(url):
            raise URLError("Invalid HTTP endpoint specified for URI")
        return await original(request, timeout_seconds)

    return urlopen_async


USES: dict[str, tuple[str, ...]] = {}

HOOKS = tuple(
    Hook(
        f"ministack.services.{module}",
        "_urlopen_async",
        "MiniStack opens any URL that Python can, and fails without an answer on those that have no status.",
        _urlopen_async,
    )
    for module in ("apigateway", "apigateway_v1")
)
