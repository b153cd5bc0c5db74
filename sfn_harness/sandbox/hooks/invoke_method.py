"""TestInvokeMethod: the method as it is now, not as deployed, with a log of what happens to the request."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from ministack.services import apigateway_v1

from sfn_harness.apigateway.execution_log import ExecutionLog, address, reason
from sfn_harness.apigateway.pipeline import map_request, within
from sfn_harness.apigateway.request import BackendResponse, GatewayFailure, Integration
from sfn_harness.apigateway.responses import map_response
from sfn_harness.apigateway.templates import media_type
from sfn_harness.sandbox.hooks import data_plane
from sfn_harness.sandbox.hooks.call import CURRENT, Call
from sfn_harness.sandbox.hooks.deployments import Snapshot, serving
from sfn_harness.sandbox.hooks.integrations import backend_for
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_LOG = logging.getLogger(__name__)
_STAGE = "test-invoke-stage"


@dataclass
class _TestCall(Call):
    """A call that no client made. Recorded on AWS: what stands in ``$context`` for what a client would bring."""

    log: ExecutionLog = field(init=False)
    endpoint_status: int | None = None

    def __post_init__(self) -> None:
        self.log = ExecutionLog(self.request_id)

    def context(self) -> dict[str, Any]:
        """``$context`` of a test."""
        identity = {
            "accountId": self.account,
            "apiKey": "test-invoke-api-key",
            "apiKeyId": "test-invoke-api-key-id",
            "caller": self.account,
            "sourceIp": "test-invoke-source-ip",
            "user": self.account,
            "userAgent": self.headers.get("user-agent", ""),
            "userArn": f"arn:aws:iam::{self.account}:root",
        }
        context = {**super().context(), "identity": identity, "path": self.path}
        return {**context, "domainName": "testPrefix.testDomainName", "domainPrefix": "testPrefix"}


def _path_parameters(template: str, path: str) -> dict[str, str]:
    """Return the parameters of a resource's path in an actual one; none where the two do not fit."""
    parameters: dict[str, str] = {}
    parts = path.strip("/").split("/")
    for index, name in enumerate(template.strip("/").split("/")):
        if name.endswith("+}"):
            parameters[name[1:-2]] = unquote("/".join(parts[index:]))
        elif index >= len(parts):
            break
        elif name.startswith("{") and parts[index] != name:
            parameters[name[1:-1]] = unquote(parts[index])
    return parameters


def _headers(data: dict[str, Any]) -> dict[str, list[str]]:
    """Return the headers of a test by the names they are given with; ``multiValueHeaders`` win."""
    headers = {name: [str(value)] for name, value in (data.get("headers") or {}).items()}
    for name, values in (data.get("multiValueHeaders") or {}).items():
        for same in [known for known in headers if known.lower() == name.lower()]:
            del headers[same]
        headers[name] = [str(value) for value in values]
    return headers


def _call_of(snapshot: Snapshot, resource: dict[str, Any], verb: str, data: dict[str, Any]) -> _TestCall:
    """Make the call that a test describes, and log what was sent."""
    account, region = apigateway_v1.find_api_scope(snapshot.api_id)
    path, _, query = str(data.get("pathWithQueryString") or resource["path"]).partition("?")
    headers = _headers(data)
    call = _TestCall(
        api_id=snapshot.api_id,
        stage_name=_STAGE,
        method=verb,
        path=path,
        headers={name.lower(): values[-1] for name, values in headers.items() if values},
        body=str(data.get("body") or "").encode(),
        query_params=parse_qs(query, keep_blank_values=True),
        account=account,
        region=region,
        stage={"stageName": _STAGE, "variables": data.get("stageVariables") or {}},
        snapshot=snapshot,
        resource=resource,
        path_params=_path_parameters(resource["path"], path),
    )
    call.log.add(f"HTTP Method: {verb}, Resource Path: {path}")
    call.log.add_values("Method request path", call.path_params)
    call.log.add_values("Method request query string", call.query_params)
    call.log.add_values("Method request headers", headers)
    call.log.add(f"Method request body before transformations: {call.body.decode()}")
    return call


def _log_answer(log: ExecutionLog, status: int, headers: Any, body: str, milliseconds: int) -> None:
    log.add(f"Received response. Status: {status}, Integration latency: {milliseconds} ms")
    log.add_values("Endpoint response headers", headers)
    log.add(f"Endpoint response body before transformations: {body}")


def _since(moment: float) -> int:
    return round((time.perf_counter() - moment) * 1000)


