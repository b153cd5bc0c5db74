"""Where a template's variables live while it renders.

A context answers `get(name)` (None when there is no such variable) and `put(name, value)`. The plain one is a
dict, so that looking a variable up costs what a dict costs; a macro's body runs in one that resolves the macro's
arguments by name, each time they are read, in the caller's context.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .directives import MacroDefinition
    from .nodes import Node, Settings

MAX_MACRO_DEPTH = 20
"""Velocity's default for velocimacro.max.depth."""


class Runtime:
    """What one rendering shares: the settings, and the macros known so far by name."""

    __slots__ = ("macros", "settings")

    def __init__(self, settings: Settings, macros: Mapping[str, MacroDefinition]) -> None:
        self.settings = settings
        self.macros = dict(macros)


class Context(dict):
    """The template's own variables."""

    __slots__ = ("macro_depth", "runtime")

    def __init__(self, variables: Mapping[str, Any], runtime: Runtime) -> None:
        super().__init__(variables)
        self.runtime = runtime
        self.macro_depth = 0

    put = dict.__setitem__

    def forget(self, name: str) -> None:
        """Remove a variable."""
        self.pop(name, None)

    def argument_source(self, name: str) -> str | None:  # noqa: ARG002
        """Say how the caller wrote a macro's argument; None for anything that is not one."""
        return None


class MacroContext:
    """The variables inside a macro: its arguments, passed by name, over the caller's variables.

    Setting a variable also sets the caller's, as Velocity does unless it is told to keep macros' variables local.
    """

    __slots__ = ("arguments", "local", "macro_depth", "outer", "runtime")

    def __init__(self, outer: Context | MacroContext, arguments: Mapping[str, Node]) -> None:
        self.outer = outer
        self.arguments = arguments
        self.local: dict[str, Any] = {}
        self.runtime = outer.runtime
        self.macro_depth = outer.macro_depth + 1

    def get(self, name: str) -> Any:
        """Return a variable's value, or None."""
        found = self.local.get(name)
        if found is not None:
            return found
        argument = self.arguments.get(name)
        return self.outer.get(name) if argument is None else argument.value(self.outer)

    def put(self, name: str, value: Any) -> None:
        """Set a variable, here and in the caller; what an argument stands for stays as it is."""
        self.local[name] = value
        self.outer.put(name, value)

    def forget(self, name: str) -> None:
        """Remove a variable here and where the caller has it."""
        self.local.pop(name, None)
        self.outer.forget(name)

    def argument_source(self, name: str) -> str | None:
        """Say how the caller wrote a macro's argument; None for anything that is not one."""
        argument = self.arguments.get(name)
        return self.outer.argument_source(name) if argument is None else argument.source


class ForeachScope:
    """What $foreach is inside a loop."""

    __slots__ = ("count", "has_next", "parent")

    def __str__(self) -> str:
        return "{}"

    def __init__(self, parent: Any) -> None:
        self.count = 0
        self.has_next = False
        self.parent = parent if isinstance(parent, ForeachScope) else None

    @property
    def topmost(self) -> ForeachScope:
        """The outermost loop's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope
