"""What a definition's parts share while it is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sfn_harness.stepfunctions.expressions.types import QueryLanguage
from sfn_harness.stepfunctions.language.diagnostics import Report


@dataclass(frozen=True, slots=True)
class Context:
    """What is around a program.

    Attributes:
        report: where faults go.
        language: the query language of states that name none.
        express: the program runs as Express: the state machine is one, or the child executions of a Map state are.
        references: state name => the variables that it reads.
        names: the states' names so far, with the location of each.
        labels: the labels of Map states so far.

    """

    report: Report
    language: QueryLanguage
    express: bool
    references: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    def as_child(self, express: bool) -> Context:
        """Return the context of the child executions of a distributed Map state."""
        return replace(self, express=express)
