"""What a call's integration reaches: Step Functions, Lambda, an HTTP endpoint, or nothing (MOCK)."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import request_scope
from ministack.services import apigateway_v1, lambda_svc, stepfunctions

from sfn_harness.apigateway.backends import functions, http, mock, states
from sfn_harness.apigateway.backends.services import ServiceUri, parse_service_uri
from sfn_harness.apigateway.pipeline import Backend
from sfn_harness.apigateway.request import BackendRequest, BackendResponse, GatewayFailure, Integration
from sfn_harness.sandbox.hooks.call import Call
from sfn_harness.sandbox.hooks.faults import FAULTS
from sfn_harness.sandbox.hooks.roles import NotAssumable, Session, assume, function_policy_allows
from sfn_harness.sandbox.stepfunctions import front
from sfn_harness.sandbox.stepfunctions.states import STATES
from sfn_harness.stepfunctions.errors import ApiError

__all__ = ["USES", "backend_for", "check_invocable", "throttled"]

_SERVICE = "apigateway.amazonaws.com"


def _session(role: str | None, *, account: str, region: str, source_arn: str) -> Session:
    """Assume the role of an integration or authorizer. Raises GatewayFailure (API_CONFIGURATION_ERROR): it can't be.

    API Gateway does not send ``aws:SourceAccount`` when it assumes a role, so a trust policy that asks for it keeps it
    out. Source: aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws, pull request 479,
    tested on AWS.
    """
    try:
        return assume(
            role,
            service=_SERVICE,
            session_name="BackplaneAssumeRoleSession",
            account=account,
            region=region,
            source_arn=source_arn,
            names_account=False,
        )
    except NotAssumable as error:
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=str(error)) from error


def check_invocable(function: str, role: str | None, *, account: str, region: str, source_arn: str) -> None:
    """Refuse (GatewayFailure, API_CONFIGURATION_ERROR) when the role, or without one the function's policy, does."""
    origin = {"account": account, "region": region, "source_arn": source_arn}
    if role:
        if _session(role, **origin).refusal("lambda:InvokeFunction", function) is None:
            return
    else:
        found = lambda_svc.function_policy_for_arn(function)
        if found is None or function_policy_allows(found[0], function, service=_SERVICE, **origin):
            return  # a function that does not exist fails by itself
    raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Invalid permissions on Lambda function {function}")


def _answer(response: tuple[int, dict[str, Any], bytes]) -> BackendResponse:
    status, headers, body = response
    return BackendResponse(status, body, headers)


async def _call_states(call: Call, request: BackendRequest) -> BackendResponse:
    uri = _service(request)
    session = _session(request.credentials, account=call.account, region=call.region, source_arn=call.source_arn)
    action = states.action_of(uri, request)
    service = STATES.service
    if action not in service.model.operation_names or request.http_method.upper() != "POST":
        return states.error("com.amazon.coral.service#UnknownOperationException", None)
    refused = front.too_large(request.body)
    if refused is not None:
        return _answer(refused)
    try:
        _, payload = front.PROTOCOL.read(action, request.body)
    except ApiError:
        return states.error("com.amazon.coral.service#SerializationException", None)
    resource = states.resource_of(action, payload)
    reason = session.refusal(f"states:{action}", resource)
    fault = FAULTS.of(call.account, action)
    if reason is not None or fault:
        # What can't be read is refused first. Without a refusal or a fault the service itself says so.
        malformed = front.refusal_before_authorization(service, action, payload)
        if malformed is not None:
            return _answer(malformed)
    if reason is not None:
        return states.denied(session.arn, action, resource, reason)
    with request_scope(call.account, uri.region):
        if fault:
            headers = {"x-amz-target": f"{states.TARGET_PREFIX}.{action}"}
            return _answer(await stepfunctions.handle_request("POST", "/", headers, request.body, {}))
        return _answer(await front.answered(service, action, payload, front.scope_of(call.account, uri.region)))


def throttled() -> GatewayFailure:
    """Return the failure of an integration whose function Lambda does not run: no pattern sees Lambda's 429.

    Source: stackoverflow.com/questions/36363280 (an engineer of AWS, and the response's type since); for proxies, that
    the caller sees a failure of API Gateway's, re:Post QUfI6bsdd0SOiPeyimzxSkfQ, 2025.
    """
    return GatewayFailure("INTEGRATION_FAILURE", detail="The function is throttled")


async def _call_lambda(call: Call, request: BackendRequest) -> BackendResponse:
    uri = _service(request)
    function = uri.lambda_function
    if function is None:
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Not a Lambda invocation: {request.uri}")
    with request_scope(call.account, uri.region):
        check_invocable(
            function, request.credentials, account=call.account, region=call.region, source_arn=call.source_arn
        )
        event = functions.event_from(request.body)
        result, fault = await apigateway_v1._call_lambda_raw(
            function, event, account_id=call.account, region=uri.region
        )
    if fault:
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=fault)
    if result.get("throttle"):
        raise throttled()
    return functions.response_from(result.get("body"), failed=bool(result.get("error")))


def _service(request: BackendRequest) -> ServiceUri:
    uri = parse_service_uri(request.uri)
    if uri is None:
        raise GatewayFailure("API_CONFIGURATION_ERROR", detail=f"Not a service integration: {request.uri}")
    return uri


def _unsupported(request: BackendRequest) -> Any:
    raise GatewayFailure("INTEGRATION_FAILURE", detail=f"The sandbox has no integration for {request.uri}")


def backend_for(call: Call, integration: Integration) -> Backend:
    """Return the backend of a non-proxy integration, as the pipeline calls it."""
    if integration.type == "MOCK":
        return mock.answer
    if integration.type == "HTTP":
        return http.call
    uri = parse_service_uri(integration.uri)
    service = uri.service if uri is not None else ""
    if service == "states":
        return lambda request: _call_states(call, request)
    if service == "lambda":
        return lambda request: _call_lambda(call, request)
    return _unsupported


USES = {
    "ministack.services.apigateway_v1": ("_call_lambda_raw",),
    "ministack.services.lambda_svc": ("function_policy_for_arn",),
    "ministack.services.stepfunctions": ("handle_request",),
}
