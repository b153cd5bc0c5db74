"""API Gateway's control plane: what it returns to Terraform, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.apigateway.backends.services import parse_service_uri
from sfn_harness.sandbox.hooks.patches import patched
from sfn_harness.sandbox.hooks.refusals import Response, refuse
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "undeclared_header"]

_VARIABLE_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")
_VARIABLE_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]{1,512}")
_MAPPED_SOURCES = ("header", "querystring", "path", "multivalueheader", "multivaluequerystring")


def _stage(api_id: str, name: str) -> dict[str, Any] | None:
    return (apigateway_v1._stages_v1.get(api_id) or {}).get(name)


# AWS leaves these out when they are empty; Terraform takes an empty one for a setting, and plans to remove it.
_OMITTED_WHEN_EMPTY = frozenset(
    {
        "accessLogSettings",
        "authorizationScopes",
        "contentHandling",
        "description",
        "operationName",
        "quota",
        "requestModels",
        "requestParameters",
        "requestTemplates",
        "responseModels",
        "responseParameters",
        "responseTemplates",
        "selectionPattern",
        "throttle",
        "variables",
    }
)


def _as_on_the_wire(value: Any) -> Any:
    """Copy a resource without the members that AWS would not send."""
    if isinstance(value, list):
        return [_as_on_the_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _as_on_the_wire(item)
        for key, item in value.items()
        if item is not None and not (key in _OMITTED_WHEN_EMPTY and not item)
    }


def _v1_response(original: Callable[..., Response]) -> Callable[..., Response]:
    def v1_response(data: Any, status: int = 200) -> Response:
        return original(_as_on_the_wire(data), status)

    return v1_response


def _create_stage(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_stage(api_id: str, data: dict[str, Any]) -> Response:
        if _stage(api_id, data.get("stageName", "")) is not None:
            return refuse("Stage already exists", 409)
        deployments = apigateway_v1._deployments_v1.get(api_id) or {}
        if api_id in apigateway_v1._rest_apis and data.get("deploymentId") not in deployments:
            return refuse("Invalid Deployment identifier specified", 404)
        refused = _unusable_variable(data.get("variables") or {})
        return refuse(refused) if refused else original(api_id, data)

    return create_stage


def _unusable_variable(variables: dict[str, Any]) -> str | None:
    """Return what is wrong with a stage's variables, or None. The words are not recorded.

    Source: "Quotas for creating, deploying, and managing a REST API", API Gateway guide of 2023: 64 characters of a
    key, 512 of a value; ``variables`` of CreateStage in botocore's apigateway model for the characters.
    """
    for name, value in variables.items():
        if not _VARIABLE_NAME.fullmatch(name):
            return f"Stage variable name may contain only A-Z, a-z, 0-9 and _, and at most 64 characters: {name}"
        if not _VARIABLE_VALUE.fullmatch(str(value)):
            return (
                "Stage variable value must be at most 512 characters and match the pattern "
                f"[A-Za-z0-9-._~:/?#&=,]+: {name}"
            )
    return None


def _update_stage(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_stage(api_id: str, stage_name: str, data: dict[str, Any]) -> Response:
        changed = {
            str(operation.get("path")).removeprefix("/variables/"): operation.get("value")
            for operation in data.get("patchOperations") or []
            if str(operation.get("path")).startswith("/variables/") and operation.get("op") != "remove"
        }
        refused = _unusable_variable(changed)
        return refuse(refused) if refused else original(api_id, stage_name, data)

    return update_stage


def _create_api_key(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_api_key(data: dict[str, Any]) -> Response:
        return original({key: value for key, value in data.items() if key != "value" or value})

    return create_api_key


def _method(api_id: str, resource_id: str, http_method: str) -> dict[str, Any] | None:
    resource = (apigateway_v1._resources.get(api_id) or {}).get(resource_id) or {}
    return (resource.get("resourceMethods") or {}).get(http_method)


def _undeclared_source(method: dict[str, Any], mapping: dict[str, str]) -> str | None:
    """Return the first request mapping expression that names a parameter the method does not declare, or None.

    Path parameters need no declaration of their own on AWS when the resource has them, so they are left alone.
    """
    declared = {name.lower() for name in method.get("requestParameters") or {}}
    for expression in mapping.values():
        prefix, _, name = str(expression).removeprefix("method.request.").partition(".")
        if not str(expression).startswith("method.request.") or prefix not in _MAPPED_SOURCES or prefix == "path":
            continue
        if f"method.request.{prefix.removeprefix('multivalue')}.{name}".lower() not in declared:
            return str(expression)
    return None


def _put_integration(original: Callable[..., Response]) -> Callable[..., Response]:
    def put_integration(api_id: str, resource_id: str, http_method: str, data: dict[str, Any]) -> Response:
        method = _method(api_id, resource_id, http_method)
        if method is not None:
            uri = parse_service_uri(data.get("uri") or "")
            if (data.get("type") or "").upper() == "AWS" and uri is not None and uri.service != "lambda":
                if not data.get("credentials"):
                    return refuse("Role ARN must be specified for AWS integrations")
                if not data.get("httpMethod"):
                    return refuse("Enumeration value for HttpMethod must be non-empty")
            undeclared = _undeclared_source(method, data.get("requestParameters") or {})
            if undeclared:
                return refuse(
                    "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                    f"[Invalid mapping expression parameter specified: {undeclared}]"
                )
        response = original(api_id, resource_id, http_method, data)
        if method is not None and not data.get("httpMethod"):
            # A MOCK integration calls nothing, so it has no method; MiniStack makes it POST.
            method["methodIntegration"]["httpMethod"] = None
            return apigateway_v1._v1_response(method["methodIntegration"], response[0])
        return response

    return put_integration


def undeclared_header(method: dict[str, Any], status: str, parameters: dict[str, str]) -> Response | None:
    """Return the refusal of mappings to headers that the method response of a status does not declare, or None."""
    declared = (method.get("methodResponses") or {}).get(str(status)) or {}
    headers = {name.lower() for name in declared.get("responseParameters") or {}}
    for destination in parameters:
        if destination.lower() not in headers:
            return refuse(
                "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                f"[Invalid mapping expression parameter specified: {destination}]"
            )
    return None


def _put_integration_response(original: Callable[..., Response]) -> Callable[..., Response]:
    def put_integration_response(
        api_id: str, resource_id: str, http_method: str, status_code: str, data: dict[str, Any]
    ) -> Response:
        # Recorded on AWS, 2025-06-11 (localstack, test_lifecycle_integration_response): the method response may come
        # later. A call finds out when it never does.
        method = _method(api_id, resource_id, http_method)
        refused = undeclared_header(method or {}, status_code, data.get("responseParameters") or {})
        if method is not None and method.get("methodIntegration") and refused:
            return refused
        return original(api_id, resource_id, http_method, status_code, data)

    return put_integration_response


def _update_usage_plan(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_usage_plan(plan_id: str, data: dict[str, Any]) -> Response:
        plan, others = apigateway_v1._usage_plans.get(plan_id), []
        for operation in data.get("patchOperations") or []:
            first, _, rest = str(operation.get("path") or "").lstrip("/").partition("/")
            if plan is None or first != "apiStages":
                others.append(operation)
                continue
            stages = plan.setdefault("apiStages", [])
            # A stage is added and removed by its value, and changed below its name: both are <API>:<stage>.
            named, _, below = rest.replace("~1", "/").partition("/")
            api_id, _, stage = (named or str(operation.get("value") or "")).partition(":")
            found = next((each for each in stages if (each.get("apiId"), each.get("stage")) == (api_id, stage)), None)
            if below and found is not None:
                patched(found, [{**operation, "path": f"/{below}"}])
            elif operation.get("op") == "remove" and found is not None:
                stages.remove(found)
            elif operation.get("op") != "remove" and found is None:
                if stage not in (apigateway_v1._stages_v1.get(api_id) or {}):
                    return refuse("API Stage not found: " + f"{api_id}:{stage}", 404)
                stages.append({"apiId": api_id, "stage": stage})
        return original(plan_id, {**data, "patchOperations": others})

    return update_usage_plan


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_deployments_v1", "_resources", "_rest_apis", "_stages_v1", "_usage_plans", "_v1_error", "_v1_response")}

HOOKS = (
    Hook(_V1, "_v1_response", "Empty members, such as accessLogSettings, change every second plan.", _v1_response),
    Hook(_V1, "_create_stage", "AWS refuses a second stage of the name, and an unknown deployment.", _create_stage),
    Hook(_V1, "_update_stage", "AWS limits the names and values of variables.", _update_stage),
    Hook(_V1, "_create_api_key", "Terraform sends an empty value to have one made.", _create_api_key),
    Hook(_V1, "_update_usage_plan", "MiniStack keeps a stage's name for the stage.", _update_usage_plan),
    Hook(_V1, "_put_integration", "AWS refuses a missing role and undeclared parameters.", _put_integration),
    Hook(
        _V1,
        "_put_integration_response",
        "AWS refuses a header that the method response does not declare.",
        _put_integration_response,
    ),
)
