"""Tells WebSocket clients that an execution has ended: where Lambda enters, and which of four callers it was."""

import json
import os
from typing import Any

import boto3
from connections import Connections
from executions import Executions
from notifier import Notifier
from subscriptions import Subscriptions


def _connections_url() -> str:
    """Return where messages to connections are posted; an emulator, which AWS_ENDPOINT_URL says, has APIs by path."""
    url = os.environ["CONNECTIONS_URL"]
    emulator = os.environ.get("AWS_ENDPOINT_URL")
    if not emulator:
        return url
    host, stage = url.removeprefix("https://").split("/")
    return f"{emulator}/_aws/execute-api/{host.partition('.')[0]}/{stage}"


def _answer_later(request: dict[str, str]) -> None:
    """Have this function called again, with a request for `Notifier.answer`, and do not wait for it."""
    boto3.client("lambda").invoke(
        FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        InvocationType="Event",
        Payload=json.dumps({"answer": request}).encode(),
    )


NOTIFIER = Notifier(
    Subscriptions(boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])),
    Connections(boto3.client("apigatewaymanagementapi", endpoint_url=_connections_url())),
    Executions(boto3.client("stepfunctions"), json.loads(os.environ["STATE_MACHINE_ARNS"])),
    _answer_later,
)

ROUTES = {
    "$connect": NOTIFIER.connect,
    "$disconnect": NOTIFIER.disconnect,
    "subscribe": NOTIFIER.subscribe,
    "$default": NOTIFIER.unknown_action,
}


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Handle a call by API Gateway (a route), by EventBridge (an execution has ended) or by this function (answer).

    Returns ``{"statusCode": ...}``, which only API Gateway looks at, and only when a client connects.
    """
    if "requestContext" in event:
        return {"statusCode": ROUTES[event["requestContext"]["routeKey"]](event)}
    if "answer" in event:
        NOTIFIER.answer(event["answer"])
    else:
        NOTIFIER.execution_ended(event["detail"])
    return {"statusCode": 200}
