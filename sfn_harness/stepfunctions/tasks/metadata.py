"""``SdkHttpMetadata`` and ``SdkResponseMetadata``, which optimized integrations add to a service's answer.

The names of the headers, their letters and their order are those that AWS's services send, as recorded in the
histories of executions (localstack/localstack tests v4.14.0, v2/services, 2025-11-06).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from botocore.model import OperationModel

from sfn_harness.stepfunctions.tasks.models import compact, wire

Json = Any

_CONTENT_TYPES = {"query": "text/xml", "rest-json": "application/json"}


def _number(value: Json) -> Json:
    """Return a date as AWS's JSON protocol writes it: ``1.762432523123E9``."""
    digits, exponent = f"{value:.12e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')}E{int(exponent)}"


def _json_body(body: Json) -> bytes:
    text = compact(body)
    # Seconds with a fraction are the only such numbers of ten digits.
    return re.sub(r"(?<=:)\d{10}\.\d+", lambda found: _number(float(found[0])), text).encode()


def _xml(name: str, value: Json, depth: int) -> str:
    indent = "  " * depth
    if isinstance(value, Mapping):
        inside = "".join(_xml(key, item, depth + 1) for key, item in value.items())
        return f"{indent}<{name}>\n{inside}{indent}</{name}>\n"
    if isinstance(value, list):
        inside = "".join(_xml("member", item, depth + 1) for item in value)
        return f"{indent}<{name}>\n{inside}{indent}</{name}>\n"
    return f"{indent}<{name}>{value}</{name}>\n"


def _body(operation: OperationModel, answer: Mapping[str, Json], request_id: str) -> bytes:
    """Return the answer's body as AWS writes it."""
    shape = operation.output_shape
    content = wire(shape, answer) if shape is not None else {}
    if operation.service_model.metadata["protocol"] != "query":
        return _json_body(content)
    namespace = operation.service_model.metadata.get("xmlNamespace", "")
    inside = _xml(f"{operation.name}Result", content, 1) + _xml("ResponseMetadata", {"RequestId": request_id}, 1)
    return f'<{operation.name}Response xmlns="{namespace}">\n{inside}</{operation.name}Response>\n'.encode()


def _common(operation: OperationModel, body: bytes, request_id: str, now: float) -> dict[str, str]:
    metadata = operation.service_model.metadata
    kind = _CONTENT_TYPES.get(metadata["protocol"]) or f"application/x-amz-json-{metadata.get('jsonVersion', '1.1')}"
    return {
        "x-amzn-RequestId": request_id,
        "Content-Length": str(len(body)),
        "Date": formatdate(now, usegmt=True),
        "Content-Type": kind,
    }


def headers(service: str, operation: OperationModel, answer: Mapping[str, Json], now: float) -> dict[str, str]:
    """Return the headers of an answer, as botocore has it, of a service by its name in resources."""
    said = answer.get("ResponseMetadata") or {}
    request_id = said.get("RequestId", "")
    if service == "lambda":
        return _lambda(answer, said.get("HTTPHeaders") or {}, request_id, now)
    body = _body(operation, answer, request_id)
    found = _common(operation, body, request_id, now)
    if service == "dynamodb":
        if operation.name == "GetItem":
            found["x-amzn-requestid"] = found.pop("x-amzn-RequestId")
        return {"Server": "Server", "Connection": "keep-alive", "x-amz-crc32": str(zlib.crc32(body)), **found}
    return {"connection": "keep-alive", **found}


def _lambda(answer: Mapping[str, Json], sent: Mapping[str, str], request_id: str, now: float) -> dict[str, str]:
    lower = {name.lower(): value for name, value in sent.items()}
    found = {"X-Amz-Log-Result": answer["LogResult"]} if answer.get("LogResult") else {}
    digits = request_id.replace("-", "")
    trace = f"root=1-{int(now):08x}-{digits[:24]};parent={digits[:16]};sampled=0"
    return found | {
        "X-Amz-Executed-Version": answer.get("ExecutedVersion", "$LATEST"),
        "x-amzn-Remapped-Content-Length": "0",
        "Connection": "keep-alive",
        "x-amzn-RequestId": request_id,
        "Content-Length": str(len(answer.get("Payload") or b"")),
        "Date": formatdate(now, usegmt=True),
        "X-Amzn-Trace-Id": lower.get("x-amzn-trace-id") or trace,
        "Content-Type": "application/json",
    }


def sdk_metadata(service: str, operation: OperationModel, answer: Mapping[str, Json], now: float) -> dict[str, Json]:
    """Return the two members."""
    said = answer.get("ResponseMetadata") or {}
    sent = headers(service, operation, answer, now)
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in sent.items()},
            "HttpHeaders": dict(sorted(sent.items(), key=lambda item: item[0].lower())),
            "HttpStatusCode": said.get("HTTPStatusCode", 200),
        },
        "SdkResponseMetadata": {"RequestId": said.get("RequestId", "")},
    }
