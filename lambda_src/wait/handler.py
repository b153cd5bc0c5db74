"""Branch of the parallel workflow: waits.

Environment: WAIT_MILLISECONDS, how long; the event's own ``waitMilliseconds`` takes its place.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from shared.log import log

LONGEST_MILLISECONDS = 60_000


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Wait; return ``{"waitedMilliseconds": <how long>, "beganAt": ..., "endedAt": <epoch milliseconds>}``.

    Raises:
        ValueError: the time to wait is no number.

    """
    milliseconds = to_wait(event)
    began = time.time()
    time.sleep(milliseconds / 1000)
    log("INFO", "waited", requestId=context.aws_request_id, milliseconds=milliseconds)
    return {
        "waitedMilliseconds": milliseconds,
        "beganAt": round(began * 1000),
        "endedAt": round(time.time() * 1000),
    }


def to_wait(event: Any) -> int:
    """Return how long to wait, in milliseconds: 0 to 60,000.

    Raises:
        ValueError: it is no number.

    """
    own = event.get("waitMilliseconds") if isinstance(event, Mapping) else None
    wanted = own if own is not None else os.environ.get("WAIT_MILLISECONDS", "0")
    return max(0, min(int(wanted), LONGEST_MILLISECONDS))
