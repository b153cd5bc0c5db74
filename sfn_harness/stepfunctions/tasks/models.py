"""Parameters and results of tasks by botocore's service models: what AWS's SDK for Java calls them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sfn_harness.aws.catalog import service_model

Json = Any


def capitalized(name: str) -> str:
    """Return a member's name as states have it."""
    return name[:1].upper() + name[1:]


def member_names(shape: StructureShape | None) -> dict[str, str]:
    """Return the members of a structure: the name that states use => the model's."""
    if shape is None:
        return {}
    return {capitalized(name): name for name in shape.members}


def compact(value: Json) -> str:
    """Return JSON as Step Functions writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text_of(value: Json) -> str:
    """Return a value where a service wants a text: JSON, unless it is one."""
    return value if isinstance(value, str) else compact(value)


def request(shape: Shape | None, value: Json, blob: Callable[[Json], str] = text_of) -> Json:
    """Return parameters as boto3 takes them. Members that are null, or that the model does not know, are left out.

    Args:
        shape: the model's.
        value: the parameters.
        blob: makes the text of a value where a service wants bytes.

    """
    if isinstance(shape, StructureShape):
        if not isinstance(value, Mapping):
            return value
        names = member_names(shape)
        return {
            names[name]: request(shape.members[names[name]], member, blob)
            for name, member in value.items()
            if member is not None and name in names
        }
    if isinstance(shape, ListShape):
        return [request(shape.member, item, blob) for item in value] if isinstance(value, list) else value
    if isinstance(shape, MapShape):
        if not isinstance(value, Mapping):
            return value
        return {key: request(shape.value, item, blob) for key, item in value.items()}
    kind = shape.type_name if shape is not None else ""
    if kind == "string":
        return text_of(value)
    if kind == "blob":
        return blob(value).encode()
    if kind in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def moment_text(value: datetime) -> str:
    """Return a date as the SDK's integrations have it: ISO 8601, with milliseconds unless they are zero."""
    value = value.astimezone(UTC)
    form = "milliseconds" if value.microsecond // 1000 else "seconds"
    return value.isoformat(timespec=form).replace("+00:00", "Z")


def moment_number(value: datetime) -> int:
    """Return a date as optimized integrations have it: milliseconds since 1970."""
    return round(value.timestamp() * 1000)


def result(shape: Shape | None, value: Json, moment: Callable[[datetime], Json] = moment_text) -> Json:
    """Return a service's answer, as botocore has it, as states have it."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode(errors="replace")
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {
            capitalized(name): result(shape.members[name], value[name], moment)
            for name in shape.members
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [result(shape.member, item, moment) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: result(shape.value, item, moment) for key, item in value.items()}
    return value


def wire(shape: Shape | None, value: Json) -> Json:
    """Return an answer in the words of the JSON protocol, so that its length can be told."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        members = shape.members
        return {
            members[name].serialization.get("name", name): wire(members[name], value[name])
            for name in members
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [wire(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: wire(shape.value, item) for key, item in value.items()}
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def pascal(service_id: str) -> str:
    """Return a service id as the SDK for Java writes it in names of classes: ``DynamoDb``, ``SecretsManager``."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", service_id)
    words = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 V\2", words)
    words = re.sub(r"([a-z])([A-Z][a-zA-Z]|[0-9])", r"\1 \2", words)
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", words)
    words = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", words)
    return "".join(word[:1].upper() + word[1:].lower() for word in words.split())


def exception_name(shape_name: str) -> str:
    """Return what the SDK for Java calls an error of the model."""
    if shape_name.endswith("Exception"):
        return capitalized(shape_name)
    return capitalized(shape_name.removesuffix("Fault")) + "Exception"


@lru_cache(maxsize=64)
def exceptions(service: str) -> dict[str, str]:
    """Return the errors that a service's model names: code => the SDK's name."""
    model = service_model(service)
    return {shape.error_code: exception_name(shape.name) for shape in model.error_shapes} | {
        shape.name: exception_name(shape.name) for shape in model.error_shapes
    }
