"""The conditions of choice rules. A value of another type than the operator's does not match; it is no error."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import partial
from types import UnionType
from typing import Any

from sfn_harness.stepfunctions.expressions.fields import missing_path
from sfn_harness.stepfunctions.expressions.jsonpath_steps import PathNotFoundError
from sfn_harness.stepfunctions.expressions.paths import PathReader
from sfn_harness.stepfunctions.expressions.references import is_reference
from sfn_harness.stepfunctions.expressions.templates import at
from sfn_harness.stepfunctions.expressions.timestamps import parse_timestamp
from sfn_harness.stepfunctions.expressions.types import Choice, Data, Expression, ExpressionError
from sfn_harness.stepfunctions.expressions.values import is_number

Json = Any

_MISSING = missing_path("Variable")

# What is compared: the value as the operator's type, or None.
_TYPES: dict[str, Callable[[Json], Json]] = {
    "Boolean": lambda value: value if isinstance(value, bool) else None,
    "Numeric": lambda value: value if is_number(value) else None,
    "String": lambda value: value if isinstance(value, str) else None,
    "Timestamp": parse_timestamp,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
}
_TESTS: dict[str, Callable[[Json], bool]] = {
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsNull": lambda value: value is None,
    "IsNumeric": is_number,
    "IsString": lambda value: isinstance(value, str),
    "IsTimestamp": lambda value: parse_timestamp(value) is not None,
}

COMPARISONS: frozenset[str] = frozenset(
    {f"{kind}{comparison}" for kind in _TYPES for comparison in _COMPARISONS if kind != "Boolean"}
    | {"BooleanEquals", "StringMatches"}
)
"""The operators that compare with a literal; all but StringMatches have one with ``Path`` behind, too."""

TESTS: frozenset[str] = frozenset(_TESTS) | {"IsPresent"}
"""The operators that take a boolean."""

NOT_CONDITIONS = frozenset({"Assign", "Comment", "Next", "Output"})

_INNER = frozenset({"Comment"})
_NUMBER = int | float
_NOUNS = {bool: "Boolean", str: "String", _NUMBER: "Number"}
_SELECTORS = ("And", "Or", "Not", "Variable", "Condition")
_OPERATORS = COMPARISONS | {f"{name}Path" for name in COMPARISONS - {"StringMatches"}} | TESTS
_OPERATORS_TEXT = ", ".join(sorted(_OPERATORS))


class All:
    """``And``."""

    __slots__ = ("_rules",)

    def __init__(self, rules: list[Choice]) -> None:
        self._rules = rules

    def holds(self, data: Data) -> bool:
        """Return whether all rules hold."""
        return all(rule.holds(data) for rule in self._rules)

    def variables(self) -> frozenset[str]:
        """Return what the rules read."""
        return frozenset().union(*(rule.variables() for rule in self._rules))


class Either:
    """``Or``."""

    __slots__ = ("_rules",)

    def __init__(self, rules: list[Choice]) -> None:
        self._rules = rules

    def holds(self, data: Data) -> bool:
        """Return whether one of the rules holds."""
        return any(rule.holds(data) for rule in self._rules)

    def variables(self) -> frozenset[str]:
        """Return what the rules read."""
        return frozenset().union(*(rule.variables() for rule in self._rules))


class Not:
    """``Not``."""

    __slots__ = ("_rule",)

    def __init__(self, rule: Choice) -> None:
        self._rule = rule

    def holds(self, data: Data) -> bool:
        """Return whether the rule does not hold."""
        return not self._rule.holds(data)

    def variables(self) -> frozenset[str]:
        """Return what the rule reads."""
        return self._rule.variables()


class Condition:
    """A JSONata condition, or a boolean."""

    __slots__ = ("_value",)

    def __init__(self, value: Expression | bool) -> None:
        self._value = value

    def holds(self, data: Data) -> bool:
        """Return the condition's value."""
        return self._value if isinstance(self._value, bool) else self._value.evaluate(data)

    def variables(self) -> frozenset[str]:
        """Return what the expression reads."""
        return frozenset() if isinstance(self._value, bool) else self._value.variables()


class Test:
    """``IsPresent`` and other questions about one value."""

    __slots__ = ("_expected", "_reader", "_test")

    def __init__(self, reader: PathReader, name: str, expected: bool) -> None:
        self._reader, self._test, self._expected = reader, _TESTS.get(name), expected

    def holds(self, data: Data) -> bool:
        """Return whether the answer is the expected one."""
        if self._test is None:
            return self._reader.exists(data) is self._expected
        return self._test(_read(self._reader, data)) is self._expected

    def variables(self) -> frozenset[str]:
        """Return the variable that is asked about."""
        return self._reader.variables()


