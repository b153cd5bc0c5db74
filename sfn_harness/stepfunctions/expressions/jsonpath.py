"""JSONPath as AWS reads it: the dialect of the Jayway library.

What AWS is known to do: functions such as ``.sum()`` are names (re:Post, 2023); a backslash in a quoted name stands for
itself; several names in one pair of brackets give an object, at the end of a path.
"""

from __future__ import annotations

import re

from sfn_harness.stepfunctions.expressions.jsonpath_filter import parse_filter
from sfn_harness.stepfunctions.expressions.jsonpath_steps import (
    Descent,
    Indexes,
    Matching,
    Names,
    Path,
    Slice,
    Step,
    Wildcard,
)
from sfn_harness.stepfunctions.expressions.types import ExpressionError

_NAME = re.compile(r"[^.\[\s]+")
_QUOTED = r"""'[^']*'|"[^"]*\""""
_NAMES = re.compile(rf"\[\s*(?:{_QUOTED})\s*(?:,\s*(?:{_QUOTED})\s*)*\]")
_ONE_QUOTED = re.compile(_QUOTED)
_INDEXES = re.compile(r"\[\s*-?\d+\s*(?:,\s*-?\d+\s*)*\]")
_SLICE = re.compile(r"\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]")
_WILDCARD = re.compile(r"\.?\*|\.?\[\s*\*\s*\]")
_FROM_END = re.compile(r"\[\s*\(\s*@\.(?:length|size\(\))\s*-\s*(\d+)\s*\)\s*\]")
_FILTER = re.compile(r"\[\s*\?")


def parse(text: str) -> Path:
    """Parse what follows ``$`` in a path, such as ``.a[0]``. Raises ExpressionError."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        step, position = _parse_step(text, position)
        steps.append(step)
    if steps and isinstance(steps[-1], Descent):
        raise ExpressionError("Path must not end with a '.' or '..'")
    return Path(steps)


def _parse_step(text: str, position: int) -> tuple[Step, int]:
    if text.startswith("..", position) and not text.startswith("...", position):
        # What follows may be a name without a dot before it, or a bracket.
        return Descent(), position + 2
    if match := _WILDCARD.match(text, position):
        return Wildcard(), match.end()
    if text[position] == "[":
        return _parse_bracket(text, position)
    if text[position] == ".":
        position += 1
        if text.startswith("[", position):  # ".['a']" is read as "['a']"
            return _parse_bracket(text, position)
    elif position < 2 or text[position - 1] != ".":
        raise ExpressionError(f"Illegal character at position {position + 1} expected '.' or '['")
    if match := _NAME.match(text, position):
        return Names([match[0]]), match.end()
    raise ExpressionError(f"Could not parse token starting at position {position + 1}")


def _parse_bracket(text: str, position: int) -> tuple[Step, int]:
    if match := _NAMES.match(text, position):
        return Names([name[1:-1] for name in _ONE_QUOTED.findall(match[0])]), match.end()
    if match := _INDEXES.match(text, position):
        return Indexes([int(index) for index in match[0][1:-1].split(",")]), match.end()
    if match := _FROM_END.match(text, position):
        return Indexes([-int(match[1])]), match.end()
    if (match := _SLICE.match(text, position)) and match.groups() != (None, None):
        return Slice(*(None if bound is None else int(bound) for bound in match.groups())), match.end()
    if match := _FILTER.match(text, position):
        condition, end = parse_filter(text, match.end(), parse)
        return Matching(condition), end
    raise ExpressionError(f"Could not parse token starting at position {position + 1}. Expected ?, ', 0-9, *")
