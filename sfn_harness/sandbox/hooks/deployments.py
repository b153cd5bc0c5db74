"""A stage serves what its deployment captured, not what the API looks like now."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, request_scope
from ministack.services import apigateway_v1

from sfn_harness.apigateway.request import Integration
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "Snapshot", "serving", "snapshot_of"]

# The stores that MiniStack's own look-ups read while it serves a call. Keys are API ids.
_LOOKED_UP = ("_rest_apis", "_resources", "_authorizers_v1", "_models", "_request_validators")
_CAPTURED = (*_LOOKED_UP, "_gateway_responses")

Response = tuple[int, dict[str, Any], bytes]
Route = tuple[dict[str, Any], dict[str, str], dict[str, Any]]

_MAX_REMEMBERED_ROUTES = 1024  # callers choose the paths

_served: ContextVar[Snapshot | None] = ContextVar("served_snapshot", default=None)


class Snapshot:
    """An API as it was when it was deployed: ``parts[<store>]`` is a copy of what that store had for it."""

    def __init__(self, api_id: str, parts: dict[str, Any]) -> None:
        self.api_id = api_id
        self.parts = parts
        self._integrations: dict[int, Integration] = {}
        self._routes: dict[tuple[str, str], Route] = {}

    @classmethod
    def take(cls, api_id: str) -> Snapshot:
        """Copy the API of the current account and region."""
        parts = {name: copy.deepcopy(getattr(apigateway_v1, name).get(api_id)) for name in _CAPTURED}
        return cls(api_id, parts)

    def integration(self, method: dict[str, Any]) -> Integration:
        """Return the integration of a method of this snapshot, converted once: the snapshot never changes."""
        known = self._integrations.get(id(method))
        if known is None:
            known = self._integrations[id(method)] = Integration.from_method(method)
        return known

    def route(self, verb: str, path: str) -> Route | None:
        """Return (resource, path parameters, method) for a call, None when no method serves it."""
        known = self._routes.get((verb, path))
        if known is not None:
            return known
        with serving(self):
            found = _find_route(self.api_id, verb, [segment for segment in path.strip("/").split("/") if segment])
        if found is not None and len(self._routes) < _MAX_REMEMBERED_ROUTES:
            self._routes[verb, path] = found
        return found


def _find_route(api_id: str, verb: str, segments: list[str]) -> Route | None:
    def method_of(resource: dict[str, Any] | None) -> dict[str, Any] | None:
        methods = (resource or {}).get("resourceMethods") or {}
        return methods.get(verb) or methods.get("ANY")

    resource, parameters = apigateway_v1._match_resource_tree(api_id, segments)
    method = method_of(resource)
    if resource is not None and method is None:
        resource, parameters = apigateway_v1._match_greedy_fallback(api_id, segments, verb)
        method = method_of(resource)
    if resource is None or method is None:
        return None
    return resource, parameters or {}, method


class _Deployment(dict):
    """A deployment's record with its snapshot beside it, so that both live and die together."""

    snapshot: Snapshot


class _ServedStore(AccountRegionScopedDict):
    """A store that shows the served snapshot's part to whoever looks up its API, and itself to anyone else."""

    def __init__(self, original: AccountRegionScopedDict, name: str) -> None:
        super().__init__()
        self._data = original._data
        self._name = name

    def get(self, key: str, default: Any = None) -> Any:
        snapshot = _served.get()
        if snapshot is not None and snapshot.api_id == key:
            part = snapshot.parts[self._name]
            return default if part is None else part
        return super().get(key, default)

    def get_scoped(self, account_id: str, region: str, key: str, default: Any = None) -> Any:
        snapshot = _served.get()
        if snapshot is not None and snapshot.api_id == key:
            part = snapshot.parts[self._name]
            return default if part is None else part
        return super().get_scoped(account_id, region, key, default)


