"""An answer leaves in one piece: status, headers and the first of the body in one write."""

from __future__ import annotations

from typing import Any

import h11
from hypercorn.events import RawData

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]


def _in_one_write(original: type) -> type:
    class OneWriteProtocol(original):  # type: ignore[misc, valid-type]
        """HTTP/1.1 that holds a response's head back until there is some of its body, or its end."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._head = b""

        async def _send_h11_event(self, event: Any) -> None:
            try:
                data = self.connection.send(event)
            except h11.LocalProtocolError:
                if self.connection.their_state != h11.ERROR:
                    raise
                return
            if isinstance(event, h11.Response):
                self._head += data
                return
            data, self._head = self._head + (data or b""), b""
            if data:
                await self.send(RawData(data=data))

    return OneWriteProtocol


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "hypercorn.protocol",
        "H11Protocol",
        "Seen with Terraform's AWS provider on a busy machine: when the body comes a little after the headers, "
        "it hangs up and sends the request again, and what was made once is refused as there already.",
        _in_one_write,
    ),
)
