"""API Gateway's PATCH: how an update's operations change a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "patched"]

# A patch's values are text. What they become, where the resource does not say by the value it has.
_INTEGERS = frozenset(
    {"authorizerResultTtlInSeconds", "burstLimit", "limit", "minimumCompressionSize", "offset", "timeoutInMillis"}
)
_BOOLEANS = frozenset(
    {
        "apiKeyRequired",
        "cacheClusterEnabled",
        "disableExecuteApiEndpoint",
        "enabled",
        "tracingEnabled",
        "validateRequestBody",
        "validateRequestParameters",
    }
)
_LISTS = frozenset({"authorizationScopes", "binaryMediaTypes", "cacheKeyParameters", "providerARNs", "types"})


def _names(path: str) -> list[str]:
    """Return the steps of a JSON Pointer: ``/requestTemplates/application~1json`` has two."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.lstrip("/").split("/")]


def _typed(name: str, value: Any, parent: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    had = parent.get(name)
    # A request parameter's value says whether it is required; its name is not among the ones above.
    if name in _BOOLEANS or isinstance(had, bool) or name.startswith(("method.request.", "method.response.")):
        return value.lower() == "true" if value.lower() in ("true", "false") else value
    if name in _INTEGERS or (isinstance(had, int) and value.lstrip("-").isdigit()):
        return int(value)
    return value


def _patch_list(members: list[Any], name: str, operation: Mapping[str, Any]) -> None:
    """Apply an operation to a list: the path names a member of it, or its place, and a replacement has the new one.

    Source: "Change a public or private API endpoint type in API Gateway" (developer guide), where
    ``replace /endpointConfiguration/types/EDGE`` has the value REGIONAL; Terraform's provider writes ``types/0``.
    """
    value = operation.get("value")
    if operation.get("op") == "replace" and value is not None:
        place = members.index(name) if name in members else int(name) if name.isdigit() else len(members)
        members[place : place + 1] = [value]
        return
    if name in members:
        members.remove(name)
    if operation.get("op") != "remove":
        members.append(name)


def patched(resource: dict[str, Any], operations: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Apply the operations (op, path, value) to ``resource``, in place, and return it.

    Paths are JSON Pointers. The last step below a list is a member of it, as in ``add /binaryMediaTypes/image~1png``.
    Source: "PatchOperation" in the Amazon API Gateway API reference.
    """
    for operation in operations:
        *above, name = _names(operation.get("path") or "")
        if not name:
            continue
        parent: Any = resource
        for step in above:
            below = parent.get(step)
            if not isinstance(below, (dict, list)):
                below = parent[step] = [] if step in _LISTS else {}
            parent = below
        removes = operation.get("op") == "remove"
        if isinstance(parent, list):
            _patch_list(parent, name, operation)
        elif removes:
            parent.pop(name, None)
        else:
            parent[name] = _typed(name, operation.get("value"), parent)
    return resource


def _apply_patch(_: Callable[..., Any]) -> Callable[..., Any]:
    return patched


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "ministack.services.apigateway_v1",
        "_apply_patch",
        "Paths are JSON Pointers (application~1json) and values have types; MiniStack keeps both as text.",
        _apply_patch,
    ),
)
