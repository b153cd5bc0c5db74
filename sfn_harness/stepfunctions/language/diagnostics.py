"""What is wrong with a definition, in AWS's words and in the two forms that its API gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ERROR, WARNING = "ERROR", "WARNING"

SCHEMA = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong, or only odd (``WARNING``), as ValidateStateMachineDefinition lists it."""

    code: str
    message: str
    location: str | None = None
    severity: str = ERROR

    def shape(self) -> dict[str, str]:
        """Return the members of the API's structure."""
        shaped = {"severity": self.severity, "code": self.code, "message": self.message}
        if self.location is not None:
            shaped["location"] = self.location
        return shaped


class DefinitionError(Exception):
    """A definition is refused. The text is what CreateStateMachine says: ``Invalid State Machine Definition: '...'``.

    Args:
        diagnostics: all of them, errors and warnings.

    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        errors = (one for one in self.diagnostics if one.severity == ERROR)
        reasons = ", ".join(f"{one.code}: {one.message} at {_place(one)}" for one in errors)
        super().__init__(f"Invalid State Machine Definition: '{reasons}'")


def _place(diagnostic: Diagnostic) -> str:
    return "null" if diagnostic.location is None else diagnostic.location


@dataclass(slots=True)
class Report:
    """Collects the diagnostics of one definition, in their order."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(self, message: str, location: str | None, code: str = SCHEMA) -> None:
        """Note what is wrong."""
        self.diagnostics.append(Diagnostic(code, message, location))

    def warn(self, code: str, message: str, location: str) -> None:
        """Note what is odd."""
        self.diagnostics.append(Diagnostic(code, message, location, WARNING))

    @property
    def has_errors(self) -> bool:
        """Whether the definition is refused."""
        return any(one.severity == ERROR for one in self.diagnostics)
