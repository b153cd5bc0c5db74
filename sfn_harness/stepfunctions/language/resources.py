"""Which resources Task states can have."""

from __future__ import annotations

from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.fields import Fields


def check_resource(resource: str, fields: Fields, context: Context) -> None:
    """Report a resource that there isn't, or that an Express workflow can't use."""
