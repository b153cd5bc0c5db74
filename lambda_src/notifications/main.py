"""Tells WebSocket clients that an execution has ended: where Lambda enters, and which of four callers it was."""

import json
import os
from typing import Any

import boto3
from botocore.config import Config
from connections import Connections
from executions import Executions
from notifier import SENDERS, Notifier
from subscriptions import Subscriptions


def _connections_url() -> str:
    """Return where messages to connections are posted; an emulator, which AWS_ENDPOINT_URL says, has APIs by path."""
    url = os.environ["CONNECTIONS_URL"]
    emulator = os.environ.get("AWS_ENDPOINT_URL")
    if not emulator:
        return url
    host, stage = url.removeprefix("https://").split("/")
    return f"{emulator}/_aws/execute-api/{host.partition('.')[0]}/{stage}"


def _call_later(request: dict[str, dict[str, str]]) -> None:
    """Have this function called again, with a request for a method of `Notifier`, and do not wait for it."""
    LAMBDA.invoke(
        FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        InvocationType="Event",
        Payload=json.dumps(request, ensure_ascii=False).encode(),
    )


# Throttling passes, so a call is repeated for some seconds (standard mode: pauses that double, up to twenty seconds).
CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=SENDERS,
    retries={"mode": "standard", "total_max_attempts": 6},
)
LAMBDA = boto3.client("lambda", config=CONFIG)
NOTIFIER = Notifier(
    Subscriptions(boto3.resource("dynamodb", config=CONFIG).Table(os.environ["TABLE_NAME"])),
    Connections(boto3.client("apigatewaymanagementapi", config=CONFIG, endpoint_url=_connections_url())),
    Executions(boto3.client("stepfunctions", config=CONFIG), json.loads(os.environ["STATE_MACHINE_ARNS"])),
    _call_later,
    json.loads(os.environ["ALLOWED_ORIGINS"]),
)

ROUTES = {
    "$connect": NOTIFIER.connect,
    "$disconnect": NOTIFIER.disconnect,
    "subscribe": NOTIFIER.subscribe,
    "$default": NOTIFIER.unknown_action,
}


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Handle a call by API Gateway (a route), by EventBridge (an execution has ended) or by this function.

    Returns ``{"statusCode": ...}``, which only API Gateway looks at, and only when a client connects.
    """
    if "requestContext" in event:
        return {"statusCode": ROUTES[event["requestContext"]["routeKey"]](event)}
    if "answer" in event:
        NOTIFIER.answer(event["answer"])
    elif "tell" in event:
        NOTIFIER.tell(event["tell"])
    else:
        NOTIFIER.execution_ended(event["detail"])
    return {"statusCode": 200}
