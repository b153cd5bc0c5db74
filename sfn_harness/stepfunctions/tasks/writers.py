"""Where the results of distributed Map states are written to: a manifest and files in S3.

Source: "ResultWriter (Map)", Step Functions developer guide; the manifest's key was recorded on AWS
(localstack/localstack tests v4.14.0, v2/scenarios/test_base_scenarios, test_map_state_result_writer, 2024-08-19).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.faults import not_assumable, sdk_fault
from sfn_harness.stepfunctions.tasks.interface import TaskCall

Json = Any
Result = Mapping[str, Json]

_FILES = {"SUCCEEDED": "SUCCEEDED", "RUNNING": "PENDING", "PENDING_REDRIVE": "PENDING"}


async def _put(call: TaskCall, bucket: str, key: str, text: str) -> None:
    parameters = {"Bucket": bucket, "Key": key, "Body": text.encode(), "ContentType": "application/json"}
    try:
        await call.services.call("s3", "PutObject", parameters, call.role)
    except NotAssumableError as error:
        raise StateError("States.ResultWriterFailed", not_assumable(call.role.arn).cause) from error
    except ServiceError as error:
        raise StateError("States.ResultWriterFailed", sdk_fault(error, "s3").cause) from error


def transformed(results: Sequence[Result], transformation: str | None) -> list[Json]:
    """Return results as a file of them has them: NONE keeps all that is known, COMPACT and FLATTEN the outputs."""
    if transformation not in ("COMPACT", "FLATTEN"):
        return list(results)
    outputs = [json.loads(result["Output"]) for result in results if result.get("Output") is not None]
    if transformation == "COMPACT":
        return outputs
    return [item for output in outputs for item in (output if isinstance(output, list) else [output])]


async def write_results(
    parameters: Json, config: Mapping[str, Json], map_run_arn: str, results: Sequence[Result], call: TaskCall
) -> Json:
    """Write results and return where they are; see `interface.Integrations`."""
    bucket, prefix = parameters["Bucket"], parameters.get("Prefix")
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    folder += map_run_arn.rpartition(":")[2]
    files: dict[str, list[Json]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    lines = config.get("OutputType") == "JSONL"
    for kind, found in files.items():
        chosen = [result for result in results if _FILES.get(result["Status"], "FAILED") == kind]
        if not chosen:
            continue
        transformation = config.get("Transformation") if kind == "SUCCEEDED" else None
        rows = transformed(chosen, transformation)
        text = "\n".join(models.compact(row) for row in rows) if lines else models.compact(rows)
        key = f"{folder}/{kind}_0.{'jsonl' if lines else 'json'}"
        await _put(call, bucket, key, text)
        found.append({"Key": key, "Size": len(text.encode())})
    manifest = {"DestinationBucket": bucket, "MapRunArn": map_run_arn, "ResultFiles": files}
    await _put(call, bucket, f"{folder}/manifest.json", models.compact(manifest))
    return {"Bucket": bucket, "Key": f"{folder}/manifest.json"}
