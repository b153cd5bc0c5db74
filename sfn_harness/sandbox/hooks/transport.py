"""The transport that policies see: the sandbox's endpoint stands for AWS's, which Terraform and SDKs call with TLS."""

from __future__ import annotations

from collections.abc import Callable

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Pin = Callable[[str, bool], None]


def _with_tls(pin: Pin) -> Pin:
    def pin_request_origin(source_ip: str, _: bool) -> None:
        pin(source_ip, True)

    return pin_request_origin


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "ministack.app",
        "pin_request_origin",
        "aws:SecureTransport is true: a bucket that wants TLS would refuse all that the sandbox is sent.",
        _with_tls,
    ),
)
