"""A call to a REST API: route, authorize, check, integrate, and word every error as a gateway response."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.core import sigv4
from ministack.services import apigateway_v1

from sfn_harness.apigateway.gateway_responses import render_gateway_response
from sfn_harness.apigateway.pipeline import run, with_stage_variables, within
from sfn_harness.apigateway.request import GatewayFailure, GatewayResponse, Integration
from sfn_harness.apigateway.responses import set_header
from sfn_harness.apigateway.templates import media_type
from sfn_harness.apigateway.validation import describe
from sfn_harness.sandbox.hooks import call as call_module
from sfn_harness.sandbox.hooks import integrations, roles
from sfn_harness.sandbox.hooks.call import CURRENT, Call, request_id_of
from sfn_harness.sandbox.hooks.deployments import Snapshot, serving, snapshot_of
from sfn_harness.sandbox.hooks.integrations import backend_for, throttled
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_LOG = logging.getLogger(__name__)
_MAX_REQUEST_BYTES = 10 * 1024 * 1024  # API Gateway's payload quota, which cannot be raised
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def _raise_gateway_error(answer: Any) -> None:
    """Turn an error of MiniStack's own checks into a GatewayFailure, and pass anything else."""
    if isinstance(answer, apigateway_v1._GatewayError):
        raise GatewayFailure(answer.response_type, answer.message, error_type=answer.error_type)


