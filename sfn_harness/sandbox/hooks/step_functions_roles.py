"""The role of a state machine: a task may do what the role allows, and nothing else.

Sources: what AWS's executions have been seen to fail with. A role that can't be assumed is noticed by the first task
that needs it, not when an execution starts. A refusal has the name that the SDK for Java gives it, of version 1 for the
optimized integrations, of version 2 for those of the SDK, and ends like a message of version 2.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import stepfunctions

from sfn_harness.apigateway.backends.states import unqualified
from sfn_harness.sandbox.hooks.partitions import partition_of
from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.roles import NotAssumable, Session, assume

__all__ = ["HOOKS", "USES"]

_SERVICE = "states.amazonaws.com"

# Service => the error of an optimized integration that it refuses, its name in the SDK for Java 2, its status.
_REFUSALS = {
    "dynamodb": ("DynamoDB.AmazonDynamoDBException", "DynamoDb", 400),
    "ecs": ("ECS.AccessDeniedException", "Ecs", 400),
    "events": ("EventBridge.AccessDeniedException", "EventBridge", 400),
    "lambda": ("Lambda.AWSLambdaException", "Lambda", 403),
    "sns": ("SNS.AuthorizationErrorException", "Sns", 403),
    "sqs": ("SQS.AmazonSQSException", "Sqs", 403),
    "states": ("StepFunctions.AWSStepFunctionsException", "Sfn", 400),
}

# Services whose model names the refusal, so that the SDK has an exception for it; the others' is <Service>Exception.
_NAMED = {"Sns": "AuthorizationErrorException"} | dict.fromkeys(
    ("CloudWatchLogs", "Ecs", "EventBridge", "Glue", "Kinesis", "RdsData", "Ssm"), "AccessDeniedException"
)

Demand = tuple[str, str]  # an action, and the ARN it is done to


@dataclass(frozen=True)
class _Task:
    """Whose task runs: the role its execution was started with, and the state machine."""

    role: str
    state_machine: str

    def session(self) -> Session:
        """Assume the role. Raises stepfunctions._ExecutionError (States.TaskFailed) when it can't be."""
        region = get_region()
        try:
            return assume(
                self.role,
                service=_SERVICE,
                session_name=new_uuid().replace("-", ""),
                account=get_account_id(),
                region=region,
                source_arn=self.state_machine.replace("arn:aws:", f"arn:{partition_of(region)}:", 1),
            )
        except NotAssumable as error:
            cause = f"The principal {_SERVICE} is not authorized to assume the provided role. (role: {self.role})"
            raise stepfunctions._ExecutionError("States.TaskFailed", cause) from error


_TASK: ContextVar[_Task | None] = ContextVar("task_that_runs", default=None)


def _execute_task(original: Callable[..., Any]) -> Callable[..., Any]:
    def execute_task(state: dict[str, Any], raw_input: Any, execution: Any, context: dict[str, Any]) -> Any:
        # Not `execution`, which is a child of its own for an item of a distributed Map.
        started = stepfunctions._executions[context["Execution"]["Id"]]["events"][0]["executionStartedEventDetails"]
        token = _TASK.set(_Task(started["roleArn"], context["StateMachine"]["Id"]))
        try:
            return original(state, raw_input, execution, context)
        finally:
            _TASK.reset(token)

    return execute_task


def _ask(session: Session, demands: list[Demand], error: str, name: str, status: int) -> None:
    """Fail the task (stepfunctions._ExecutionError) for the first demand that the role does not allow."""
    for action, resource in demands:
        reason = session.refusal(action, resource)
        if reason is not None:
            raise stepfunctions._ExecutionError(
                error,
                f"User: {session.arn} is not authorized to perform: {action} on resource: {resource} {reason} "
                f"(Service: {name}, Status Code: {status}, Request ID: {new_uuid()})",
            )


def _function_arn(name: Any, qualifier: Any = None) -> str:
    arn = stepfunctions._resolve_lambda_function_ref(name, optimized=True)
    if not str(arn).startswith("arn:"):
        arn = f"arn:aws:lambda:{get_region()}:{get_account_id()}:function:{arn}"
    return f"{arn}:{qualifier}" if qualifier else arn


