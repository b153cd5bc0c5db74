"""What Terraform says when something is wrong, in a form that can be asserted on and read."""

import json
import re
from dataclasses import dataclass

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^[╷│╵]\s?", re.MULTILINE)
_ENDS_A_PARAGRAPH = re.compile(r"^(\s|[-*├]|\d+:)")


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning: `severity` is "error" or "warning"; `address` and `file` are "" where there is none."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        head = f"{self.severity.capitalize()}: {self.summary}"
        where = ", ".join(part for part in (f"with {self.address}" * bool(self.address), self._place()) if part)
        return "\n".join(part for part in (head, f"  {where}" if where else "", self.detail) if part)

    def _place(self) -> str:
        return f"on {self.file} line {self.line}" if self.file else ""


class TerraformError(AssertionError):
    """A Terraform command failed.

    It is an assertion error, so that a test that did not expect it fails rather than errs. Its text, and so
    ``pytest.raises(..., match=...)``, holds every message whole: no frames, no colours, no line breaks of Terraform's.

    Attributes:
        command: the subcommand, such as "plan".
        diagnostics: what Terraform reported, errors and warnings.
        output: everything it wrote, as it wrote it.

    """

    def __init__(self, command: str, diagnostics: list[Diagnostic], output: str) -> None:
        self.command = command
        self.diagnostics = diagnostics
        self.output = output
        errors = [str(each) for each in diagnostics if each.severity == "error"]
        super().__init__(f"terraform {command} failed\n" + "\n\n".join(errors or [unwrap(output)]))

    @property
    def errors(self) -> list[str]:
        """The messages of the errors: summary and detail, one string each."""
        return [f"{each.summary}: {each.detail}" for each in self.diagnostics if each.severity == "error"]


def parse_output(output: str) -> tuple[list[Diagnostic], str]:
    """Return the diagnostics in the output of a command run with ``-json``, and the lines that are not JSON."""
    diagnostics: list[Diagnostic] = []
    rest: list[str] = []
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            rest.append(line)
            continue
        if isinstance(message, dict) and isinstance(message.get("diagnostic"), dict):
            diagnostics.append(_diagnostic(message["diagnostic"]))
    return diagnostics, "\n".join(rest)


def parse_text(output: str) -> list[Diagnostic]:
    """Return the diagnostics in a person's output of Terraform, which frames, colours and wraps them."""
    found: list[Diagnostic] = []
    for part in re.split(r"^(?=(?:Error|Warning): )", _plain(output), flags=re.MULTILINE):
        severity, colon, rest = part.partition(": ")
        if colon and severity in ("Error", "Warning"):
            summary, _, detail = rest.partition("\n")
            found.append(Diagnostic(severity.lower(), summary.strip(), _joined(detail).strip()))
    return found


def unwrap(output: str) -> str:
    """Return a person's output of Terraform without colours and frames, each paragraph on one line."""
    return _joined(_plain(output)).strip()


def _plain(output: str) -> str:
    return _FRAME.sub("", _ANSI.sub("", output))


def _joined(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        stripped = line.rstrip()
        goes_on = lines and lines[-1] and stripped and not _ENDS_A_PARAGRAPH.match(stripped)
        if goes_on and not _ENDS_A_PARAGRAPH.match(lines[-1]):
            lines[-1] = f"{lines[-1]} {stripped}"
        else:
            lines.append(stripped)
    return "\n".join(lines)


def _diagnostic(raw: dict) -> Diagnostic:
    place = raw.get("range") or {}
    return Diagnostic(
        severity=raw.get("severity", "error"),
        summary=raw.get("summary", ""),
        detail=raw.get("detail", ""),
        address=raw.get("address", ""),
        file=place.get("filename", ""),
        line=(place.get("start") or {}).get("line", 0),
    )