async def _integrated(call: _TestCall, integration: Integration) -> tuple[int, dict[str, Any], bytes]:
    """Run a non-proxy integration, step by step. Raises GatewayFailure."""
    request, log = call.gateway_request(), call.log
    mapped = map_request(integration, request)
    mocked = integration.type == "MOCK"
    if not mocked:
        where = address(mapped)
        log.add(f"Endpoint request URI: {where}")
        log.add_values("Endpoint request headers", mapped.headers)
        log.add(f"Endpoint request body after transformations: {mapped.body.decode('utf-8', 'replace')}")
        log.add(f"Sending request to {where}")
    started = time.perf_counter()
    answer = backend_for(call, integration)(mapped)
    if not isinstance(answer, BackendResponse):
        answer = await within(integration.timeout, answer)
    if not mocked:
        call.endpoint_status = answer.status
        _log_answer(log, answer.status, answer.headers, answer.text, _since(started))
    response = map_response(integration, request, answer, mapped.overrides)
    return response.status, response.headers, response.body


async def _proxied(call: _TestCall, method: dict[str, Any], integration: Integration) -> tuple[int, Any, bytes]:
    """Run a proxy integration; what it sends is made where it is sent, so the log has the answer only."""
    call.log.add(f"Sending request to {integration.uri}")
    started = time.perf_counter()
    answer = await within(integration.timeout, data_plane._proxy(call, method, integration))
    data_plane._raise_gateway_error(answer)
    status, headers, body = answer
    _log_answer(call.log, status, headers, bytes(body).decode("utf-8", "replace"), _since(started))
    return status, headers, body


async def _run(call: _TestCall, method: dict[str, Any]) -> tuple[int, dict[str, Any], bytes]:
    """Validate and integrate; authorizers, keys and limits do not apply to a test. Raises GatewayFailure."""
    token = CURRENT.set(call)
    try:
        with serving(call.snapshot):
            data_plane._validate(call, data_plane._with_models_for(call, method))
        integration = call.snapshot.integration(method)
        if data_plane._is_proxy(integration):
            return await _proxied(call, method, integration)
        return await _integrated(call, integration)
    except GatewayFailure:
        raise
    except Exception as error:
        _LOG.exception("%s: the sandbox failed", call.request_id)
        raise GatewayFailure("DEFAULT_5XX", detail=f"the sandbox failed: {error}") from error
    finally:
        CURRENT.reset(token)


async def _invoke(call: _TestCall, method: dict[str, Any]) -> tuple[int, dict[str, Any], bytes]:
    """Run the method, and log how it ends; a failure is answered through the gateway responses."""
    log = call.log
    try:
        status, headers, body = await _run(call, method)
        log.add(f"Method response body after transformations: {body.decode('utf-8', 'replace')}")
        log.add_values("Method response headers", headers)
        log.add("Successfully completed execution")
    except GatewayFailure as failure:
        kind = media_type(call.headers.get("content-type"))
        log.add(reason(failure, content_type=kind, endpoint_status=call.endpoint_status))
        response = data_plane._gateway_response(call, failure)
        status, headers, body = response.status, response.headers, response.body
    log.add(f"Method completed with status: {status}")
    return status, headers, body


async def _test_invoke(api_id: str, resource_id: str, verb: str, data: dict[str, Any]) -> Response:
    if apigateway_v1._rest_apis.get(api_id) is None:
        return apigateway_v1._v1_error("NotFoundException", "Invalid API identifier specified", 404)
    snapshot = Snapshot.take(api_id)  # a copy: what the method does may change the API
    resource = (snapshot.parts["_resources"] or {}).get(resource_id)
    if resource is None:
        return apigateway_v1._v1_error("NotFoundException", "Invalid Resource identifier specified", 404)
    methods = resource["resourceMethods"]
    method = methods.get(verb) or methods.get("ANY")
    if method is None:
        return apigateway_v1._v1_error("NotFoundException", "Invalid Method identifier specified", 404)
    if not method.get("methodIntegration"):
        return apigateway_v1._v1_error("BadRequestException", "No integration defined for method", 400)
    started = time.perf_counter()
    call = _call_of(snapshot, resource, verb, data)
    status, headers, body = await _invoke(call, method)
    lists = {name: value if isinstance(value, list) else [value] for name, value in headers.items()}
    document = {
        "status": status,
        "body": bytes(body).decode("utf-8", "replace"),
        "headers": {name: values[-1] for name, values in lists.items() if values},
        "multiValueHeaders": lists,
        "log": call.log.text,
        "latency": _since(started),
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(document, ensure_ascii=False).encode()


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        match method, path.strip("/").split("/"):
            case "POST", ["restapis", api_id, "resources", resource_id, "methods", verb]:
                try:
                    data = json.loads(body or b"{}")
                except ValueError:
                    data = None
                if not isinstance(data, dict):
                    return apigateway_v1._v1_error("BadRequestException", "Invalid request input", 400)
                return await _test_invoke(api_id, resource_id, verb, data)
        return await original(method, path, headers, body, query_params)

    return handle_request


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_rest_apis", "_v1_error", "find_api_scope")}

HOOKS = (Hook(_V1, "handle_request", "MiniStack has no TestInvokeMethod.", _handle_request, part="invoke"),)
