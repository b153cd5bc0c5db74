"""What a hook is, and how one is put in place."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Hook", "apply", "missing_attributes"]


@dataclass(frozen=True)
class Hook:
    """One attribute of a MiniStack module, replaced by what ``make`` builds from the original.

    ``part`` tells two hooks of one attribute apart.
    """

    module: str
    attribute: str
    reason: str
    make: Callable[[Any], Any]
    part: str = ""

    @property
    def name(self) -> str:
        """``<module without the package>.<attribute>[:<part>]``, as ``--without-hook`` takes it."""
        return f"{self.module.rpartition('.')[2]}.{self.attribute}{':' if self.part else ''}{self.part}"


def _has(module: str, attribute: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), attribute)
    except ImportError:
        return False


def missing_attributes(hooks: Iterable[Hook], uses: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the dotted names that are hooked or used and do not exist."""
    wanted = [(hook.module, hook.attribute) for hook in hooks]
    wanted += [(module, attribute) for module, attributes in uses.items() for attribute in attributes]
    return [f"{module}.{attribute}" for module, attribute in dict.fromkeys(wanted) if not _has(module, attribute)]


def apply(hook: Hook) -> None:
    """Replace the attribute."""
    module = importlib.import_module(hook.module)
    setattr(module, hook.attribute, hook.make(getattr(module, hook.attribute)))