class Comparison:
    """A comparison with a literal or with what another path leads to."""

    __slots__ = ("_compare", "_convert", "_literal", "_other", "_reader")

    def __init__(self, reader: PathReader, name: str, operand: Json) -> None:
        kind = next(kind for kind in _TYPES if name.startswith(kind))
        of_path = name.endswith("Path")
        self._reader, self._convert = reader, _TYPES[kind]
        self._compare = _COMPARISONS[name.removeprefix(kind).removesuffix("Path")]
        self._other = at(f"/{name}", _reader, operand) if of_path else None
        self._literal = None if of_path else self._convert(operand)

    def holds(self, data: Data) -> bool:
        """Return whether both have the operator's type, and compare."""
        value = self._convert(_read(self._reader, data))
        other = self._literal if self._other is None else self._convert(_read(self._other, data))
        return value is not None and other is not None and self._compare(value, other)

    def variables(self) -> frozenset[str]:
        """Return the variables on both sides."""
        return self._reader.variables() | (frozenset() if self._other is None else self._other.variables())


class Matches:
    r"""``StringMatches``: ``*`` stands for any characters, ``\*`` for an asterisk."""

    __slots__ = ("_pattern", "_reader")

    def __init__(self, reader: PathReader, pattern: str) -> None:
        self._reader = reader
        parts = re.findall(r"\\[*\\]|.", pattern, re.DOTALL)
        self._pattern = re.compile(
            "".join(".*" if part == "*" else re.escape(part[-1] if len(part) == 2 else part) for part in parts),
            re.DOTALL,
        )

    def holds(self, data: Data) -> bool:
        """Return whether the whole string matches."""
        value = _read(self._reader, data)
        return isinstance(value, str) and self._pattern.fullmatch(value) is not None

    def variables(self) -> frozenset[str]:
        """Return the variable that is matched."""
        return self._reader.variables()


def _read(reader: PathReader, data: Data) -> Json:
    try:
        return reader.read(data)
    except PathNotFoundError as error:
        raise _MISSING(reader.text, "Variable", str(error), None) from None


def _reader(path: str) -> PathReader:
    if not is_reference(path):
        raise ExpressionError("Value is not a Reference Path")
    try:
        return PathReader(path)
    except ExpressionError as error:
        # The words for a path without $ were seen on AWS (aws-cloudformation/cfn-lint issue 4076, 2025-04-05).
        reason = str(error) if path.startswith("$") else "Reference path didn't start with '$'"
        raise ExpressionError(f"Value is not a Reference Path: {reason}") from None


def jsonpath_choice(rule: Mapping[str, Json], *, inner: bool = False) -> Choice:
    """Compile a rule of a JSONPath state; ``inner``: one within And, Or or Not. Raises ExpressionError.

    The words of the faults were seen on AWS (badmintoncryer/cdk-preflight, rule pf-sfn-asl-choice-rules, 2026-09-05).
    """
    if not isinstance(rule, Mapping):
        raise ExpressionError("Expected value of type Object")
    selectors = [name for name in _SELECTORS if name in rule]
    if len(selectors) != 1:
        raise ExpressionError(f"The object must have only one of the following fields, [{', '.join(_SELECTORS)}]")
    known = _INNER if inner else NOT_CONDITIONS
    names = [name for name in rule if name not in known and name != selectors[0]]
    if selectors[0] != "Variable":
        if names:
            raise ExpressionError(f"Field '{names[0]}' is not supported")
        return _combination(selectors[0], rule[selectors[0]])
    operators = [name for name in names if name in _OPERATORS]
    if len(operators) < len(names):
        wrong = next(name for name in names if name not in _OPERATORS)
        raise ExpressionError(f"Field '{wrong}' is not supported")
    if not operators:
        raise ExpressionError("This object should have only one of the following fields: [" + _OPERATORS_TEXT + "]")
    if len(operators) > 1:
        raise ExpressionError(f"There should only be one of the following fields: [{', '.join(operators)}]")
    path = rule["Variable"]
    if not isinstance(path, str):
        raise ExpressionError("Expected value of type String", inside="/Variable")
    return _comparison(at("/Variable", _reader, path), operators[0], rule[operators[0]])


def _combination(name: str, rules: Json) -> Choice:
    if name == "Not":
        return Not(at("/Not", partial(jsonpath_choice, inner=True), rules))
    if not isinstance(rules, list):
        raise ExpressionError("Expected value of type Array", inside=f"/{name}")
    if not rules:
        raise ExpressionError("Value cannot be empty", inside=f"/{name}")
    compiled = [at(f"/{name}[{index}]", partial(jsonpath_choice, inner=True), each) for index, each in enumerate(rules)]
    return All(compiled) if name == "And" else Either(compiled)


def _comparison(reader: PathReader, name: str, operand: Json) -> Choice:
    wanted = _wanted(name)
    if not isinstance(operand, wanted) or (wanted is not bool and isinstance(operand, bool)):
        raise ExpressionError(f"Expected value of type {_NOUNS[wanted]}", inside=f"/{name}")
    if name in TESTS:
        return Test(reader, name, operand)
    if name == "StringMatches":
        return Matches(reader, operand)
    if name.startswith("Timestamp") and not name.endswith("Path") and parse_timestamp(operand) is None:
        raise ExpressionError("String does not match RFC3339 timestamp", inside=f"/{name}")
    return Comparison(reader, name, operand)


def _wanted(name: str) -> type | UnionType:
    if name.endswith("Path"):
        return str
    if name in TESTS or name.startswith("Boolean"):
        return bool
    return _NUMBER if name.startswith("Numeric") else str
