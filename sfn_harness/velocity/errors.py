"""What goes wrong while a template is read or rendered."""

from __future__ import annotations


class TemplateError(Exception):
    """A template that cannot be parsed, or that fails while it renders.

    `line` and `column` (both from 1) say where in the template, and are None when the failure has no place in it.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.message = message
        self.line = line
        self.column = column
        super().__init__(message if line is None else f"line {line}, column {column}: {message}")

    @classmethod
    def at(cls, message: str, source: str, position: int) -> TemplateError:
        """Build the error for a character position in the template's source."""
        before = source[:position]
        return cls(message, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


class MethodError(TemplateError):
    """A Java method that exists and was called, and would have thrown."""


class Stop(Exception):  # noqa: N818  (control flow, not an error)
    """#stop: ends the rendering of the whole template."""


class Break(Exception):  # noqa: N818
    """#break: ends the nearest #foreach, or the template where there is none."""
