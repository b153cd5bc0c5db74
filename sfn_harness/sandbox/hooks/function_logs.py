"""What Lambda does with a function's role: it writes the log, and sends what failed to the destination."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, lambda_svc

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.roles import NotAssumable, Session, assume

__all__ = ["HOOKS", "USES"]

_DESTINATIONS = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}


def _session(config: dict[str, Any]) -> Session | None:
    """Return the session that Lambda has with the function's role; None if it may not assume the role."""
    try:
        return assume(
            config.get("Role"),
            service="lambda.amazonaws.com",
            session_name=config["FunctionName"],
            account=get_account_id(),
            region=get_region(),
            source_arn=config["FunctionArn"],
        )
    except NotAssumable:
        return None


def _may_log(config: dict[str, Any]) -> bool:
    """Whether the role may write the function's log: here a new stream for each call, and the group if need be."""
    session = _session(config)
    if session is None:
        return False
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    if group not in cloudwatch_logs._log_groups:
        actions.append("logs:CreateLogGroup")
    stream = f"{cloudwatch_logs._make_group_arn(group).removesuffix(':*')}:log-stream:stream"
    return all(session.refusal(action, stream) is None for action in actions)


def _emit_lambda_logs(original: Callable[..., None]) -> Callable[..., None]:
    def emit_lambda_logs(function: dict[str, Any], *arguments: Any, **options: Any) -> None:
        if _may_log(function.get("config") or function):
            original(function, *arguments, **options)

    return emit_lambda_logs


def _route_async_failure(original: Callable[..., None]) -> Callable[..., None]:
    def route_async_failure(target_arn: str, func_name: str, *arguments: Any) -> None:
        # Source: Lambda's developer guide, "Capturing records of Lambda asynchronous invocations": without permission
        # nothing is delivered (read 2026-11-24; the names of the permissions are from memory).
        action = _DESTINATIONS.get(target_arn.split(":")[2])
        session = _session(lambda_svc._functions[func_name]["config"])
        if action is None or (session is not None and session.refusal(action, target_arn) is None):
            original(target_arn, func_name, *arguments)

    return route_async_failure


def _dispatch_to_lambda(original: Callable[[str, str], None]) -> Callable[[str, str], None]:
    def dispatch_to_lambda(arn: str, payload: str) -> None:
        # Source: https://awslabs.github.io/serverless-rules/rules/lambda/async_failure_destination (read 2026-11-24).
        function, config, _ = lambda_svc._get_func_record_for_ref(arn)
        if not function or not config:
            original(arn, payload)
        else:
            record = lambda_svc._execution_record_for_config(function, config)
            lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    return dispatch_to_lambda


USES = {
    "ministack.core.responses": ("get_account_id", "get_region"),
    "ministack.services.cloudwatch_logs": ("_log_groups", "_make_group_arn"),
    "ministack.services.lambda_svc": (
        "_execution_record_for_config",
        "_functions",
        "_get_func_record_for_ref",
        "invoke_async_with_retry",
    ),
}

HOOKS = (
    Hook(
        "ministack.services.lambda_svc",
        "_emit_lambda_logs",
        "A function without the permission to write logs leaves none.",
        _emit_lambda_logs,
    ),
    Hook(
        "ministack.services.lambda_svc",
        "_route_async_failure",
        "What failed goes to a destination that the function's role may send to; MiniStack asks nobody.",
        _route_async_failure,
    ),
    Hook(
        "ministack.services.eventbridge",
        "_dispatch_to_lambda",
        "EventBridge calls functions asynchronously, with retries; MiniStack calls them once.",
        _dispatch_to_lambda,
    ),
)
