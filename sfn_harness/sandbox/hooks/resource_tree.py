"""The resources of a REST API: what their paths may be, and how they move.

Source: recordings on AWS of CreateResource and UpdateResource, 2024-04-15 (localstack,
tests/aws/services/apigateway/test_apigateway_api.snapshot.json: test_create_proxy_resource_validation,
test_update_resource_behaviour) and 2025-09-03 (test_update_resource_on_root).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.sandbox.hooks.refusals import Response, refuse
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

_CHANGEABLE = ("/parentId", "/pathPart")


def _misplaced(resources: dict[str, Any], parent_id: str, part: str, own_id: str | None = None) -> Response | None:
    """Return the refusal of a path part below a parent, None where it fits. ``own_id`` is the resource that moves."""
    parent = str(resources[parent_id].get("pathPart") or "")
    if parent.endswith("+}"):
        return refuse(f"Cannot create a child of a resource with a greedy path variable: {parent}")
    siblings = [
        str(resource.get("pathPart") or "")
        for key, resource in resources.items()
        if resource.get("parentId") == parent_id and key != own_id
    ]
    if part in siblings:
        return refuse(f"Another resource with the same parent already has this name: {part}", 409)
    variable = next((sibling for sibling in siblings if sibling.startswith("{")), None)
    if part.startswith("{") and variable is not None:
        return refuse(
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        )
    return None


def _create_resource(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_resource(api_id: str, parent_id: str, data: dict[str, Any]) -> Response:
        resources = apigateway_v1._resources.get(api_id) or {}
        if parent_id in resources:
            misplaced = _misplaced(resources, parent_id, str(data.get("pathPart") or ""))
            if misplaced is not None:
                return misplaced
        return original(api_id, parent_id, data)

    return create_resource


def _below(resources: dict[str, Any], resource_id: str) -> list[str]:
    """Return the ids of a resource and of everything below it."""
    found = [resource_id]
    for above in found:
        found += [key for key, resource in resources.items() if resource.get("parentId") == above]
    return found


def _move(resources: dict[str, Any], resource_id: str, path: str, value: str) -> Response | None:
    """Change one member of a resource. Returns what API Gateway refuses it with, None when it is done."""
    resource = resources[resource_id]
    name = path.removeprefix("/")
    if not resource.get("parentId"):
        return refuse(f"Root resource cannot update its {name}.")
    if name == "parentId":
        if value not in resources:
            return refuse("Invalid Resource identifier specified", 404)
        if value in _below(resources, resource_id):
            return refuse("Resources cannot be cyclical.")
    parent_id = value if name == "parentId" else resource["parentId"]
    part = value if name == "pathPart" else resource["pathPart"]
    misplaced = _misplaced(resources, parent_id, part, resource_id)
    if misplaced is None:
        resource[name] = value
    return misplaced


def _update_resource(_original: Callable[..., Response]) -> Callable[..., Response]:
    def update_resource(api_id: str, resource_id: str, data: dict[str, Any]) -> Response:
        resources = apigateway_v1._resources.get(api_id) or {}
        if resource_id not in resources:
            return refuse("Invalid Resource identifier specified", 404)
        for operation in data.get("patchOperations") or []:
            path, op = str(operation.get("path")), operation.get("op")
            if path not in _CHANGEABLE:
                allowed = ", ".join(_CHANGEABLE)
                return refuse(f"Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{allowed}]")
            if op != "replace":
                return refuse(
                    f"Invalid patch path  '{path}' specified for op '{op}'. Please choose supported operations"
                )
            refused = _move(resources, resource_id, path, str(operation.get("value")))
            if refused is not None:
                return refused
        for changed in _below(resources, resource_id):
            resources[changed]["path"] = apigateway_v1._compute_path(api_id, changed)
        return apigateway_v1._v1_response(resources[resource_id])

    return update_resource


def _delete_resource(original: Callable[..., Response]) -> Callable[..., Response]:
    def delete_resource(api_id: str, resource_id: str) -> Response:
        resources = apigateway_v1._resources.get(api_id) or {}
        below = _below(resources, resource_id)[1:] if resource_id in resources else []
        response = original(api_id, resource_id)
        for key in below:
            del resources[key]
        return response

    return delete_resource


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_compute_path", "_resources", "_v1_error", "_v1_response")}

HOOKS = (
    Hook(_V1, "_create_resource", "One variable part below a resource, nothing below {proxy+}.", _create_resource),
    Hook(_V1, "_update_resource", "What is below moves with it; MiniStack checks nothing.", _update_resource),
    Hook(_V1, "_delete_resource", "What is below a resource goes with it.", _delete_resource),
)
