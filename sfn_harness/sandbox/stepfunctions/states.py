"""The sandbox's Step Functions: one service for all accounts, made again by a reset."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from ministack import app

from sfn_harness.sandbox.stepfunctions import web
from sfn_harness.sandbox.stepfunctions.events import SandboxEvents
from sfn_harness.sandbox.stepfunctions.front import scope_of
from sfn_harness.sandbox.stepfunctions.logs import SandboxLogs
from sfn_harness.sandbox.stepfunctions.services import SandboxServices
from sfn_harness.stepfunctions.engine.clock import RealClock
from sfn_harness.stepfunctions.errors import ApiError, ServiceError
from sfn_harness.stepfunctions.service import StepFunctions

__all__ = ["STATES", "USES", "States"]

Json = Any

_LOG = logging.getLogger(__name__)


class States:
    """Holds the service, which has to be made on the event loop that it runs on."""

    def __init__(self) -> None:
        self._service: StepFunctions | None = None
        self._starts: set[asyncio.Task[None]] = set()

    @property
    def service(self) -> StepFunctions:
        """The service."""
        if self._service is None:
            services = SandboxServices(self.call, web.send)
            self._service = StepFunctions(services, SandboxEvents(), SandboxLogs(), RealClock())
        return self._service

    def reset(self) -> None:
        """Forget everything, and end all executions."""
        service, self._service = self._service, None
        if service is not None:
            service.close()

    async def call(self, operation: str, parameters: Mapping[str, Json], account: str, region: str) -> dict[str, Json]:
        """Call Step Functions as a task does. Raises ServiceError."""
        request_id = str(uuid.uuid4())
        try:
            answer = await self.service.handle(operation, parameters, scope_of(account, region))
        except ApiError as error:
            raise ServiceError(error.code, error.message, 400, request_id) from error
        known = self.service.model.operation(operation).parsed(answer)
        return {**known, "ResponseMetadata": {"RequestId": request_id, "HTTPStatusCode": 200, "HTTPHeaders": {}}}

    def start_soon(self, arn: str, text: str) -> None:
        """Start an execution of a state machine, from any thread; that it is refused is only logged."""
        app._MAIN_LOOP.call_soon_threadsafe(self._start_soon, arn, text)

    def _start_soon(self, arn: str, text: str) -> None:
        task = asyncio.ensure_future(self._start(arn, text))
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)

    async def _start(self, arn: str, text: str) -> None:
        _, _, _, region, account, *_ = arn.split(":")
        try:
            request = {"stateMachineArn": arn, "input": text}
            await self.service.handle("StartExecution", request, scope_of(account, region))
        except ApiError as error:
            _LOG.warning("no execution of %s: %s", arn, error)


STATES = States()

USES = {"ministack.app": ("_MAIN_LOOP",)}
