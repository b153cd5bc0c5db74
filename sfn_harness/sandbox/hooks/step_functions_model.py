"""Step Functions' own checks of a request, before it does anything: types, lengths, names, ARNs, JSON.

Everything here is a plain function of the request. Sources: the service's model (as botocore ships it) for required
members, lengths and enumerations; the Step Functions API reference for names and quotas.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

__all__ = [
    "ModelError",
    "actions",
    "check_execution_arn",
    "check_input",
    "check_members",
    "check_name",
    "check_output",
    "check_required",
    "check_state_machine_arn",
    "parse_json",
]

# Quotas on data are in bytes of UTF-8, though the model says characters.
_BYTES = frozenset({"SensitiveData"})

# StartExecution, "name": what a name must not contain.
_FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]")
_ARN = re.compile(r"arn:(aws[a-z-]*):states:([a-z0-9-]+):(\d{12}):([A-Za-z]+):(.+)")

_TOKENS = {bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}


class ModelError(Exception):
    """A refusal: ``code`` (the error's name) and ``message``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@cache
def _service() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("stepfunctions", "service-2"), "stepfunctions")


@cache
def actions() -> frozenset[str]:
    """Return the names of every Step Functions action."""
    return frozenset(_service().operation_names)


@cache
def _members(action: str) -> tuple[tuple[str, Shape, bool], ...]:
    shape = _service().operation_model(action).input_shape
    if shape is None:
        return ()
    required = set(shape.required_members)
    return tuple((name, member, name in required) for name, member in shape.members.items())


def _check_type(value: Any, shape: Shape) -> None:
    """Refuse a value of the wrong JSON type. Raises ModelError (SerializationException)."""
    kind = shape.type_name
    if isinstance(value, list) and kind != "list":
        raise ModelError("SerializationException", "Start of list found where not expected")
    if isinstance(value, dict) and kind not in ("structure", "map"):
        raise ModelError("SerializationException", "Start of structure or map found where not expected.")
    token = "FALSE_VALUE" if value is False else _TOKENS.get(type(value), "")
    if kind == "string" and token and not isinstance(value, str):
        raise ModelError("SerializationException", f"{token} can not be converted to a String")
    if kind == "integer" and isinstance(value, (bool, str)):
        raise ModelError("SerializationException", f"{token} can not be converted to an Integer")
    if kind == "boolean" and token and not isinstance(value, bool):
        raise ModelError("SerializationException", f"{token} can not be converted to a Boolean")


def _violation(name: str, shape: Shape, value: Any) -> str | None:
    """Return the constraint that a value of the right type breaks, or None."""
    limits = shape.metadata
    if shape.type_name == "string":
        length = len(value.encode("utf-8", "surrogatepass")) if shape.name in _BYTES else len(value)
        if "enum" in limits and value not in limits["enum"]:
            constraint = f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
        elif length > limits.get("max", length):
            constraint = f"Member must have length less than or equal to {limits['max']}"
        elif length < limits.get("min", 0):
            constraint = f"Member must have length greater than or equal to {limits['min']}"
        else:
            return None
    elif shape.type_name == "integer":
        if value > limits.get("max", value):
            constraint = f"Member must have value less than or equal to {limits['max']}"
        elif value < limits.get("min", value):
            constraint = f"Member must have value greater than or equal to {limits['min']}"
        else:
            return None
    else:
        return None
    # A sensitive member's value is not repeated.
    shown = "Value" if limits.get("sensitive") else f"Value '{value}'"
    return f"{shown} at '{name}' failed to satisfy constraint: {constraint}"


def check_members(action: str, data: dict[str, Any]) -> None:
    """Check types, then required members, lengths and enumerations against the service's model.

    Raises ModelError: SerializationException for a wrong type, ValidationException with every violation otherwise.
    """
    violations = []
    for name, shape, required in _members(action):
        value = data.get(name)
        if value is None:
            if required:
                violations.append(f"Value at '{name}' failed to satisfy constraint: Member must not be null")
            continue
        _check_type(value, shape)
        violation = _violation(name, shape, value)
        if violation:
            violations.append(violation)
    if violations:
        noun = "error" if len(violations) == 1 else "errors"
        found = f"{len(violations)} validation {noun} detected"
        raise ModelError("ValidationException", f"{found}: {'; '.join(violations)}")


def check_required(action: str, data: dict[str, Any]) -> None:
    """Check that the required members are there, and of the right type. Raises ModelError, as `check_members` does."""
    check_members(action, {name: data.get(name) for name, _, required in _members(action) if required})


def check_name(name: str | None) -> None:
    """Refuse a name with a forbidden character. Raises ModelError (InvalidName)."""
    if name is not None and _FORBIDDEN.search(name):
        raise ModelError("InvalidName", f"Invalid Name: '{name}'")


def _no_constant(text: str) -> None:
    raise ValueError(f"Unrecognized token '{text}': was expecting a JSON value")


def parse_json(text: str) -> Any:
    """Parse JSON as the service does: no NaN, no Infinity. Raises ValueError."""
    return json.loads(text, parse_constant=_no_constant)


def check_input(text: str | None) -> None:
    """Refuse an execution input that is not JSON. Raises ModelError (InvalidExecutionInput)."""
    if text is None:
        return
    try:
        parse_json(text)
    except (ValueError, RecursionError) as error:
        raise ModelError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from error


def check_output(text: str) -> None:
    """Refuse a task output that is not JSON. Raises ModelError (InvalidOutput)."""
    try:
        parse_json(text)
    except (ValueError, RecursionError) as error:
        raise ModelError("InvalidOutput", f"Invalid Output: '{error}'") from error


@lru_cache(maxsize=1024)
def _arn_fault(arn: str, kind: str) -> str | None:
    if not arn.startswith("arn:"):
        return f"Invalid ARN prefix: {arn}"
    match = _ARN.fullmatch(arn)
    if match is None:
        return f"Invalid ARN: {arn}"
    if match[4] != kind:
        return f"Resource type not valid in this context: {match[4]}"
    parts = match[5].split(":")
    fits = len(parts) == 2 if kind == "execution" else len(parts) in (1, 2)
    if not fits or not all(parts):
        return f"Invalid ARN: {arn}"
    return None


def _check_arn(arn: str, kind: str) -> None:
    fault = _arn_fault(arn, kind)
    if fault:
        raise ModelError("InvalidArn", f"Invalid Arn: '{fault}'")


def check_state_machine_arn(arn: str) -> None:
    """Refuse what is not a state machine's, a version's or an alias's ARN. Raises ModelError (InvalidArn)."""
    _check_arn(arn, "stateMachine")


def check_execution_arn(arn: str) -> None:
    """Refuse what is not a Standard execution's ARN: Express has another type. Raises ModelError (InvalidArn)."""
    _check_arn(arn, "execution")
