"""What is said of a task by its token: it has succeeded, it has failed, it goes on."""

from __future__ import annotations

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.json_text import JsonTextError, parse
from sfn_harness.stepfunctions.operations.parts import Answer, Call


def send_task_success(call: Call) -> Answer:
    """Give a task its result."""
    # The token comes first: recorded on AWS, localstack/localstack tests v4.14.0,
    # v2/services/test_aws_sdk_task_service, 06-11-2025.
    call.parts.tokens.check(call.request["taskToken"])
    try:
        output = parse(call.request["output"])
    except JsonTextError as error:
        raise ApiError("InvalidOutput", f"Invalid Output: '{error.reason}'") from error  # not recorded
    call.parts.tokens.succeed(call.request["taskToken"], output)
    return {}


def send_task_failure(call: Call) -> Answer:
    """Fail a task."""
    call.parts.tokens.fail(call.request["taskToken"], call.request.get("error"), call.request.get("cause"))
    return {}


def send_task_heartbeat(call: Call) -> Answer:
    """Take a task's heartbeat."""
    call.parts.tokens.beat(call.request["taskToken"])
    return {}
