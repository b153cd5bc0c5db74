"""What CreateAuthorizer and UpdateAuthorizer take.

Source: ``identitySource`` in the API Gateway API reference (botocore's apigateway model, 2015-07-09): required for
TOKEN and COGNITO_USER_POOLS, and for REQUEST while answers are cached. The words for a name that is taken are those of
aws/aws-cdk#13711, and a 409 of REST APIs; those for a missing identity source are not recorded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.sandbox.hooks.patches import patched
from sfn_harness.sandbox.hooks.refusals import Response, refuse
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]


def _refusal(api_id: str, authorizer: dict[str, Any], own_id: str | None = None) -> Response | None:
    """Return what AWS refuses an authorizer with, None for a right one. ``own_id`` is the id that it has already."""
    name = authorizer.get("name")
    others = apigateway_v1._authorizers_v1.get(api_id) or {}
    if any(other.get("name") == name for key, other in others.items() if key != own_id):
        return refuse(f"Authorizer name must be unique. Authorizer {name} already exists in this RestApi.", 409)
    if not str(authorizer.get("identitySource") or "").strip() and (
        authorizer.get("type") != "REQUEST" or apigateway_v1._authorizer_ttl(authorizer) > 0
    ):
        return refuse("Identity source is required for this authorizer")
    return None


def _create_authorizer(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_authorizer(api_id: str, data: dict[str, Any]) -> Response:
        if api_id not in apigateway_v1._rest_apis:
            return original(api_id, data)
        # MiniStack takes an absent source for the header Authorization, which REQUEST would then insist on.
        return _refusal(api_id, data) or original(api_id, {"identitySource": None, **data})

    return create_authorizer


def _update_authorizer(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_authorizer(api_id: str, authorizer_id: str, data: dict[str, Any]) -> Response:
        known = (apigateway_v1._authorizers_v1.get(api_id) or {}).get(authorizer_id)
        if known is not None:
            changed = patched(copy.deepcopy(known), data.get("patchOperations") or [])
            refused = _refusal(api_id, changed, authorizer_id)
            if refused is not None:
                return refused
        return original(api_id, authorizer_id, data)

    return update_authorizer


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_authorizer_ttl", "_authorizers_v1", "_rest_apis", "_v1_error")}

HOOKS = (
    Hook(_V1, "_create_authorizer", "AWS refuses a second one of the name, and a missing source.", _create_authorizer),
    Hook(_V1, "_update_authorizer", "An update is judged like what it makes.", _update_authorizer),
)
