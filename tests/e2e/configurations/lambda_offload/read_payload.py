"""A task that reads its payload, as payload_reader's users write one: says what it found."""

import hashlib
import json

from payload_reader import read_payload, read_text


def handler(event, context):
    """Return what the payload is, small enough for an execution's output."""
    payload = read_payload(event)
    return {
        "kind": type(payload).__name__,
        "length": len(payload) if hasattr(payload, "__len__") else None,
        "sha256": hashlib.sha256(read_text(event).encode()).hexdigest(),
        "value": payload if len(json.dumps(payload)) < 1000 else None,
    }
