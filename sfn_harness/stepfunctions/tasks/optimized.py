"""Optimized integrations: those of AWS that pass a task's parameters on to one operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.faults import Naming, state_error
from sfn_harness.stepfunctions.tasks.interface import TaskCall
from sfn_harness.stepfunctions.tasks.metadata import sdk_metadata

Json = Any

NAMINGS = {
    "athena": Naming("Athena", "AmazonAthena", "athena"),
    "bedrock": Naming("BedrockRuntime", "AmazonBedrockRuntime", "bedrock-runtime"),
    "batch": Naming("Batch", "AWSBatch", "batch"),
    "codebuild": Naming("CodeBuild", "AWSCodeBuild", "codebuild"),
    "dynamodb": Naming("DynamoDB", "AmazonDynamoDBv2", "dynamodb"),
    "databrew": Naming("DataBrew", "AWSGlueDataBrew", "databrew"),
    "ecs": Naming("ECS", "AmazonECS", "ecs"),
    "elasticmapreduce": Naming("EMR", "AmazonElasticMapReduce", "emr"),
    "emr-containers": Naming("EMRContainers", "AmazonEMRContainers", "emr-containers"),
    "emr-serverless": Naming("EMRServerless", "AWSEMRServerless", "emr-serverless"),
    "events": Naming("EventBridge", "AmazonCloudWatchEvents", "events"),
    "glue": Naming("Glue", "AWSGlue", "glue"),
    "lambda": Naming("Lambda", "AWSLambda", "lambda"),
    "mediaconvert": Naming("MediaConvert", "AWSMediaConvert", "mediaconvert"),
    "sagemaker": Naming("SageMaker", "AmazonSageMaker", "sagemaker"),
    "sns": Naming("SNS", "AmazonSNS", "sns"),
    "sqs": Naming("SQS", "AmazonSQS", "sqs"),
    "states": Naming("StepFunctions", "AWSStepFunctions", "stepfunctions"),
}


class Optimized:
    """An operation of a service, whose answer states have with ``SdkHttpMetadata``.

    Args:
        service: its name in resources.
        operation: the operation.

    """

    def __init__(self, service: str, operation: OperationModel) -> None:
        self._service, self._operation = service, operation
        self._naming = NAMINGS[service]
        self._names = models.member_names(operation.input_shape)

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters that the operation knows; AWS drops the others (recorded 2025-11-06, SQS)."""
        if not isinstance(call.parameters, Mapping):
            return call.parameters
        return {name: value for name, value in call.parameters.items() if name in self._names}

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Call the service. Raises StateError."""
        answer = await self.call(call, models.request(self._operation.input_shape, parameters))
        return self.shaped(call, answer)

    async def call(self, call: TaskCall, request: Json, operation: str | None = None) -> dict[str, Json]:
        """Return the service's answer to this operation or another, as botocore has it. Raises StateError."""
        name = operation or self._operation.name
        try:
            return await call.services.call(self._naming.botocore, name, request, call.role)
        except (ServiceError, NotAssumableError) as error:
            raise state_error(error, self._naming, call.role.arn) from error

    def shaped(self, call: TaskCall, answer: Mapping[str, Json]) -> dict[str, Json]:
        """Return an answer as states have it."""
        content = models.result(self._operation.output_shape, answer, models.moment_number) or {}
        found = {**content, **sdk_metadata(self._service, self._operation, answer, call.clock.now())}
        return dict(sorted(found.items()))


class PutEvents(Optimized):
    """EventBridge: an entry that fails, fails the task; the answer is without metadata."""

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Put the events. Raises StateError (EventBridge.FailedEntry)."""
        request = models.request(self._operation.input_shape, parameters)
        # Source: "Send EventBridge events with Step Functions", developer guide: the state machine and the execution
        # are added to the resources of each entry; their order was recorded (v2/services, 2025-11-06).
        added = [arn for arn in (call.role.source_arn, call.execution_arn) if arn]
        for entry in request.get("Entries") or []:
            if isinstance(entry, dict):
                entry["Resources"] = [*(entry.get("Resources") or []), *added]
        answer = await self.call(call, request)
        output = models.result(self._operation.output_shape, answer, models.moment_number)
        if output.get("FailedEntryCount"):
            raise StateError("EventBridge.FailedEntry", models.compact(output))
        return output
