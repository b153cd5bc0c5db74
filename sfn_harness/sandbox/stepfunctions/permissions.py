"""What a task's call demands of the state machine's role, and how a refusal reads.

Sources: what AWS's executions have been seen to fail with. A role that can't be assumed is noticed by the first task
that needs it, not when an execution starts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import iam_actions

from sfn_harness.apigateway.backends.states import resource_of
from sfn_harness.sandbox.hooks.roles import NotAssumable, Session, assume
from sfn_harness.sandbox.stepfunctions.protocol import Request
from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError
from sfn_harness.stepfunctions.ports import Role

__all__ = ["USES", "ask", "ask_for_endpoint", "demands", "session_of"]

Json = Any
Demand = tuple[str, str]  # an action, and the ARN it is done to

_SERVICE = "states.amazonaws.com"
# Service => the code and the status of a refusal, where it is not AccessDeniedException and the protocol's.
_CODES = {"sns": "AuthorizationError", "s3": "AccessDenied"}
_STATUSES = {"sqs": 403}


def session_of(role: Role) -> Session:
    """Assume a role as Step Functions, or as the state machine's role. Raises NotAssumableError."""
    name = uuid.uuid4().hex
    try:
        if role.through is not None:
            return session_of(role.through).assume(role.arn, session_name=name)
        return assume(
            role.arn,
            service=_SERVICE,
            session_name=name,
            account=role.arn.split(":")[4],
            region=role.scope.region,
            source_arn=role.source_arn,
        )
    except NotAssumable as error:
        raise NotAssumableError(str(error)) from error


def _function_arn(name: str, qualifier: str | None, account: str, region: str) -> str:
    if not name.startswith("arn:"):
        parts = name.split(":")
        if len(parts) > 1 and "function" in parts:  # <account>:function:<name>
            account, name = parts[0], ":".join(parts[parts.index("function") + 1 :])
        name = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return f"{name}:{qualifier}" if qualifier else name


def _requested(service: str, action: str, request: Request, scope: tuple[str, str]) -> list[Demand]:
    """Return what a request that is not to a path demands."""
    if service == "dynamodb":
        items = iam_actions.dynamodb_transaction_checks(action, request.body, *scope)
        if items:
            return items
        tables = iam_actions.dynamodb_resource_arns(request.body, *scope)
        if tables:
            return [(action, table) for table in tables]
    if action == "events:PutEvents":
        return [(action, bus) for bus in iam_actions.eventbridge_resource_arns(request.body, *scope)]
    query = app._routing_params(request.method, request.path, request.headers, request.body, request.query)
    arn = iam_actions.extract_resource_arn(service, "POST", "/", request.headers, request.body, query, *scope)
    return [(action, arn)]


def demands(
    service: str, operation: str, parameters: Mapping[str, Json], request: Request, account: str, region: str
) -> list[Demand]:
    """Return what an operation demands. ``service`` is MiniStack's name of the service that serves the request."""
    scope = region, account
    if service == "states":
        return [(f"states:{operation}", resource_of(operation, dict(parameters)))]
    if service == "lambda" and operation == "Invoke":
        arn = _function_arn(parameters["FunctionName"], parameters.get("Qualifier"), account, region)
        return [("lambda:InvokeFunction", arn)]
    query = app._routing_params(request.method, request.path, request.headers, request.body, request.query)
    action = iam_actions.extract_iam_action(service, request.method, request.path, request.headers, request.body, query)
    if action is None:
        return []
    if request.path == "/":
        return _requested(service, action, request, scope)
    arn = iam_actions.extract_resource_arn(
        service, request.method, request.path, request.headers, request.body, query, *scope
    )
    found = [(action, arn)]
    if service == "s3":
        found += iam_actions.s3_additional_checks(request.method, request.path, request.headers, request.body, query)
    return found


def ask(session: Session, wanted: list[Demand], service: str, protocol: str) -> None:
    """Raise ServiceError for the first demand that the role does not allow."""
    for action, resource in wanted:
        reason = session.refusal(action, resource)
        if reason is not None:
            raise ServiceError(
                _CODES.get(service, "AccessDeniedException"),
                f"User: {session.arn} is not authorized to perform: {action} on resource: {resource} {reason}",
                _STATUSES.get(service) or (400 if protocol == "json" else 403),
                str(uuid.uuid4()),
            )


def ask_for_endpoint(session: Session, state_machine: str, method: str, url: str) -> None:
    """Raise ServiceError unless the role may send requests like this (``states:InvokeHTTPEndpoint``)."""
    keys = {"states:httpendpoint": url, "states:httpmethod": method}
    reason = session.refusal("states:InvokeHTTPEndpoint", state_machine, **keys)
    if reason is not None:
        action = f"states:InvokeHTTPEndpoint on resource: {state_machine}"
        said = f"User: {session.arn} is not authorized to perform: {action} {reason}"
        raise ServiceError("AccessDeniedException", said, 400, str(uuid.uuid4()))


USES = {
    "ministack.app": ("_routing_params",),
    "ministack.core.iam_actions": (
        "dynamodb_resource_arns",
        "dynamodb_transaction_checks",
        "eventbridge_resource_arns",
        "extract_iam_action",
        "extract_resource_arn",
        "s3_additional_checks",
    ),
}
