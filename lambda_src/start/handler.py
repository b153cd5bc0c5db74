"""First step of the parallel workflow: says when it began, and passes its input on."""

from __future__ import annotations

import time
from typing import Any

from shared.log import log


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Return ``{"startedAt": <epoch milliseconds>, "input": <the execution's input>}``."""
    log("INFO", "started", requestId=context.aws_request_id)
    return {"startedAt": round(time.time() * 1000), "input": event}
