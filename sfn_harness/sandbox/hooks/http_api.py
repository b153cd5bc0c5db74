"""HTTP APIs that call Step Functions: the integration subtypes of apigatewayv2."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from ministack.services import apigateway

from sfn_harness.apigateway.http_api import (
    SUBTYPES,
    MissingParameter,
    map_response_parameters,
    request_source,
    resolve,
    response_source,
)
from sfn_harness.apigateway.pipeline import within
from sfn_harness.apigateway.request import BackendRequest, BackendResponse, GatewayFailure, GatewayRequest, Integration
from sfn_harness.sandbox.hooks.call import Call
from sfn_harness.sandbox.hooks.integrations import backend_for
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_LOG = logging.getLogger(__name__)
_MAX_SECONDS = 30.0  # an HTTP API waits no longer
_REQUEST_ID = "apigw-requestid"

# Members of an integration that MiniStack does not keep.
_KEPT = ("credentialsArn", "integrationSubtype", "tlsConfig")
# Of a REST API only.
_ABSENT_FROM_CONTEXT = ("deploymentId", "resourceId", "resourcePath")


def _refuse(message: str) -> Response:
    return apigateway._apigw_error("BadRequestException", message, 400)


def _fault(integration: Mapping[str, Any]) -> str | None:
    """Return why AWS would not have this integration, None when it would.

    Only the wording for a parameter that does not belong there is known from AWS.
    """
    name = integration.get("integrationSubtype")
    if not name:
        return None
    subtype = SUBTYPES.get(name)
    if subtype is None:
        return f"The sandbox has no integration subtype {name}; it has {', '.join(sorted(SUBTYPES))}"
    if integration.get("integrationType") != "AWS_PROXY":
        return "IntegrationSubtype is supported only for AWS_PROXY integrations"
    if integration.get("payloadFormatVersion") != "1.0":
        return f"PayloadFormatVersion 1.0 is the only one for {name}"
    if not integration.get("credentialsArn"):
        return f"CredentialsArn must be specified for {name}"
    return subtype.fault(name, integration.get("requestParameters") or {})


def _complete(record: dict[str, Any], data: Mapping[str, Any]) -> None:
    """Put what MiniStack has dropped into an integration's record; an empty value takes a member away."""
    for name in _KEPT:
        if name in data:
            record[name] = data[name]
            if not data[name]:
                del record[name]
    if record.get("integrationSubtype"):
        # They have neither, and Terraform would plan to remove both.
        for name in ("integrationMethod", "integrationUri"):
            if not data.get(name):
                record.pop(name, None)
    # An update takes a single parameter, or a status, away with an empty value.
    for name in ("requestParameters", "responseParameters"):
        if name in record:
            record[name] = {key: value for key, value in record[name].items() if value}