def _route(call: Call, snapshot: Snapshot) -> dict[str, Any]:
    """Return the method that serves this call. Raises GatewayFailure (MISSING_AUTHENTICATION_TOKEN) when none does."""
    found = snapshot.route(call.method, call.path)
    if found is None:
        foreign = call.headers.get("authorization", "")
        refused = sigv4.foreign_authorization_failure(call.headers) if foreign else None
        if refused and not foreign.startswith("AWS4-HMAC-SHA256"):
            # Measured by others, 2026-10-03: to call what does not exist takes a signature, and a Bearer token is one
            # that can't be read. Which gateway response answers is not recorded; here it has no type of its own.
            raise GatewayFailure("DEFAULT_4XX", refused[1], status=403, error_type="IncompleteSignatureException")
        raise GatewayFailure("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    call.resource, parameters, method = found
    call.path_params = dict(parameters)
    return method


def _with_models_for(call: Call, method: dict[str, Any]) -> dict[str, Any]:
    """Leave the models out when none is for the request's content type: API Gateway then does not validate the body."""
    models = method.get("requestModels") or {}
    wanted = media_type(call.headers.get("content-type"))
    return method if any(media_type(key) == wanted for key in models) else {**method, "requestModels": {}}


def _validate(call: Call, method: dict[str, Any]) -> None:
    """Apply the method's request validator. Raises GatewayFailure, with what is wrong with a body."""
    error = apigateway_v1._check_request_validation(
        method, call.api_id, {"path_params": call.path_params}, call.headers, call.body, call.query_params
    )
    if getattr(error, "response_type", None) == "BAD_REQUEST_BODY":
        wanted = media_type(call.headers.get("content-type"))
        models = {media_type(key): name for key, name in (method.get("requestModels") or {}).items()}
        detail = describe(apigateway_v1._model_schema(call.api_id, models.get(wanted)), call.body)
        raise GatewayFailure(error.response_type, error.message, validation=detail, error_type=error.error_type)
    _raise_gateway_error(error)


async def _admit(call: Call, method: dict[str, Any]) -> None:
    """Authorize, then check key, throttle, quota and validity, in API Gateway's order. Raises GatewayFailure."""
    error, call.authorizer = await apigateway_v1._authorize_request_v1(
        call.api_id,
        call.stage_name,
        method,
        call.method,
        call.path,
        call.resource,
        call.headers,
        call.body,
        call.query_params,
        call.path_params,
        call.stage,
        call.account,
        call.region,
    )
    _raise_gateway_error(error)
    if (method.get("authorizationType") or "").upper() == "AWS_IAM":
        call.identity.update(apigateway_v1._iam_caller_identity(call.headers, call.query_params) or {})
    error, key = apigateway_v1._check_api_key(method, call.api_id, call.stage_name, call.headers)
    _raise_gateway_error(error)
    if key is not None:
        call.identity.update(apiKey=key.get("value"), apiKeyId=key.get("id"))
    named = key or apigateway_v1._resolve_api_key(apigateway_v1._api_key_from_request(call.headers))
    _raise_gateway_error(
        apigateway_v1._check_throttle(
            call.stage, call.api_id, call.stage_name, call.resource["path"], call.method, named
        )
    )
    _raise_gateway_error(apigateway_v1._check_quota(key, call.api_id, call.stage_name))
    _validate(call, _with_models_for(call, method))


async def _proxy(call: Call, method: dict[str, Any], integration: Integration) -> Any:
    """MiniStack's own proxy integrations, and its SQS one."""
    source = dict(method["methodIntegration"])
    source["uri"] = with_stage_variables(source.get("uri") or "", call.stage_variables)
    if integration.type == "HTTP_PROXY":
        return await apigateway_v1._invoke_http_proxy_v1(
            source, call.path, call.method, call.headers, call.body, call.query_params, call.path_params
        )
    invoke = apigateway_v1._invoke_lambda_proxy_v1 if integration.type == "AWS_PROXY" else apigateway_v1._invoke_sqs_v1
    api = (call.snapshot.parts["_rest_apis"] if call.snapshot else None) or {}
    return await invoke(
        source,
        call.api_id,
        call.stage_name,
        call.stage,
        call.resource,
        call.path,
        call.method,
        call.headers,
        call.body,
        call.query_params,
        call.path_params,
        owner_account_id=call.account,
        owner_region=call.region,
        binary_media_types=api.get("binaryMediaTypes") or [],
        authorizer_context=call.authorizer,
        caller_identity=call.identity or None,
    )


def _is_proxy(integration: Integration) -> bool:
    return integration.type in ("AWS_PROXY", "HTTP_PROXY") or ":sqs:path/" in integration.uri


async def _answer(call: Call) -> Response:
    """Serve a call. Raises GatewayFailure for what API Gateway answers itself."""
    call.snapshot = snapshot_of(call.api_id, call.stage)
    method = _route(call, call.snapshot)
    # Only MiniStack's look-ups see the snapshot: a backend may call the control plane, and has to see it as it is.
    with serving(call.snapshot):
        await _admit(call, method)
    integration = call.snapshot.integration(method)
    if _is_proxy(integration):
        answer = await within(integration.timeout, _proxy(call, method, integration))
        _raise_gateway_error(answer)
        return answer
    response = await run(integration, call.gateway_request(), backend_for(call, integration))
    return response.status, response.headers, response.body


def _gateway_response(call: Call, failure: GatewayFailure) -> GatewayResponse:
    """Return the answer to a failure, through the deployed API's gateway responses."""
    customized = (call.snapshot.parts["_gateway_responses"] if call.snapshot else None) or {}
    kind = failure.response_type
    chosen = apigateway_v1._gateway_response_for_type(customized, kind)
    templates = chosen.get("responseTemplates") or {}
    if kind == "ACCESS_DENIED" and not customized.keys() & {kind, "DEFAULT_4XX"}:
        # Recorded on AWS: the built-in answer to a denial is the only one that spells it "Message".
        templates = {"application/json": '{"Message":$context.error.messageString}'}
    response = render_gateway_response(
        failure,
        call.gateway_request(),
        status=int(chosen.get("statusCode") or (403 if kind == "DEFAULT_4XX" else 500)),
        parameters=chosen.get("responseParameters") or {},
        templates=templates,
    )
    error_type = failure.error_type or apigateway_v1._GATEWAY_RESPONSE_ERROR_TYPES.get(kind)
    if error_type:
        set_header(response.headers, "x-amzn-ErrorType", error_type)
    return response


async def _serve(call: Call) -> Response:
    try:
        return await _answer(call)
    except GatewayFailure as failure:
        if failure.detail:
            _LOG.info("%s: %s", call.request_id, failure.detail)
        response = _gateway_response(call, failure)
    except Exception:
        _LOG.exception("%s: the sandbox failed", call.request_id)
        response = _gateway_response(call, GatewayFailure("DEFAULT_5XX"))
    return response.status, response.headers, response.body


def _method_of(method: str, headers: dict[str, str]) -> str:
    """Return the method that a request is for: ``X-HTTP-Method-Override`` overrides the one that it has.

    Source: "Amazon API Gateway important notes", API Gateway guide.
    """
    override = headers.get("x-http-method-override", "").upper()
    return override if override in _METHODS else method


def _too_large() -> Response:
    """Return the answer to a request over the quota, which no gateway response can change.

    Source: "Amazon API Gateway important notes", API Gateway guide, for the latter; the text and that nothing else
    (no CORS) comes with it was measured on AWS by others, 2026-10-03.
    """
    text = f"HTTP content length exceeded {_MAX_REQUEST_BYTES} bytes."
    return 413, {"Content-Type": "text/plain"}, text.encode()


def _handle_execute(_original: Any) -> Any:
    async def handle_execute_in_scope(
        api_id: str,
        stage_name: str,
        method: str,
        path: str,
        headers: dict[str, str] | None,
        body: bytes,
        query_params: dict[str, list[str]] | None,
        owner_account_id: str,
        owner_region: str,
    ) -> Response:
        headers = headers or {}
        if len(body or b"") > _MAX_REQUEST_BYTES:
            return _too_large()
        call = Call(
            api_id,
            stage_name,
            _method_of(method, headers),
            path,
            headers,
            body or b"",
            query_params or {},
            owner_account_id,
            owner_region,
            request_id=request_id_of(headers),
        )
        stage = (apigateway_v1._stages_v1.get(api_id) or {}).get(stage_name)
        if stage is None:
            # No deployment is reached, so there are no gateway responses to go through.
            answer_headers = {"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"}
            status, body = 403, b'{"message":"Forbidden"}'
        else:
            call.stage = stage
            token = CURRENT.set(call)
            try:
                status, answer_headers, body = await _serve(call)
            finally:
                CURRENT.reset(token)
        set_header(answer_headers, "x-amzn-requestid", call.request_id)
        set_header(answer_headers, "x-amz-apigw-id", call.extended_request_id)
        return status, answer_headers, body

    return handle_execute_in_scope


def _build_event(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def build_lambda_event(*args: Any, **kwargs: Any) -> dict[str, Any]:
        event = original(*args, **kwargs)
        call = CURRENT.get()
        if call is not None:
            event["requestContext"]["requestId"] = call.request_id
            event["requestContext"]["extendedRequestId"] = call.extended_request_id
        return event

    return build_lambda_event


def _proxy_response(original: Callable[..., Any]) -> Callable[..., Any]:
    def lambda_proxy_response(result: dict[str, Any]) -> Any:
        if result.get("throttle") and CURRENT.get() is not None:
            raise throttled()
        response, fault = original(result)
        if fault and CURRENT.get() is not None:
            raise GatewayFailure("DEFAULT_5XX", detail=str(fault), status=502)
        return response, fault

    return lambda_proxy_response


def _gateway_error_response(_original: Any) -> Any:
    def gateway_error_response(error: Any, request: dict[str, Any]) -> Response:
        scope = apigateway_v1.find_api_scope(request["api_id"]) or ("", "")
        call = Call(
            request["api_id"],
            request["stage_name"],
            "",
            "",
            request["headers"],
            b"",
            request["query_params"],
            *scope,
            stage=request["stage"],
            request_id=request["request_id"],
        )
        call.snapshot = snapshot_of(call.api_id, call.stage)
        failure = GatewayFailure(error.response_type, error.message, error_type=error.error_type)
        response = _gateway_response(call, failure)
        set_header(response.headers, "x-amzn-requestid", call.request_id)
        return response.status, response.headers, response.body

    return gateway_error_response


def _enforce_execute_api(original: Callable[..., Response | None]) -> Callable[..., Response | None]:
    def enforce_execute_api(
        api_id: str,
        stage_name: str,
        method: str,
        path: str,
        headers: dict[str, str],
        query_params: dict[str, list[str]],
        **kwargs: Any,
    ) -> Response | None:
        if apigateway_v1.find_api_scope(api_id) is not None:
            method = _method_of(method, headers)
        refused = original(api_id, stage_name, method, path, headers, query_params, **kwargs)
        stage = apigateway_v1.stages_for_api(api_id).get(stage_name) if apigateway_v1.find_api_scope(api_id) else None
        if refused is None or stage is None or refused[1].get("x-amzn-errortype") != "AccessDeniedException":
            return refused
        message = next((value for key, value in json.loads(refused[2]).items() if key.lower() == "message"), None)
        request = {
            "api_id": api_id,
            "stage_name": stage_name,
            "stage": stage,
            "headers": headers,
            "query_params": query_params,
            "request_id": request_id_of(headers),
        }
        return apigateway_v1._gateway_error_response(apigateway_v1._GatewayError("ACCESS_DENIED", message), request)

    return enforce_execute_api


_V1 = "ministack.services.apigateway_v1"

USES = {
    "ministack.core.sigv4": ("foreign_authorization_failure",),
    _V1: (
        "_GATEWAY_RESPONSE_ERROR_TYPES",
        "_GatewayError",
        "_api_key_from_request",
        "_authorize_request_v1",
        "_check_api_key",
        "_check_quota",
        "_check_request_validation",
        "_check_throttle",
        "_gateway_response_for_type",
        "_iam_caller_identity",
        "_invoke_http_proxy_v1",
        "_invoke_lambda_proxy_v1",
        "_invoke_sqs_v1",
        "_model_schema",
        "_resolve_api_key",
        "_stages_v1",
        "stages_for_api",
    ),
    **call_module.USES,
    **roles.USES,
}
# The dotted modules above are distinct from those below, save one.
USES[_V1] += integrations.USES[_V1]
USES |= {module: names for module, names in integrations.USES.items() if module != _V1}

HOOKS = (
    Hook(_V1, "_handle_execute_in_scope", "Everything this package is about happens here.", _handle_execute),
    Hook(_V1, "_gateway_error_response", "A refused signature is a gateway response too.", _gateway_error_response),
    Hook("ministack.app", "_enforce_execute_api", "And so is a caller whose policy says no.", _enforce_execute_api),
    Hook(_V1, "_build_lambda_event_v1", "One request id for the event, the header and the log.", _build_event),
    Hook(_V1, "_lambda_proxy_response", "A failed proxy function is a 502 gateway response.", _proxy_response),
)
