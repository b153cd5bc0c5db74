"""Reads the payload of an execution that modules/payload_offload started. Copy this file into a task function.

    from payload_reader import read_payload

    def handler(event, context):
        order = read_payload(event)

The execution's input is ``{"payload": {...}}``: with ``bucket`` and ``key`` when the request's body was stored in S3,
with ``inline`` when it was small. The function's role needs s3:GetObject on the bucket's objects for the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import boto3

__all__ = ["PayloadError", "read_payload", "read_text"]

_clients: dict[str, Any] = {}


class PayloadError(Exception):
    """There is no payload, or what was read is not what was stored."""


def read_payload(execution_input: Mapping[str, Any], *, bucket: str | None = None, client: Any = None) -> Any:
    """Return the payload: parsed where its content type is JSON, else text.

    Args:
        execution_input: ``{"payload": {...}, ...}``; the rest of it is not looked at.
        bucket: the only bucket to read from. An input names its bucket, and a caller who may start executions directly
            can write any name there. The function's role limits what is read in any case.
        client: a boto3 S3 client; by default one that is kept between calls.

    Raises:
        PayloadError: there is no payload, or it is in another bucket, or it differs in size or sha256.
        ClientError: botocore's; S3 refused, for instance because the object has expired.

    """
    payload = _payload(execution_input)
    if "inline" in payload:
        return payload["inline"]
    text = _stored_text(payload, bucket, client)
    return json.loads(text) if _is_json(payload) else text


def read_text(execution_input: Mapping[str, Any], *, bucket: str | None = None, client: Any = None) -> str:
    """Return the payload as text: as it was sent where it was stored; an inline JSON payload is written anew.

    Arguments and errors are `read_payload`'s.
    """
    payload = _payload(execution_input)
    if "inline" in payload:
        inline = payload["inline"]
        return json.dumps(inline, ensure_ascii=False) if _is_json(payload) else str(inline)
    return _stored_text(payload, bucket, client)


def _payload(execution_input: Mapping[str, Any]) -> Mapping[str, Any]:
    payload = execution_input.get("payload") if isinstance(execution_input, Mapping) else None
    if not isinstance(payload, Mapping) or not ("inline" in payload or {"bucket", "key"} <= payload.keys()):
        raise PayloadError(
            'the input has no {"payload": {"bucket": ..., "key": ...}} and no {"payload": {"inline": ...}}'
        )
    return payload


def _stored_text(payload: Mapping[str, Any], bucket: str | None, client: Any) -> str:
    if bucket is not None and payload["bucket"] != bucket:
        raise PayloadError(f"the payload is in the bucket {payload['bucket']!r}, expected {bucket!r}")
    if client is None:
        if "s3" not in _clients:
            _clients["s3"] = boto3.client("s3")
        client = _clients["s3"]
    stored: bytes = client.get_object(Bucket=payload["bucket"], Key=payload["key"])["Body"].read()
    where = f"s3://{payload['bucket']}/{payload['key']}"
    if len(stored) != payload.get("size"):
        raise PayloadError(f"{where} has {len(stored)} bytes, expected {payload.get('size')}")
    if hashlib.sha256(stored).hexdigest() != payload.get("sha256"):
        raise PayloadError(f"{where} is not what was stored: its sha256 differs")
    return stored.decode("utf-8")


def _is_json(payload: Mapping[str, Any]) -> bool:
    media_type = str(payload.get("contentType") or "application/json").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")
