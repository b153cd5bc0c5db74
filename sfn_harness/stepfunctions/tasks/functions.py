"""Lambda functions, called by their ARN or by ``lambda:invoke``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.attempt import too_large
from sfn_harness.stepfunctions.tasks.deadline import Deadline, DeadlinePassedError
from sfn_harness.stepfunctions.tasks.faults import state_error
from sfn_harness.stepfunctions.tasks.interface import TaskCall
from sfn_harness.stepfunctions.tasks.optimized import NAMINGS, Optimized

Json = Any


def returned(answer: Mapping[str, Json]) -> Json:
    """Return what a function has returned. Raises StateError: it has failed.

    The error is the ``errorType`` of what Lambda answers, the cause the whole, without spaces (recorded 2024-11-28,
    v2/error_handling/test_task_service_lambda).
    """
    text = bytes(answer.get("Payload") or b"").decode(errors="replace")
    try:
        payload = json.loads(text) if text else None
    except ValueError:
        payload = text
    if not answer.get("FunctionError"):
        return payload
    name = payload.get("errorType") if isinstance(payload, dict) else None
    if name:
        raise StateError(name, models.compact(payload))
    # From memory of executions on AWS.
    said = "The cause could not be determined because Lambda did not return an error type."
    raise StateError("Lambda.Unknown", f"{said} Returned payload: {text}")


class FunctionTask:
    """A Task state whose resource is a function's ARN."""

    waits_for_token = False

    def __init__(self, arn: str) -> None:
        self.resource = arn

    async def run(self, call: TaskCall) -> Json:
        """Do one attempt. Raises StateError."""
        scheduled: dict[str, Json] = {"resource": self.resource, "input": call.parameters}
        if call.timeout_seconds is not None:
            scheduled["timeoutInSeconds"] = call.timeout_seconds
        if call.credentials is not None:
            scheduled["taskCredentials"] = {"roleArn": call.credentials.get("RoleArn")}
        call.record("LambdaFunctionScheduled", scheduled)
        call.record("LambdaFunctionStarted")
        try:
            async with Deadline(call.clock, call.timeout_seconds):
                output = await self._invoke(call)
            error = too_large(output, self.resource)
            if error is not None:
                raise error
        except DeadlinePassedError as passed:
            call.record("LambdaFunctionTimedOut", {"error": "States.Timeout"})
            raise passed.error from None
        except StateError as error:
            failed = {"error": error.error, "cause": error.cause}
            call.record("LambdaFunctionFailed", {name: text for name, text in failed.items() if text is not None})
            raise
        call.record("LambdaFunctionSucceeded", {"output": output})
        return output

    async def _invoke(self, call: TaskCall) -> Json:
        if call.mock is not None:
            return call.mock()
        request = {"FunctionName": self.resource, "Payload": models.compact(call.parameters).encode()}
        try:
            answer = await call.services.call("lambda", "Invoke", request, call.role)
        except (ServiceError, NotAssumableError) as error:
            raise state_error(error, NAMINGS["lambda"], call.role.arn) from error
        return returned(answer)


class Invoke(Optimized):
    """``lambda:invoke``: the payload is JSON, or a text that is JSON."""

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Invoke the function. Raises StateError."""
        answer = await self.call(call, models.request(self._operation.input_shape, parameters))
        payload = returned(answer)
        shaped = self.shaped(call, {**answer, "Payload": b""})
        if answer.get("Payload"):
            shaped["Payload"] = payload
        else:
            shaped.pop("Payload", None)
        length = str(len(answer.get("Payload") or b""))
        sent = shaped["SdkHttpMetadata"]
        sent["AllHttpHeaders"]["Content-Length"], sent["HttpHeaders"]["Content-Length"] = [length], length
        return shaped
