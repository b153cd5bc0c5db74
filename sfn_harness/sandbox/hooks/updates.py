"""UpdateMethodResponse, UpdateIntegrationResponse and UpdateGatewayResponse, which MiniStack does not have.

Source: recordings on AWS of 2025-06-30 and 2025-07-01 (localstack, test_apigateway_api.snapshot.json:
test_update_method_response*, test_update_method_lack_response_parameters_and_models), 2025-06-11
(test_lifecycle_integration_response) and 2024-04-15 (test_update_gateway_response). UpdateMethodResponse answers 201.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.sandbox.hooks.control_plane import undeclared_header
from sfn_harness.sandbox.hooks.patches import patched
from sfn_harness.sandbox.hooks.refusals import Response, refuse
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Operations = list[dict[str, Any]]

# Members of which one entry is changed, and what AWS calls an entry that is not there.
_ENTRIES = {
    "responseModels": "Content-Type specified was not found",
    "responseParameters": "Invalid parameter name specified",
    "responseTemplates": "Content-Type specified was not found",
}


def _refusal(record: Mapping[str, Any], operations: Operations, members: Iterable[str]) -> Response | None:
    """Return the refusal of a patch of ``record``, of which ``members`` can be changed; None where it is right."""
    for operation in operations:
        path = operation.get("path")
        member, _, entry = str(path or "").removeprefix("/").partition("/")
        if not path or member not in members or bool(entry) != (member in _ENTRIES):
            return refuse(f"Invalid patch path {path or 'null'}")
        entry = entry.replace("~1", "/").replace("~0", "~")
        if entry and operation.get("op") != "add" and entry not in (record.get(member) or {}):
            return refuse(_ENTRIES[member], 404)
    return None


def _method(api_id: str, resource_id: str, verb: str) -> dict[str, Any] | Response:
    resource = (apigateway_v1._resources.get(api_id) or {}).get(resource_id)
    if resource is None:
        return refuse("Invalid Resource identifier specified", 404)
    return resource["resourceMethods"].get(verb) or refuse("Invalid Method identifier specified", 404)


def _update_method_response(method: dict[str, Any], status: str, operations: Operations) -> Response:
    record = (method.get("methodResponses") or {}).get(status)
    if record is None:
        return refuse("Invalid Response status code specified", 404)
    refused = _refusal(record, operations, ("responseModels", "responseParameters"))
    return refused or apigateway_v1._v1_response(patched(record, operations), 201)


def _update_integration_response(method: dict[str, Any], status: str, operations: Operations) -> Response:
    record = ((method.get("methodIntegration") or {}).get("integrationResponses") or {}).get(status)
    if record is None:
        return refuse("Invalid Response status code specified", 404)
    members = ("contentHandling", "responseParameters", "responseTemplates", "selectionPattern")
    refused = _refusal(record, operations, members)
    if refused:
        return refused
    changed = patched(copy.deepcopy(record), operations)
    refused = undeclared_header(method, status, changed["responseParameters"])
    if refused:
        return refused
    record.update(changed)
    return apigateway_v1._v1_response(record)


def _update_gateway_response(api_id: str, kind: str, operations: Operations) -> Response:
    invalid = apigateway_v1._validate_gateway_response_target(api_id, kind)
    if invalid is not None:
        return invalid
    customized = apigateway_v1._gateway_responses.setdefault(api_id, {})
    record = {**copy.deepcopy(apigateway_v1._gateway_response_for_type(customized, kind)), "defaultResponse": False}
    refused = _refusal(record, operations, ("responseParameters", "responseTemplates", "statusCode"))
    if refused:
        return refused
    for operation in operations:
        if operation["path"] == "/statusCode" and operation.get("op") != "replace":
            return refuse("Invalid patch path /statusCode")
    customized[kind] = patched(record, operations)
    customized[kind]["statusCode"] = str(record["statusCode"])
    return apigateway_v1._v1_response(record)


def _patch(steps: list[str], operations: Operations) -> Response | None:
    """Answer the three updates by their path; None for any other."""
    match steps:
        case ["restapis", api_id, "gatewayresponses", kind]:
            return _update_gateway_response(api_id, kind, operations)
        case ["restapis", api_id, "resources", resource_id, "methods", verb, "responses", status]:
            update = _update_method_response
        case ["restapis", api_id, "resources", resource_id, "methods", verb, "integration", "responses", status]:
            update = _update_integration_response
        case _:
            return None
    method = _method(api_id, resource_id, verb)
    return update(method, status, operations) if isinstance(method, dict) else method


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        if method == "PATCH":
            try:
                operations = list(json.loads(body or b"{}").get("patchOperations") or [])
            except (AttributeError, TypeError, ValueError):
                return refuse("Invalid request input")
            answer = _patch(path.strip("/").split("/"), operations)
            if answer is not None:
                return answer
        return await original(method, path, headers, body, query_params)

    return handle_request


_V1 = "ministack.services.apigateway_v1"

USES = {
    _V1: (
        "_gateway_response_for_type",
        "_gateway_responses",
        "_resources",
        "_v1_error",
        "_v1_response",
        "_validate_gateway_response_target",
    )
}

HOOKS = (
    Hook(
        _V1,
        "handle_request",
        "Terraform changes a method's response in place; to MiniStack that is an unknown path.",
        _handle_request,
        part="updates",
    ),
)
