"""Reads the members of a definition's objects that are objects, or have expressions in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from sfn_harness.stepfunctions.expressions.compiler import (
    compile_expression,
    compile_jsonata,
    compile_path,
    compile_reference,
    compile_template,
    is_jsonata,
)
from sfn_harness.stepfunctions.expressions.references import is_reference
from sfn_harness.stepfunctions.expressions.types import (
    Compiled,
    Expression,
    ExpressionError,
    QueryLanguage,
    ReferencePath,
    Template,
)
from sfn_harness.stepfunctions.language.diagnostics import Report
from sfn_harness.stepfunctions.language.kinds import JSONATA_ONLY
from sfn_harness.stepfunctions.language.members import Members

Json = Any
_Made = TypeVar("_Made", bound=Compiled)

_MAX_VARIABLE = 80


class Fields(Members):
    """The members of one JSON object of a definition, with those that are objects or have expressions in them.

    Args:
        members: see `Members`, as the next three.
        location: see there.
        report: see there.
        language: see there.
        variables: where the names of the variables that expressions read are put.
        within: the object's place in its state, such as ``Catch[0]/``: a prefix of the names in causes.

    """

    __slots__ = ("variables", "within")

    def __init__(
        self,
        members: Mapping[str, Json],
        location: str,
        report: Report,
        language: QueryLanguage = QueryLanguage.JSONPATH,
        variables: set[str] | None = None,
        within: str = "",
    ) -> None:
        super().__init__(members, location, report, language)
        self.variables = set() if variables is None else variables
        self.within = within

    def child(self, name: str) -> Fields | None:
        """Return the members of an object."""
        if name not in self.members:
            return None
        return self._object(self.members[name], name)

    def children(self, name: str) -> Iterator[Fields]:
        """Return the members of each object of an array."""
        for index, value in enumerate(self.array(name) or ()):
            child = self._object(value, f"{name}[{index}]")
            if child is not None:
                yield child

    def _object(self, value: Json, name: str) -> Fields | None:
        if not isinstance(value, dict):
            self.error("Expected value of type Object", name)
            return None
        within = f"{self.within}{name}/"
        return Fields(value, self.place(name), self.report, self.language, self.variables, within)

    # Expressions

    def path(self, name: str) -> Expression | None:
        """Return a path."""
        text = self.text(name)
        return None if text is None else self._compile(name, _PATH_WORDS, compile_path, text, name)

    def reference(self, name: str, *, to_context: bool = False) -> Expression | None:
        """Return a path that leads to one value, of the state's data or of a variable, or also ``to_context``."""
        text = self.text(name)
        in_context = text is not None and text.startswith("$$")
        if text is not None and text.startswith("$") and (not is_reference(text) or (in_context and not to_context)):
            self.error("Value is not a Reference Path", name)
            return None
        return self.path(name)

    def computed_text(self, name: str) -> Expression | None:
        """Return a path or an intrinsic function."""
        text = self.text(name)
        return None if text is None else self._compile(name, _PATH_WORDS, compile_expression, text, name)

    def target(self, name: str) -> ReferencePath | None:
        """Return a path that is written to."""
        text = self.text(name)
        if text is None:
            return None
        words = "Value is not a Reference Path" if text.startswith("$") else _PATH_WORDS
        return self._compile(name, words, compile_reference, text)

    def template(self, name: str) -> Template | None:
        """Return a payload template: an object, in JSONata any value."""
        if name not in self.members:
            return None
        in_jsonpath = self.language is QueryLanguage.JSONPATH and name not in JSONATA_ONLY
        if in_jsonpath and not isinstance(self.members[name], dict):
            self.error("Expected value of type Object", name)
            return None
        return self.compiled(name, compile_template, self.members[name], self.language, self.within + name)

    def assign(self) -> Template | None:
        """Return the template of Assign, whose members are variables."""
        given = self.members.get("Assign")
        if isinstance(given, dict):
            for member in given:
                self._check_variable(member.removesuffix(".$") if self.language is QueryLanguage.JSONPATH else member)
        elif "Assign" in self.members:
            self.error("Expected value of type Object", "Assign")
            return None
        return self.template("Assign")

    def _check_variable(self, name: str) -> None:
        # A Unicode identifier (AWS, "Passing data between states with variables"); an underscore does not start one.
        # The codes and words: badmintoncryer/cdk-preflight, rule pf-sfn-asl-jsonpath-syntax, 2026-09-05.
        if name == "states":
            message, code = "Cannot assign to reserved variable '$states'.", "RESERVED_VARIABLE_NAME"
        elif not name.isidentifier() or name.startswith("_"):
            message = f"Invalid variable name '{name}': the variable name contains invalid characters."
            code = "INVALID_VARIABLE_NAME"
        elif len(name) > _MAX_VARIABLE:
            message = f"Invalid variable name '{name}': the variable name is too long."
            code = "INVALID_VARIABLE_NAME"
        else:
            return
        self.report.error(message, self.place("Assign"), code)

    def is_expression(self, name: str) -> bool:
        """Return whether a member is an expression of a JSONata state."""
        return self.language is QueryLanguage.JSONATA and is_jsonata(self.members.get(name))

    def jsonata(self, name: str) -> Expression | None:
        """Return a member that `is_expression`."""
        return self.compiled(name, compile_jsonata, self.members[name], self.within + name)

    def text_or_expression(self, name: str) -> str | Expression | None:
        """Return a text, or in JSONata an expression."""
        return self.jsonata(name) if self.is_expression(name) else self.text(name)

    def whole_or_expression(self, name: str, minimum: int, maximum: int | None = None) -> int | Expression | None:
        """Return a whole number, in JSONata an expression, or in JSONPath the path of the field ``<name>Path``."""
        self.only_one(name, f"{name}Path")
        if f"{name}Path" in self.members:
            return self.reference(f"{name}Path")
        return self.jsonata(name) if self.is_expression(name) else self.whole(name, minimum, maximum)

    def real_or_expression(self, name: str, minimum: float, maximum: float) -> float | Expression | None:
        """Return what `whole_or_expression` does, for any number."""
        self.only_one(name, f"{name}Path")
        if f"{name}Path" in self.members:
            return self.reference(f"{name}Path")
        return self.jsonata(name) if self.is_expression(name) else self.real(name, minimum, maximum)

    def compiled(self, name: str | None, compile_it: Callable[..., _Made], *args: Json) -> _Made | None:
        """Compile with one of the compile functions; report a fault at a member, or at the object itself."""
        return self._compile(name, None, compile_it, *args)

    def _compile(
        self, name: str | None, words: str | None, compile_it: Callable[..., _Made], *args: Json
    ) -> _Made | None:
        try:
            made = compile_it(*args)
        except ExpressionError as error:
            location = self.location if name is None else self.place(name)
            self.report.error(words or str(error), f"{location}{error.inside}", error.code)
            return None
        if hasattr(made, "variables"):
            self.variables.update(made.variables())
        return made


# Seen on AWS for all fields whose name ends with Path (aws-cloudformation/cfn-lint issue 4078, 2025-04-05;
# badmintoncryer/cdk-preflight rule pf-sfn-asl-jsonpath-syntax, 2026-09-05).
_PATH_WORDS = "Value must be a valid JSONPath."
