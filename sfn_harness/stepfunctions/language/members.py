"""Reads the plain members of a definition's objects: which are there, their types and ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfn_harness.stepfunctions.expressions.types import QueryLanguage
from sfn_harness.stepfunctions.language.diagnostics import Report
from sfn_harness.stepfunctions.language.kinds import JSONATA_ONLY, JSONPATH_ONLY

Json = Any


class Members:
    """The members of one JSON object of a definition.

    Methods that read a member return None where there is none, or where it is wrong, which the report then says.

    Args:
        members: the object.
        location: where it is: ``/States/A/Retry[0]``; "" is the definition itself.
        report: where faults go.
        language: the query language of the state that the object belongs to.

    """

    __slots__ = ("language", "location", "members", "report")

    def __init__(
        self,
        members: Mapping[str, Json],
        location: str,
        report: Report,
        language: QueryLanguage = QueryLanguage.JSONPATH,
    ) -> None:
        self.members, self.location, self.report, self.language = members, location, report, language

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def place(self, name: str) -> str:
        """Return the location of a member."""
        return f"{self.location}/{name}"

    def error(self, message: str, name: str | None = None) -> None:
        """Report a fault of a member, or of the object itself."""
        self.report.error(message, (self.location or "/") if name is None else self.place(name))

    def require(self, *names: str) -> bool:
        """Report those that are missing; return whether all are there."""
        missing = [name for name in names if name not in self.members]
        if missing:
            self.error(f"These fields are required: [{', '.join(missing)}]")
        return not missing

    def only_one(self, *names: str) -> None:
        """Report members of which at most one may be there."""
        if sum(name in self.members for name in names) > 1:
            self.error(f"There should only be one of the following fields: [{', '.join(names)}]")

    def refuse_others(self, known: frozenset[str]) -> bool:
        """Report members that are not known, or not in the object's query language; return whether there are any."""
        found = False
        for name in self.members:
            if name not in known:
                self.error(f"Field '{name}' is not supported")
            elif name in JSONATA_ONLY and self.language is QueryLanguage.JSONPATH:
                self._refuse_language(name, QueryLanguage.JSONATA)
            elif name in JSONPATH_ONLY and self.language is QueryLanguage.JSONATA:
                self._refuse_language(name, QueryLanguage.JSONPATH)
            else:
                continue
            found = True
        return found

    def _refuse_language(self, name: str, wanted: QueryLanguage) -> None:
        self.error(
            f"The QueryLanguage is set to '{self.language.value}', "
            f"but field '{name}' is only supported for the '{wanted.value}' QueryLanguage"
        )

    def query_language(self, machine: QueryLanguage | None = None) -> QueryLanguage | None:
        """Return the QueryLanguage. That of a state can't go back from the ``machine``'s JSONata to JSONPath."""
        text = self.text("QueryLanguage", tuple(language.value for language in QueryLanguage))
        language = None if text is None else QueryLanguage(text)
        if language is QueryLanguage.JSONPATH and machine is QueryLanguage.JSONATA:
            self.error("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
        return language

    def exactly_one(self, *names: str) -> None:
        """Report that none of the members is there, or more than one."""
        if not any(name in self.members for name in names):
            self.none_of(*names)
        self.only_one(*names)

    def none_of(self, *names: str) -> None:
        """Report that none of the members is there."""
        self.error(f"This object should have only one of the following fields: [{', '.join(names)}]")

    # Plain values

    def text(self, name: str, words: tuple[str, ...] = ()) -> str | None:
        """Return a text; one of ``words``, if there are any."""
        value = self.members.get(name)
        if name not in self.members:
            return None
        if not isinstance(value, str):
            self.error("Expected value of type String", name)
            return None
        if words and value not in words:
            self.error(f"Value should be one of the following: [{', '.join(words)}]", name)
            return None
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean; False where there is none."""
        value = self.members.get(name, False)
        if not isinstance(value, bool):
            self.error("Expected value of type Boolean", name)
            return False
        return value

    def whole(self, name: str, minimum: int, maximum: int | None = None) -> int | None:
        """Return a whole number."""
        value = self.members.get(name)
        if name not in self.members:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            self.error("Expected value of type Integer", name)
            return None
        return int(value) if self._in_range(name, value, minimum, maximum) else None

    def real(self, name: str, minimum: float, maximum: float | None = None) -> float | None:
        """Return a number."""
        value = self.members.get(name)
        if name not in self.members:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.error("Expected value of type Number", name)
            return None
        return float(value) if self._in_range(name, value, minimum, maximum) else None

    def _in_range(self, name: str, value: float, minimum: float, maximum: float | None) -> bool:
        if value < minimum:
            self.error(f"Minimum value is {minimum}", name)
        elif maximum is not None and value > maximum:
            self.error(f"Maximum value is {maximum}", name)
        else:
            return True
        return False

    def array(self, name: str) -> list[Json] | None:
        """Return an array."""
        value = self.members.get(name)
        if name in self.members and not isinstance(value, list):
            self.error("Expected value of type Array", name)
            return None
        return value

    def filled_array(self, name: str) -> list[Json] | None:
        """Return an array that has to be there, and to have items."""
        if not self.require(name):
            return None
        value = self.array(name)
        if value == []:
            self.error("Value cannot be empty", name)
        return value
