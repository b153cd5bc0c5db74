"""A service as AWS publishes it: its operations, and what their requests and answers are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from sfn_harness.aws.constraints import Check, Wording, compile_checks
from sfn_harness.aws.errors import ApiError

Json = Any


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service.

    Attributes:
        name: as the service model has it, such as ``StartExecution``.
        errors: the codes that the model lists.
        answer: the shape of the answer; None: it has no members.

    """

    name: str
    errors: frozenset[str]
    answer: StructureShape | None
    _check: Check

    def check(self, request: Mapping[str, Json]) -> None:
        """Check a request by the model; a member that is null is one that isn't there.

        Raises:
            ApiError: SerializationException for a value of the wrong type, ValidationException for the others.

        """
        violations: list[str] = []
        self._check(request, "", violations)
        if violations:
            noun = "error" if len(violations) == 1 else "errors"
            said = f"{len(violations)} validation {noun} detected: {'; '.join(violations)}"
            raise ApiError("ValidationException", said)

    def parsed(self, answer: Mapping[str, Json]) -> dict[str, Json]:
        """Return an answer as SDKs have it: seconds since 1970 become datetimes."""
        return _parsed(self.answer, answer) if self.answer is not None else {}

    def faults(self, answer: Mapping[str, Json]) -> list[str]:
        """Return where an answer is not one of the model: members that it lacks or does not know, wrong types."""
        if self.answer is None:
            return [f"{self.name} answers nothing"] if answer else []
        return _faults(self.answer, answer, self.name)


class Service:
    """A service by botocore's model.

    Args:
        name: botocore's, such as ``stepfunctions``.
        wording: what AWS's words tell that the model does not.

    """

    def __init__(self, name: str, wording: Wording | None = None) -> None:
        self._model = ServiceModel(Loader().load_service_model(name, "service-2"), name)
        self._wording = wording or Wording()
        self._operations: dict[str, Operation] = {}
        self._names = frozenset(self._model.operation_names)

    @property
    def json_version(self) -> str:
        """The version of AWS's JSON protocol, such as ``1.0``."""
        return self._model.metadata["jsonVersion"]

    @property
    def operation_names(self) -> frozenset[str]:
        """The names of all operations."""
        return self._names

    def operation(self, name: str) -> Operation:
        """Return an operation. Raises ApiError (UnknownOperationException)."""
        made = self._operations.get(name)
        if made is None:
            if name not in self._names:
                raise ApiError("UnknownOperationException")
            model = self._model.operation_model(name)
            made = self._operations[name] = Operation(
                name,
                frozenset(shape.name for shape in model.error_shapes),
                model.output_shape,
                compile_checks(model.input_shape, self._wording),
            )
        return made


def _parsed(shape: Shape, value: Json) -> Json:
    if isinstance(shape, StructureShape):
        return {name: _parsed(shape.members[name], member) for name, member in value.items()}
    if isinstance(shape, ListShape):
        return [_parsed(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: _parsed(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC)
    return value


_PYTHON_TYPES = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": float,
}


def _faults(shape: Shape, value: Json, path: str) -> list[str]:
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            return [f"{path}: not an object"]
        missing = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
        unknown = [f"{path}.{name}: unknown" for name in value if name not in shape.members]
        known = [(name, member) for name, member in value.items() if name in shape.members]
        inside = [fault for name, member in known for fault in _faults(shape.members[name], member, f"{path}.{name}")]
        return missing + unknown + inside
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            return [f"{path}: not an array"]
        return [
            fault for number, item in enumerate(value) for fault in _faults(shape.member, item, f"{path}[{number}]")
        ]
    if isinstance(shape, MapShape):
        return [fault for key, item in value.items() for fault in _faults(shape.value, item, f"{path}.{key}")]
    wanted = _PYTHON_TYPES.get(shape.type_name, object)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return [f"{path}: {value!r} is no {shape.type_name}"]
    allowed = shape.metadata.get("enum")
    return [f"{path}: {value!r} is none of {allowed}"] if allowed and value not in allowed else []
