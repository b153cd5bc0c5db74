"""An API id is global on AWS: an unsigned request reaches the APIs of every account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import apigateway, apigateway_v1

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Scope = tuple[str, str]


class _Finder:
    """``find_api_scope`` over a store: a remembered answer is checked against the store, so a lookup is O(1)."""

    def __init__(self, store: Callable[[], Any]) -> None:
        self._store = store
        self._scopes: dict[str, Scope] = {}

    def __call__(self, api_id: str) -> Scope | None:
        """(account id, region) of the API, None when no account has it."""
        store = self._store()
        scope = self._scopes.get(api_id)
        if scope is not None and store.contains_scoped(*scope, api_id):
            return scope
        self._scopes.pop(api_id, None)
        for account, region, stored in store.to_dict():
            if stored == api_id:
                self._scopes[api_id] = account, region
                return account, region
        return None


USES = {
    "ministack.services.apigateway": ("_apis",),
    "ministack.services.apigateway_v1": ("_rest_apis",),
}

HOOKS = (
    Hook(
        "ministack.services.apigateway_v1",
        "find_api_scope",
        "MiniStack looks in the caller's account only, and a call to an API has no account.",
        lambda _original: _Finder(lambda: apigateway_v1._rest_apis),
    ),
    Hook(
        "ministack.services.apigateway",
        "find_api_scope",
        "The same for HTTP and WebSocket APIs.",
        lambda _original: _Finder(lambda: apigateway._apis),
    ),
)