def snapshot_of(api_id: str, stage: dict[str, Any]) -> Snapshot:
    """Return the snapshot that a stage of an API of the current account and region serves.

    A stage whose deployment is unknown serves the API as it is.
    """
    deployment = (apigateway_v1._deployments_v1.get(api_id) or {}).get(stage.get("deploymentId"))
    snapshot = getattr(deployment, "snapshot", None)
    return Snapshot.take(api_id) if snapshot is None else snapshot


@contextmanager
def serving(snapshot: Snapshot) -> Iterator[None]:
    """Let MiniStack's own look-ups see the snapshot while the block runs."""
    token = _served.set(snapshot)
    try:
        yield
    finally:
        _served.reset(token)


def _deployable(api_id: str) -> Response | None:
    """CreateDeployment's refusal of an API that nothing can be called on, or None."""
    methods = [
        method
        for resource in (apigateway_v1._resources.get(api_id) or {}).values()
        for method in (resource.get("resourceMethods") or {}).values()
    ]
    if not methods:
        return apigateway_v1._v1_error("BadRequestException", "The REST API doesn't contain any methods", 400)
    if any(not method.get("methodIntegration") for method in methods):
        return apigateway_v1._v1_error("BadRequestException", "No integration defined for method", 400)
    return None


def _create_deployment(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_deployment(api_id: str, data: dict[str, Any]) -> Response:
        if api_id in apigateway_v1._rest_apis:
            refused = _deployable(api_id)
            if refused is not None:
                return refused
        before = set(apigateway_v1._deployments_v1.get(api_id) or {})
        response = original(api_id, data)
        records = apigateway_v1._deployments_v1.get(api_id) or {}
        for deployment_id in set(records) - before:
            record = records[deployment_id] = _Deployment(records[deployment_id])
            record.snapshot = Snapshot.take(api_id)
        return response

    return create_deployment


def _delete_deployment(original: Callable[..., Response]) -> Callable[..., Response]:
    def delete_deployment(api_id: str, deployment_id: str) -> Response:
        stages = (apigateway_v1._stages_v1.get(api_id) or {}).values()
        if any(stage.get("deploymentId") == deployment_id for stage in stages):
            return apigateway_v1._v1_error(
                "BadRequestException", "Active stages pointing to this deployment must be moved or deleted", 400
            )
        return original(api_id, deployment_id)

    return delete_deployment


def _authorization_type(_original: Callable[..., str | None]) -> Callable[..., str | None]:
    def method_authorization_type(api_id: str, stage_name: str, method: str, path: str) -> str | None:
        scope = apigateway_v1.find_api_scope(api_id)
        if scope is None:
            return None
        with request_scope(*scope):
            stage = (apigateway_v1._stages_v1.get(api_id) or {}).get(stage_name)
            found = snapshot_of(api_id, stage).route(method, path) if stage is not None else None
        return (found[2].get("authorizationType") or "NONE").upper() if found is not None else None

    return method_authorization_type


def _served_store(name: str) -> Callable[[AccountRegionScopedDict], _ServedStore]:
    return lambda original: _ServedStore(original, name)


USES = {
    "ministack.services.apigateway_v1": (
        "_deployments_v1",
        "_match_greedy_fallback",
        "_match_resource_tree",
        "_stages_v1",
        "_v1_error",
        "find_api_scope",
        *_CAPTURED,
    ),
    "ministack.core.responses": ("AccountRegionScopedDict", "request_scope"),
}

HOOKS = (
    *(
        Hook(
            "ministack.services.apigateway_v1",
            name,
            "A stage serves its deployment's copy; MiniStack reads the live one.",
            _served_store(name),
        )
        for name in _LOOKED_UP
    ),
    Hook(
        "ministack.services.apigateway_v1",
        "_create_deployment",
        "A deployment captures the API, and needs methods with integrations.",
        _create_deployment,
    ),
    Hook(
        "ministack.services.apigateway_v1",
        "_delete_deployment",
        "AWS keeps a deployment that a stage points to.",
        _delete_deployment,
    ),
    Hook(
        "ministack.services.apigateway_v1",
        "method_authorization_type",
        "Whether a call must be signed is the deployed method's say.",
        _authorization_type,
    ),
)
