"""Timestamps: the profile of ISO 8601 that the states language takes, such as ``2016-03-14T01:59:00.123Z``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

Json = Any

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


def parse_timestamp(value: Json) -> float | None:
    """Return the seconds since 1970 of a timestamp, or None for any other value.

    A capital T, and a capital Z or an offset, must be there.
    """
    if not isinstance(value, str) or (match := _FORM.fullmatch(value)) is None:
        return None
    moment, fraction, zone = match.groups()
    try:
        seconds = datetime.fromisoformat(moment + ("+00:00" if zone == "Z" else zone)).timestamp()
    except ValueError:
        return None
    return seconds + float(f"0.{fraction}") if fraction else seconds
