"""Log lines as JSON objects. Bodies, inputs and outputs have no place in them."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

__all__ = ["log"]


def log(level: str, message: str, **fields: Any) -> None:
    """Write one line: ``{"timestamp": <UTC>, "level": ..., "message": ..., <fields that are not None>}``."""
    line = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "level": level,
        "message": message,
        **{name: value for name, value in fields.items() if value is not None},
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
