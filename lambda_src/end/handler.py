"""Last step of the parallel workflow: puts the branches' results together."""

from __future__ import annotations

import time
from typing import Any

from shared.log import log


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Return ``{"endedAt": <epoch milliseconds>, "longestMilliseconds": ..., "branches": <what they returned>}``.

    `event` is what the Parallel state gives: a list with the result of each branch, in the order of the definition.
    """
    log("INFO", "ended", requestId=context.aws_request_id, branches=len(event))
    return {
        "endedAt": round(time.time() * 1000),
        "longestMilliseconds": max((branch["waitedMilliseconds"] for branch in event), default=0),
        "branches": event,
    }
