"""The log of a Lambda function, which Lambda writes with the function's role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.roles import NotAssumable, assume

__all__ = ["HOOKS", "USES"]


def _may_log(config: dict[str, Any]) -> bool:
    """Whether the role may write the function's log: here a new stream for each call, and the group if need be."""
    name = config["FunctionName"]
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
    try:
        session = assume(
            config.get("Role"),
            service="lambda.amazonaws.com",
            session_name=name,
            account=get_account_id(),
            region=get_region(),
            source_arn=config["FunctionArn"],
        )
    except NotAssumable:
        return False
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


USES = {
    "ministack.core.responses": ("get_account_id", "get_region"),
    "ministack.services.cloudwatch_logs": ("_log_groups", "_make_group_arn"),
}

HOOKS = (
    Hook(
        "ministack.services.lambda_svc",
        "_emit_lambda_logs",
        "A function without the permission to write logs leaves none.",
        _emit_lambda_logs,
    ),
)
