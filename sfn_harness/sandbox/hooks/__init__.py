"""Hooks that make MiniStack answer like AWS in what this project is about.

``install()`` is called once, before serving. It refuses any version of MiniStack but the one the hooks fit:
they replace private functions, and a hook that silently stopped applying would make tests pass for the wrong reason.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

__all__ = ["MINISTACK_VERSION", "IncompatibleMiniStack", "install"]

MINISTACK_VERSION = "1.5.33"

# In the order they are applied. A later hook wraps what an earlier one put in place.
_MODULES = (
    "one_write",
    "api_scope",
    "partitions",
    "patches",
    "transport",
    "iam_quotas",
    "deployments",
    "control_plane",
    "models",
    "resource_tree",
    "authorizer_settings",
    "updates",
    "tags",
    "http_endpoints",
    "exports",
    "import_api",
    "step_functions",
    "state_machine_stacks",
    "function_errors",
    "function_logs",
    "event_entries",
    "faults",
    "authorizers",
    "data_plane",
    "invoke_method",
    "http_api",
    "dispatch",
    "gate",
)


class IncompatibleMiniStack(Exception):  # noqa: N818  (says what is wrong better than an Error suffix would)
    """The installed MiniStack is not the one that these hooks fit."""


def install(without: Collection[str] = ()) -> list[str]:
    """Check MiniStack, then put every hook in place except those named. Returns the names of those installed.

    Raises IncompatibleMiniStack: another version, a missing attribute, or a name in ``without`` that is no hook's.
    """
    try:
        found = version("ministack")
    except PackageNotFoundError as error:
        raise IncompatibleMiniStack(
            f"MiniStack is not installed; install ministack=={MINISTACK_VERSION}, the version its hooks fit"
        ) from error
    if found != MINISTACK_VERSION:
        raise IncompatibleMiniStack(
            f"MiniStack {found} is installed, and the hooks fit version {MINISTACK_VERSION}: "
            f"install ministack=={MINISTACK_VERSION}"
        )
    from sfn_harness.sandbox.hooks.registry import apply, missing_attributes

    modules = [import_module(f"{__name__}.{name}") for name in _MODULES]
    hooks = [hook for module in modules for hook in module.HOOKS]
    missing = [name for module in modules for name in missing_attributes(module.HOOKS, module.USES)]
    if missing:
        raise IncompatibleMiniStack(
            f"MiniStack {found} lacks what the hooks for version {MINISTACK_VERSION} need: {', '.join(missing)}"
        )
    unknown = sorted(set(without) - {hook.name for hook in hooks})
    if unknown:
        raise IncompatibleMiniStack(f"no hook is called {', '.join(unknown)}")
    installed = [hook for hook in hooks if hook.name not in without]
    for hook in installed:
        apply(hook)
    return [hook.name for hook in installed]