def _requested(service: str, action: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> list[Demand]:
    """Return what a request that is not to a path demands."""
    scope = get_region(), get_account_id()
    if service == "dynamodb":
        items = iam_actions.dynamodb_transaction_checks(action, body, *scope)
        if items:
            return items
        tables = iam_actions.dynamodb_resource_arns(body, *scope)
        if tables:
            return [(action, table) for table in tables]
    if service == "events" and action == "events:PutEvents":
        return [(action, bus) for bus in iam_actions.eventbridge_resource_arns(body, *scope)]
    return [(action, iam_actions.extract_resource_arn(service, "POST", "/", headers, body, query, *scope))]


def _optimized(service: str, operation: str, data: dict[str, Any]) -> list[Demand]:
    """Return what a task demands whose resource is ``arn:aws:states:::<service>:<operation>``."""
    if service == "lambda":
        return [("lambda:InvokeFunction", _function_arn(data.get("FunctionName"), data.get("Qualifier")))]
    if service == "states":
        arn = stepfunctions._nested_start_execution_request(data)["stateMachineArn"]
        return [("states:StartExecution", unqualified(arn))]
    if service == "ecs":
        data = stepfunctions._pascal_to_camel(data)
    action = f"{service}:{operation[:1].upper()}{operation[1:]}"
    return _requested(service, action, {}, json.dumps(data).encode(), data)


def _authorize(resource: str, data: Any) -> None:
    """Ask the role of the task that runs here, if one does, before it is done. An activity's worker needs no role."""
    task = _TASK.get()
    if task is None or ":activity:" in resource:
        return
    session = task.session()
    integration = resource.partition(":states:::")[2]
    if not integration:
        if ":function:" in resource:
            _ask(session, [("lambda:InvokeFunction", resource)], *_REFUSALS["lambda"])
        return
    service, _, operation = integration.partition(".")[0].partition(":")
    if service in _REFUSALS:
        _ask(session, _optimized(service, operation, data if isinstance(data, dict) else {}), *_REFUSALS[service])


def _invoke_resource(original: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_resource(resource: str, data: Any) -> Any:
        _authorize(resource, data)
        return original(resource, data)

    return invoke_resource


def _invoke_with_callback(original: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_with_callback(resource: str, data: Any, token: str, state: dict[str, Any]) -> Any:
        _authorize(resource, data)
        return original(resource, data, token, state)

    return invoke_with_callback


@cache
def _sdk_refusals() -> dict[str, tuple[str, str, int]]:
    """Return what `_REFUSALS` has, for the integrations of the SDK."""
    refusals = {}
    for sdk, info in stepfunctions._AWS_SDK_SERVICE_MAP.items():
        name = stepfunctions._AWS_SDK_ERROR_PREFIX.get(sdk, sdk.capitalize())
        error = f"{name}.{_NAMED.get(name, f'{name}Exception')}"
        refusals[info.get("service_key", sdk)] = (error, name, 400 if info["protocol"] == "json" else 403)
    return refusals


def _sdk_demands(
    service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
) -> list[Demand]:
    """Return what a request demands that a task of an SDK integration sends."""
    action = iam_actions.extract_iam_action(service, method, path, headers, body, query)
    if action is None:
        return []
    if path == "/":
        return _requested(service, action, headers, body, app._routing_params(method, path, headers, body, query))
    scope = get_region(), get_account_id()
    demands = [(action, iam_actions.extract_resource_arn(service, method, path, headers, body, query, *scope))]
    if service == "s3":
        demands += iam_actions.s3_additional_checks(method, path, headers, body, query)
    return demands


def _call_service_handler_sync(original: Callable[..., Any]) -> Callable[..., Any]:
    def call_service_handler_sync(
        handler: Any, method: str, path: str, headers: dict[str, str], body: Any, query: dict[str, Any], **options: Any
    ) -> Any:
        task = _TASK.get()
        if task is not None:
            service = headers["authorization"].split("/")[3]  # MiniStack signs for <key>/<date>/<region>/<service>
            content = body.encode() if isinstance(body, str) else body
            demands = _sdk_demands(service, method, path, headers, content, query)
            _ask(task.session(), demands, *_sdk_refusals()[service])
        return original(handler, method, path, headers, body, query, **options)

    return call_service_handler_sync


def _extract_resource_arn(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(service: str, *request: Any) -> str:
        arn = original(service, *request)
        return unqualified(arn) if service == "states" and isinstance(arn, str) else arn

    return extract_resource_arn


_SFN = "ministack.services.stepfunctions"

USES = {
    _SFN: (
        "_AWS_SDK_ERROR_PREFIX",
        "_AWS_SDK_SERVICE_MAP",
        "_ExecutionError",
        "_executions",
        "_nested_start_execution_request",
        "_pascal_to_camel",
        "_resolve_lambda_function_ref",
    ),
    "ministack.app": ("_routing_params",),
    "ministack.core.iam_actions": (
        "dynamodb_resource_arns",
        "dynamodb_transaction_checks",
        "eventbridge_resource_arns",
        "extract_iam_action",
        "s3_additional_checks",
    ),
    "ministack.core.responses": ("get_account_id", "get_region", "new_uuid"),
}

HOOKS = (
    Hook(_SFN, "_execute_task", "Remembers whose task runs.", _execute_task),
    Hook(_SFN, "_invoke_resource", "A task asks the state machine's role; MiniStack asks nobody.", _invoke_resource),
    Hook(
        _SFN,
        "_invoke_with_callback",
        "A task that waits for its token asks the role, too.",
        _invoke_with_callback,
        part="role",
    ),
    Hook(
        "ministack.app",
        "call_service_handler_sync",
        "A task of an SDK integration asks the role for what it sends.",
        _call_service_handler_sync,
    ),
    Hook(
        "ministack.core.iam_actions",
        "extract_resource_arn",
        "IAM is asked about the state machine, not about its version or alias.",
        _extract_resource_arn,
    ),
)
