"""Tags of state machines and activities."""

from __future__ import annotations

from collections.abc import Iterable

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.operations.parts import Answer, Call, Request
from sfn_harness.stepfunctions.store import Region

_MOST = 50  # "Maximum number of tags per resource" (quotas)


def add_tags(tags: dict[str, str], given: Iterable[Request], arn: str) -> None:
    """Add tags to those of a resource. Raises ApiError (TooManyTags), whose words are not recorded."""
    added = tags | {tag.get("key") or "": tag.get("value") or "" for tag in given}
    if len(added) > _MOST:
        raise ApiError("TooManyTags", f"Too many tags: '{arn}'", resourceName=arn)
    tags.update(added)


def _find(here: Region, text: str) -> dict[str, str]:
    arn = parse_arn(text, "stateMachine", "activity")
    holder = here.activities.get(text) if arn.kind == "activity" else here.machines.get(arn.name)
    if holder is None or holder.arn != text:
        raise ApiError("ResourceNotFound", f"Resource not found: '{text}'", resourceName=text)
    return holder.tags


def tag_resource(call: Call) -> Answer:
    """Add tags, or give tags that are there new values."""
    arn = call.request["resourceArn"]
    add_tags(_find(call.here, arn), call.request["tags"], arn)
    return {}


def untag_resource(call: Call) -> Answer:
    """Take tags away; those that are not there stay away."""
    tags = _find(call.here, call.request["resourceArn"])
    for key in call.request["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """List a resource's tags."""
    tags = _find(call.here, call.request["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
