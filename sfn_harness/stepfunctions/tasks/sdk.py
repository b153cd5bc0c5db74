"""Integrations of the SDK: any operation of any service, ``arn:aws:states:::aws-sdk:<service>:<action>``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.faults import not_assumable, sdk_fault
from sfn_harness.stepfunctions.tasks.interface import TaskCall

Json = Any


class Sdk:
    """An operation of a service.

    Args:
        botocore: botocore's name of the service.
        operation: the operation.

    """

    def __init__(self, botocore: str, operation: OperationModel) -> None:
        self._botocore, self._operation = botocore, operation
        self._names = models.member_names(operation.input_shape)

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters. Raises StateError (States.Runtime): the operation does not know one."""
        parameters = call.parameters
        if isinstance(parameters, Mapping):
            unknown = [name for name in parameters if name not in self._names]
            if unknown:
                said = ", ".join(f"The field '{name}' is not supported by Step Functions" for name in unknown)
                text = models.compact(parameters)
                raise call.broken(f"The Parameters '{text}' could not be used to start the Task: [{said}]")
        return parameters

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Call the service. Raises StateError."""
        # That even a text becomes JSON, with its quotes, was recorded: the ETag of an object that a task had put.
        request = models.request(self._operation.input_shape, parameters, models.compact)
        try:
            answer = await call.services.call(self._botocore, self._operation.name, request, call.role)
        except NotAssumableError as error:
            raise not_assumable(call.role.arn) from error
        except ServiceError as error:
            raise sdk_fault(error, self._botocore) from error
        return models.result(self._operation.output_shape, answer) or {}