def _create_integration(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_integration(api_id: str, data: dict[str, Any]) -> Response:
        fault = _fault(data) if api_id in apigateway._apis else None
        if fault:
            return _refuse(fault)
        status, headers, body = original(api_id, data)
        if status != 201:
            return status, headers, body
        record = apigateway._integrations.get(api_id)[json.loads(body)["integrationId"]]
        _complete(record, data)
        return apigateway._apigw_response(record, status)

    return create_integration


def _update_integration(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_integration(api_id: str, integration_id: str, data: dict[str, Any]) -> Response:
        record = (apigateway._integrations.get(api_id) or {}).get(integration_id)
        if record is None:
            return original(api_id, integration_id, data)
        wanted = {**record, **data}
        parameters = wanted.get("requestParameters") or {}
        fault = _fault({**wanted, "requestParameters": {name: text for name, text in parameters.items() if text}})
        if fault:
            return _refuse(fault)
        original(api_id, integration_id, data)
        _complete(record, data)
        return apigateway._apigw_response(record)

    return update_integration


def _request_of(call: Call, route_key: str, authorizer: Mapping[str, Any]) -> GatewayRequest:
    """Return the call as expressions see it.

    Source: "Customizing HTTP API access logs", API Gateway guide, for the names in ``$context``.
    """
    request = call.gateway_request()
    context = {name: value for name, value in request.context.items() if name not in _ABSENT_FROM_CONTEXT}
    if call.stage_name == "$default":
        context["path"] = call.path
    context |= {"extendedRequestId": call.request_id, "routeKey": route_key, "authorizer": authorizer}
    return replace(request, context=context)


def _answer(status: int, message: str) -> BackendResponse:
    return BackendResponse(status, json.dumps({"message": message}).encode(), {"Content-Type": "application/json"})


async def _call_service(call: Call, integration: Mapping[str, Any], request: GatewayRequest) -> BackendResponse:
    """Perform the subtype's action with the integration's role. Raises GatewayFailure, MissingParameter."""
    subtype = SUBTYPES[integration["integrationSubtype"]]
    parameters = integration.get("requestParameters") or {}
    source = request_source(request, call.path)
    region = resolve(parameters.get("Region", ""), source) or call.region
    target = Integration("AWS", f"arn:aws:apigateway:{region}:states:action/{subtype.action}")
    body = json.dumps(subtype.payload(parameters, source)).encode()
    credentials = integration["credentialsArn"]
    answer = backend_for(call, target)(BackendRequest(target.uri, "POST", {}, {}, body, credentials))
    if isinstance(answer, BackendResponse):
        return answer
    seconds = (integration.get("timeoutInMillis") or _MAX_SECONDS * 1000) / 1000
    return await within(min(seconds, _MAX_SECONDS), answer)


async def _serve(call: Call, integration: Mapping[str, Any], request: GatewayRequest) -> Response:
    headers = {_REQUEST_ID: call.request_id}
    try:
        answer = await _call_service(call, integration, request)
    except MissingParameter as missing:
        _LOG.info("%s: no value for the parameter %s", call.request_id, missing)
        answer = _answer(400, "Bad Request")
    except GatewayFailure as failure:
        _LOG.info("%s: %s", call.request_id, failure)
        late = failure.response_type == "INTEGRATION_TIMEOUT"
        answer = _answer(503, "Service Unavailable") if late else _answer(500, "Internal Server Error")
    except Exception:
        _LOG.exception("%s: the sandbox failed", call.request_id)
        answer = _answer(500, "Internal Server Error")
    else:
        source = response_source(answer, request)
        mapped = map_response_parameters(integration.get("responseParameters") or {}, answer, source)
        return mapped.status, mapped.headers | headers, mapped.body
    return answer.status, {**answer.headers, **headers}, answer.body


def _invoke_lambda_proxy(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def invoke_lambda_proxy(
        integration: dict[str, Any],
        api_id: str,
        stage: str,
        path: str,
        method: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, list[str]],
        route_key: str = "$default",
        path_params: dict[str, str] | None = None,
        **about: Any,
    ) -> Response:
        if not integration.get("integrationSubtype"):
            return await original(
                integration, api_id, stage, path, method, headers, body, query_params, route_key, path_params, **about
            )
        call = Call(
            api_id,
            stage,
            method,
            path,
            headers,
            body or b"",
            query_params or {},
            about["owner_account_id"],
            about["owner_region"],
            stage=(apigateway._stages.get(api_id) or {}).get(stage) or {},
            resource={"path": route_key.partition(" ")[2] or path},
            path_params=path_params or {},
            # As AWS makes them: 16 characters, which may also name an execution.
            request_id=base64.urlsafe_b64encode(os.urandom(11)).decode(),
        )
        call.stage = {"variables": call.stage.get("stageVariables")}
        call.extended_request_id = call.request_id  # an HTTP API has one id
        claims = {"claims": about.get("authorizer_claims") or {}, "scopes": about.get("authorizer_scopes") or []}
        authorizer = {"jwt": claims, "claims": claims["claims"], **(about.get("authorizer_lambda_context") or {})}
        return await _serve(call, integration, _request_of(call, route_key, authorizer))

    return invoke_lambda_proxy


def _create_authorizer(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_authorizer(api_id: str, data: dict[str, Any]) -> Response:
        created = original(api_id, data)
        if created[0] == _CREATED and apigateway._apis[api_id].get("protocolType") == "WEBSOCKET":
            # Source: botocore's model of apigatewayv2, CreateAuthorizer, read 2026-11-24. Three are "supported only for
            # HTTP APIs" or their Lambda authorizers; the payload's format version it calls that of "an HTTP API Lambda
            # authorizer". That a WebSocket API's authorizer is answered without them is concluded from that.
            authorizer = apigateway._authorizers[api_id][json.loads(created[2])["authorizerId"]]
            for name in _OF_HTTP_APIS - set(data):
                authorizer.pop(name, None)
            return apigateway._apigw_response(authorizer, _CREATED)
        return created

    return create_authorizer


_CREATED = 201
_OF_HTTP_APIS = {
    "authorizerPayloadFormatVersion",
    "authorizerResultTtlInSeconds",
    "enableSimpleResponses",
    "jwtConfiguration",
}

_V2 = "ministack.services.apigateway"

USES = {_V2: ("_apigw_error", "_apigw_response", "_apis", "_authorizers", "_integrations", "_stages")}

HOOKS = (
    Hook(_V2, "_create_authorizer", "MiniStack gives WebSocket APIs' what HTTP APIs' have.", _create_authorizer),
    Hook(_V2, "_create_integration", "MiniStack drops the subtype and the role.", _create_integration),
    Hook(_V2, "_update_integration", "MiniStack drops changes of both.", _update_integration),
    Hook(_V2, "_invoke_lambda_proxy", "MiniStack takes every AWS_PROXY for a function.", _invoke_lambda_proxy),
)
