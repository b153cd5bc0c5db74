"""Which paths lead to one value at most: reference paths."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\[\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*\]")
_OF_MANY = re.compile(r"\.\.|[*?@:,]")


def is_reference(path: str) -> bool:
    """Return whether a path has no wildcard, filter, slice, union or descent."""
    return _OF_MANY.search(_QUOTED.sub("", path)) is None
