"""Results of mocked tasks: whether the service could have given them, by its model."""

from __future__ import annotations

from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sfn_harness.aws.catalog import botocore_name, operation_model
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.resources import Pattern, ServiceResource, parse_resource
from sfn_harness.stepfunctions.tasks.models import capitalized

Json = Any

# Optimized integrations that name a service otherwise than its SDK does.
_OPTIMIZED = {"states": "stepfunctions"}
# Members that an optimized integration reads: their value is that of the JSON in them.
_PARSED = frozenset({("lambda", "Payload")})

_KINDS = {
    "string": (str, "a string"),
    "timestamp": (str, "a string"),
    "blob": (str, "a string"),
    "character": (str, "a string"),
    "integer": ((int, float), "a number"),
    "long": ((int, float), "a number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "boolean": (bool, "a boolean"),
}


def check_mock_result(resource: str, result: Json, mode: str) -> None:
    """Refuse a result that a task's service could not have given.

    Args:
        resource: the task's.
        result: the mocked one.
        mode: ``STRICT``, ``PRESENT`` (members that are required may be missing) or ``NONE`` (nothing is checked).

    Raises:
        ApiError: ValidationException.

    """
    if mode == "NONE":
        return
    parsed = parse_resource(resource)
    # The results of the other patterns are not the service's answer.
    if not isinstance(parsed, ServiceResource) or parsed.pattern is not Pattern.RESPONSE:
        return
    name = _OPTIMIZED.get(parsed.service) or botocore_name(parsed.service)
    model = None if name is None else operation_model(name, parsed.action)
    if model is not None and model.output_shape is not None:
        parsed_members = {member for service, member in _PARSED if service == parsed.service and not parsed.sdk}
        _Checker(strict=mode == "STRICT", unchecked=parsed_members).structure(model.output_shape, result)


class _Checker:
    def __init__(self, *, strict: bool, unchecked: set[str]) -> None:
        self._strict, self._unchecked = strict, unchecked

    def structure(self, shape: StructureShape, value: Json) -> None:
        for name, member in shape.members.items():
            shown = capitalized(name)
            if shown in value:
                if shown not in self._unchecked:
                    self._check(member, value[shown], shown)
            elif self._strict and name in shape.required_members:
                raise _error(f"Required field '{shown}' is missing")

    def _check(self, shape: Shape, value: Json, name: str) -> None:
        if isinstance(shape, StructureShape | MapShape):
            if not isinstance(value, dict):
                raise _error(f"Field '{name}' must be an object")
            if isinstance(shape, StructureShape):
                self.structure(shape, value)
            else:
                for item in value.values():
                    self._check(shape.value, item, name)
        elif isinstance(shape, ListShape):
            if not isinstance(value, list):
                raise _error(f"Field '{name}' must be an array")
            for item in value:
                self._check(shape.member, item, name)
        else:
            _check_scalar(shape, value, name)


def _check_scalar(shape: Shape, value: Json, name: str) -> None:
    wanted, noun = _KINDS.get(shape.type_name, (object, ""))
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise _error(f"Field '{name}' must be {noun}")
    limits = shape.metadata
    if limits.get("enum") and value not in limits["enum"]:
        raise _error(f"Field '{name}' is not an expected value")
    least, most = limits.get("min"), limits.get("max")
    if isinstance(value, str):
        if least is not None and len(value) < least:
            raise _error(f"Field '{name}' is smaller than the minimum length")
        if most is not None and len(value) > most:
            raise _error(f"Field '{name}' exceeds the maximum length")
    elif not isinstance(value, bool):
        if least is not None and value < least:
            raise _error(f"Field '{name}' is less than the minimum value")
        if most is not None and value > most:
            raise _error(f"Field '{name}' exceeds the maximum value")


def _error(reason: str) -> ApiError:
    return ApiError("ValidationException", f"Mock result schema validation error: {reason}")
