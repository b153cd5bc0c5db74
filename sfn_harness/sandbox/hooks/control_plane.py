"""API Gateway's control plane: what it returns to Terraform, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.apigateway.backends.services import parse_service_uri
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_MAPPED_SOURCES = ("header", "querystring", "path", "multivalueheader", "multivaluequerystring")


def _refuse(message: str, status: int = 400) -> Response:
    code = {404: "NotFoundException", 409: "ConflictException"}.get(status, "BadRequestException")
    return apigateway_v1._v1_error(code, message, status)


def _stage(api_id: str, name: str) -> dict[str, Any] | None:
    return (apigateway_v1._stages_v1.get(api_id) or {}).get(name)


def _drop_empty_log_settings(stage: dict[str, Any] | None) -> None:
    if stage is not None and not stage.get("accessLogSettings"):
        stage.pop("accessLogSettings", None)


def _create_stage(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_stage(api_id: str, data: dict[str, Any]) -> Response:
        name = data.get("stageName", "")
        if _stage(api_id, name) is not None:
            return _refuse("Stage already exists", 409)
        if data.get("deploymentId") not in (apigateway_v1._deployments_v1.get(api_id) or {}):
            return _refuse("Invalid Deployment identifier specified", 404)
        status, headers, body = original(api_id, data)
        stage = _stage(api_id, name)
        if stage is None:
            return status, headers, body
        _drop_empty_log_settings(stage)
        return apigateway_v1._v1_response(stage, status)

    return create_stage


def _deploy_to_stage(original: Callable[..., Any]) -> Callable[..., Any]:
    def deploy_to_stage(*args: Any, **kwargs: Any) -> Any:
        stage = original(*args, **kwargs)
        _drop_empty_log_settings(stage)
        return stage

    return deploy_to_stage


def _update_stage(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_stage(api_id: str, name: str, data: dict[str, Any]) -> Response:
        status, headers, body = original(api_id, name, data)
        stage = _stage(api_id, name)
        if stage is None or status >= 400:
            return status, headers, body
        _drop_empty_log_settings(stage)
        return apigateway_v1._v1_response(stage, status)

    return update_stage


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
                    return _refuse("Role ARN must be specified for AWS integrations")
                if not data.get("httpMethod"):
                    return _refuse("Enumeration value for HttpMethod must be non-empty")
            undeclared = _undeclared_source(method, data.get("requestParameters") or {})
            if undeclared:
                return _refuse(
                    "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                    f"[Invalid mapping expression parameter specified: {undeclared}]"
                )
        return original(api_id, resource_id, http_method, data)

    return put_integration


def _put_integration_response(original: Callable[..., Response]) -> Callable[..., Response]:
    def put_integration_response(
        api_id: str, resource_id: str, http_method: str, status_code: str, data: dict[str, Any]
    ) -> Response:
        method = _method(api_id, resource_id, http_method)
        if method is not None and method.get("methodIntegration"):
            declared = (method.get("methodResponses") or {}).get(str(status_code))
            if declared is None:
                return _refuse("Invalid Response status code specified", 404)
            headers = {name.lower() for name in declared.get("responseParameters") or {}}
            for destination in data.get("responseParameters") or {}:
                if destination.lower() not in headers:
                    return _refuse(
                        "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                        f"[Invalid mapping expression parameter specified: {destination}]"
                    )
        return original(api_id, resource_id, http_method, status_code, data)

    return put_integration_response


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_deployments_v1", "_resources", "_stages_v1", "_v1_error", "_v1_response")}

HOOKS = (
    Hook(
        _V1,
        "_create_stage",
        "An empty accessLogSettings shows as a change in every second plan; a stage needs a deployment.",
        _create_stage,
    ),
    Hook(_V1, "_deploy_to_stage", "The same for a stage that CreateDeployment makes.", _deploy_to_stage),
    Hook(_V1, "_update_stage", "The same once access logs have been turned off.", _update_stage),
    Hook(_V1, "_put_integration", "AWS refuses a missing role and undeclared parameters.", _put_integration),
    Hook(
        _V1,
        "_put_integration_response",
        "AWS refuses a status or header that the method response does not declare.",
        _put_integration_response,
    ),
)
