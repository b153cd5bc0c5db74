"""Times as the service writes and reads them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

# An ISO-8601 extended offset date-time, as Java's parser takes it: seconds may be left out, "T" and an offset not.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)")


def date(seconds: float) -> float:
    """Return a time as the API's dates are: in whole milliseconds, the same that `write` writes."""
    return math.floor(seconds * 1000 + 0.0005) / 1000  # half a microsecond, to which datetime rounds


def write(seconds: float) -> str:
    """Return ``2024-01-31T10:00:00.123Z``."""
    whole = datetime.fromtimestamp(seconds, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{whole.microsecond // 1000:03d}Z"


def read(text: str) -> float | None:
    """Return the seconds since 1970 of a timestamp; None: it is none."""
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
