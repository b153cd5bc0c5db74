"""What the fields of a state take, and AWS's words for what they don't.

A field that names a path (``SecondsPath``) has other words than one with a JSONata expression (``Seconds``). The words
were recorded on AWS (localstack/localstack tests v4.14.0: test_wait, test_base_scenarios), if nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions.timestamps import parse_timestamp
from sfn_harness.stepfunctions.expressions.values import is_number, to_json, to_text, type_name

Json = Any

# Takes the value, the expression's text and the field; returns what the engine works with.
Check = Callable[[Json, str, str], Json]
# Takes the path's text, the field, the library's message and the document; returns what is raised.
Missing = Callable[[str, str, str, Json], EvaluationError]


def _runtime(cause: str) -> EvaluationError:
    return EvaluationError("States.Runtime", cause)


# --- A path that leads to nothing


def _invalid_path(text: str, _field: str, message: str, _document: Json) -> EvaluationError:
    return _runtime(f"Invalid path '{text}' : {message}")


def _not_in_input(text: str, field: str, _message: str, document: Json) -> EvaluationError:
    return _runtime(
        f"The JSONPath '{text}' specified for the field '{field}' could not be found in the input '{to_json(document)}'"
    )


def _no_input_value(text: str, field: str, _message: str, _document: Json) -> EvaluationError:
    return _runtime(f"The {field} parameter does not reference an input value: {text}")


def _no_condition(text: str, _field: str, _message: str, _document: Json) -> EvaluationError:
    # Often quoted by users of AWS; not in the recordings.
    return _runtime(f"Invalid path '{text}': The choice state's condition path references an invalid value.")


_MISSING: dict[str, Missing] = {
    "CausePath": _not_in_input,
    "ErrorPath": _not_in_input,
    "SecondsPath": _no_input_value,
    "TimestampPath": _no_input_value,
    "Variable": _no_condition,
}


def missing_path(field: str) -> Missing:
    """Return what makes the error of a path in a field that leads to nothing."""
    return _MISSING.get(field) or (_not_in_input if field.endswith(".$") else _invalid_path)


# --- A path that leads to a value of the wrong type


def _seconds(value: Json, text: str, field: str) -> int:
    seconds = _whole(value)
    if seconds is None:
        raise _runtime(f"The {field} parameter cannot be parsed as a long value: {text} == {to_text(value)}")
    if seconds < 0:
        raise _runtime(f"The {field} parameter references a negative value: {text} == {seconds}")
    return seconds


def _timestamp(value: Json, text: str, field: str) -> str:
    if parse_timestamp(value) is None:
        raise _runtime(
            f"The {field} parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            f"{text} == {to_text(value)}"
        )
    return value


def _array(value: Json, text: str, _field: str) -> list[Json]:
    if not isinstance(value, list):
        # A path into the context object is named as one into the context object's own document.
        raise _runtime(
            f'Reference path "{text.removeprefix("$") if text.startswith("$$") else text}" must point to array.'
        )
    return value


def _string(value: Json, text: str, field: str) -> str:
    # Not recorded.
    if not isinstance(value, str):
        raise _runtime(f"The {field} parameter does not reference a string value: {text} == {to_text(value)}")
    return value


def _integer(value: Json, text: str, field: str) -> int:
    whole = _whole(value)
    if whole is None:
        raise _runtime(f'The {field} field refers to value "{to_text(value)}" which is not a valid integer: {text}')
    return whole


def _count(value: Json, text: str, field: str) -> int:
    whole = _integer(value, text, field)
    if whole < 0:
        raise _runtime(f"{field.removesuffix('Path')} cannot be negative.")
    return whole


def _percentage(value: Json, text: str, field: str) -> float:
    try:
        number = float(value) if isinstance(value, str) or is_number(value) else None
    except ValueError:
        number = None
    if number is None:
        raise _runtime(f'The {field} field refers to value "{to_text(value)}" which is not a valid float: {text}')
    if not 0 <= number <= 100:
        raise _runtime(f"{field.removesuffix('Path')} must be between 0 and 100.")
    return number


def _whole(value: Json) -> int | None:
    """Return a whole number, also from its digits: a variable with "1" is taken (test_reference_in_map_state)."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_PATHS: dict[str, Check] = {
    "CausePath": _string,
    "ErrorPath": _string,
    "HeartbeatSecondsPath": _seconds,
    "ItemsPath": _array,
    "MaxConcurrencyPath": _integer,
    "MaxInputBytesPerBatchPath": _integer,
    "MaxItemsPath": _integer,
    "MaxItemsPerBatchPath": _integer,
    "SecondsPath": _seconds,
    "TimeoutSecondsPath": _seconds,
    "TimestampPath": _timestamp,
    "ToleratedFailureCountPath": _count,
    "ToleratedFailurePercentagePath": _percentage,
}


# --- A JSONata expression whose value has the wrong type


def evaluation_error(cause: str, field: str) -> EvaluationError:
    """Return the error of a JSONata expression, with the field as its location."""
    return EvaluationError("States.QueryEvaluationError", cause, field)


def _unexpected(value: Json, text: str, field: str, expected: str) -> EvaluationError:
    return evaluation_error(
        f"The JSONata expression '{text}' specified for the field '{field}' returned an unexpected result type. "
        f"Expected '{expected}', but was '{type_name(value)}' for value: {to_json(value)}",
        field,
    )


def _jsonata(expected: str) -> Check:
    def check(value: Json, text: str, field: str) -> Json:
        if type_name(value) != expected:
            raise _unexpected(value, text, field, expected)
        return value

    return check


def _jsonata_whole(value: Json, text: str, field: str) -> int:
    if not is_number(value):
        raise _unexpected(value, text, field, "number")
    if value != int(value):
        raise _unexpected(value, text, field, "integer")  # not recorded
    return int(value)


def _jsonata_timestamp(value: Json, text: str, field: str) -> str:
    if not isinstance(value, str):
        raise _unexpected(value, text, field, "string")
    if parse_timestamp(value) is None:
        raise evaluation_error(
            f"The {field} field cannot be parsed as an ISO-8601 extended offset date-time format string: {value}", field
        )
    return value


_JSONATA: dict[str, Check] = {
    "Cause": _jsonata("string"),
    "Condition": _jsonata("boolean"),
    "Error": _jsonata("string"),
    "HeartbeatSeconds": _jsonata_whole,
    "Items": _jsonata("array"),
    "MaxConcurrency": _jsonata_whole,
    "MaxInputBytesPerBatch": _jsonata_whole,
    "MaxItems": _jsonata_whole,
    "MaxItemsPerBatch": _jsonata_whole,
    "Seconds": _jsonata_whole,
    "TimeoutSeconds": _jsonata_whole,
    "Timestamp": _jsonata_timestamp,
    "ToleratedFailureCount": _jsonata_whole,
    "ToleratedFailurePercentage": _jsonata("number"),
}


def path_check(field: str) -> Check | None:
    """Return what checks the value of a path in a field, or None where any value will do."""
    return _PATHS.get(field)


def jsonata_check(field: str) -> Check | None:
    """Return what checks the value of a JSONata expression in a field, or None where any value will do."""
    return _JSONATA.get(field.rpartition("/")[2])
