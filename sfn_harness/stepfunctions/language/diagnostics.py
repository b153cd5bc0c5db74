"""What is wrong with a definition, in AWS's words and in the two forms that its API gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ERROR, WARNING = "ERROR", "WARNING"

SCHEMA = "SCHEMA_VALIDATION_FAILED"
LABEL = "INVALID_LABEL_NAME"


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
        diagnostics: the errors.
        definition: its text.

    """

    def __init__(self, diagnostics: Iterable[Diagnostic], definition: str) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(_text(self.diagnostics, definition))


def _text(errors: tuple[Diagnostic, ...], definition: str) -> str:
    for error in errors:
        if error.code == LABEL:
            # So it is recorded (test_sfn_api_map_run, 2024-07-20), in the words of a Python program.
            return f"Error=ValueError Args={[error.message]!r} in definition '{definition}'."
    reasons = ", ".join(f"{one.code}: {one.message} at {_place(one)}" for one in errors)
    return f"Invalid State Machine Definition: '{reasons}'"


def _place(diagnostic: Diagnostic) -> str:
    return "null" if diagnostic.location is None else diagnostic.location


@dataclass(slots=True)
class Report:
    """Collects the errors of one definition, in their order."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(self, message: str, location: str | None, code: str = SCHEMA) -> None:
        """Note what is wrong, once."""
        diagnostic = Diagnostic(code, message, location)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)
