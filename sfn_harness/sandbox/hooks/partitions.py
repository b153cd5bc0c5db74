"""The caller's ARN in the partition of the region it calls: China's and the government's are not ``aws``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_region

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "partition_of"]


# Region names begin with these in the partitions that are not "aws". Source: botocore's endpoints.json, regionRegex.
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}


def partition_of(region: str) -> str:
    """Return a region's partition, such as "aws-cn"."""
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), "aws")


def _caller_identity(original: Callable[..., Any]) -> Callable[..., Any]:
    def caller_identity(*args: Any, **kwargs: Any) -> Any:
        caller = original(*args, **kwargs)
        if isinstance(caller, dict):
            arn = caller["userArn"].replace("arn:aws:", f"arn:{partition_of(get_region())}:", 1)
            return {**caller, "userArn": arn}
        return caller

    return caller_identity


USES = {"ministack.core.responses": ("get_region",)}

HOOKS = (
    Hook(
        "ministack.services.sts",
        "_caller_identity",
        "Terraform takes the partition from the caller's ARN; MiniStack has one partition.",
        _caller_identity,
    ),
)
