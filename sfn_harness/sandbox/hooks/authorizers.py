"""What a REST API's Lambda authorizer may be called with: its role, or the function's own policy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ministack.core.responses import request_scope

from sfn_harness.apigateway.backends.services import parse_service_uri
from sfn_harness.apigateway.pipeline import with_stage_variables
from sfn_harness.apigateway.request import GatewayFailure
from sfn_harness.sandbox.hooks.call import CURRENT
from sfn_harness.sandbox.hooks.integrations import check_invocable
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Invoke = Callable[[dict[str, Any], dict[str, Any], str, str], Awaitable[dict[str, Any] | None]]


def _invoke_authorizer_lambda(original: Invoke) -> Invoke:
    async def invoke_authorizer_lambda(
        authorizer: dict[str, Any], event: dict[str, Any], account: str, region: str
    ) -> dict[str, Any] | None:
        call = CURRENT.get()
        variables = call.stage_variables if call is not None else {}
        authorizer = {
            **authorizer,
            **{
                name: with_stage_variables(authorizer.get(name) or "", variables)
                for name in ("authorizerUri", "authorizerCredentials")
            },
        }
        uri = parse_service_uri(authorizer["authorizerUri"])
        function = uri.lambda_function if uri is not None else None
        # "arn:aws:execute-api:<region>:<account>:<api>/<stage>/..." has the API.
        source_arn = f"{event['methodArn'].partition('/')[0]}/authorizers/{authorizer['id']}"
        try:
            if function is not None:
                role = authorizer.get("authorizerCredentials")
                with request_scope(account, region):
                    check_invocable(function, role, account=account, region=region, source_arn=source_arn)
        except GatewayFailure:
            return None  # to MiniStack what it answers AUTHORIZER_CONFIGURATION_ERROR for
        return await original(authorizer, event, account, region)

    return invoke_authorizer_lambda


USES = {"ministack.core.responses": ("request_scope",)}

HOOKS = (
    Hook(
        "ministack.services.apigateway_v1",
        "_invoke_authorizer_lambda",
        "API Gateway calls an authorizer with the authorizer's role; MiniStack asks nobody.",
        _invoke_authorizer_lambda,
    ),
)
