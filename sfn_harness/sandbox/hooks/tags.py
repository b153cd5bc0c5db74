"""Tags of API Gateway's resources: TagResource and UntagResource change what the resources themselves show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.sandbox.hooks.refusals import Response
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

_STORES = {
    "apikeys": "_api_keys",
    "domainnames": "_domain_names",
    "restapis": "_rest_apis",
    "usageplans": "_usage_plans",
}


def _resource(arn: str) -> dict[str, Any]:
    """Return the resource of an ARN such as ``arn:aws:apigateway:<region>::/restapis/<id>/stages/<name>``."""
    kind, identifier, *below = arn.partition("::/")[2].split("/")
    if below:
        return apigateway_v1._stages_v1[identifier][below[1]]
    return getattr(apigateway_v1, _STORES[kind])[identifier]


def _changed(
    original: Callable[..., Response], change: Callable[[dict[str, str], Any], None]
) -> Callable[..., Response]:
    def tag_or_untag(arn: str, data: Any) -> Response:
        known, error = apigateway_v1._resolve_v1_tag_resource_arn(arn)
        if error is not None:
            return original(arn, data)
        resource = _resource(known)
        # A new dictionary: what a deployment or a caller has seen stays as it was.
        tags = dict(resource.get("tags") or {})
        change(tags, data)
        resource["tags"] = tags
        apigateway_v1._v1_tags[known] = tags
        return 204, {}, b""

    return tag_or_untag


def _add(tags: dict[str, str], data: dict[str, Any]) -> None:
    tags.update(data.get("tags") or {})


def _remove(tags: dict[str, str], keys: Iterable[str]) -> None:
    for key in keys:
        tags.pop(key, None)


USES = {
    "ministack.services.apigateway_v1": ("_resolve_v1_tag_resource_arn", "_stages_v1", "_v1_tags", *_STORES.values())
}

HOOKS = (
    Hook(
        "ministack.services.apigateway_v1",
        "_tag_v1_resource",
        "GetRestApi and GetStage show the tags that TagResource gives; MiniStack keeps them apart.",
        lambda original: _changed(original, _add),
    ),
    Hook(
        "ministack.services.apigateway_v1",
        "_untag_v1_resource",
        "The same for UntagResource.",
        lambda original: _changed(original, _remove),
    ),
)
