"""One stay in a state: what its expressions see, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.engine import documents, times
from sfn_harness.stepfunctions.engine.documents import Document
from sfn_harness.stepfunctions.engine.failures import StateFailedError
from sfn_harness.stepfunctions.errors import EvaluationError, HeartbeatMissedError, StateError
from sfn_harness.stepfunctions.expressions.types import Data, Expression, QueryLanguage, Template
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.branch import Branch
    from sfn_harness.stepfunctions.engine.map_run import MapRun

Json = Any

# How a state is left: its output, the next state's name (None: none), the variables that it assigns, and their texts.
Exit = tuple[Document, str | None, Mapping[str, Json] | None, Mapping[str, str] | None]

_NO_STATES: Mapping[str, Json] = {}


class Visit:
    """A state that a branch is in.

    Attributes:
        branch: whose it is.
        state: the state.
        input: its raw input.
        previous: the event before the one by which it was entered.
        entered: the id of the event by which it was entered.
        time: when.
        retries: how often it has been tried again.
        attempts: how often for each of its retriers.
        token: the task token of this attempt.
        children: the branches of a Parallel state, or the iterations of a Map state.
        map_run: that of a distributed Map state.
        is_closed: whether an event says already that it ended badly.
        given_context: the context object that TestState gives; None: it is made.
        shown_name: the state's name in the context object.
        details: what TestState tells of the data's way, by the members of its inspection data; None: nobody asks.
        reveals_secrets: it tells what a connection adds to a request, too.

    """

    __slots__ = (
        "attempts",
        "branch",
        "children",
        "details",
        "entered",
        "given_context",
        "input",
        "is_closed",
        "map_run",
        "previous",
        "retries",
        "reveals_secrets",
        "shown_name",
        "state",
        "time",
        "token",
    )

    def __init__(self, branch: Branch, state: tree.State, document: Document) -> None:
        self.branch, self.state, self.input = branch, state, document
        self.previous = self.entered = branch.last
        self.time = branch.execution.engine.clock.now()
        self.children: Sequence[Branch] = ()
        self.map_run: MapRun | None = None
        self.shown_name = state.name
        self.given_context: Mapping[str, Json] | None = None
        self.details: dict[str, Json] | None = None
        self.reveals_secrets = False
        self.restart()

    def restart(self) -> None:
        """Begin at the first attempt. A redriven execution does it, with the children that there are."""
        self.retries = 0
        self.attempts: list[int] | None = None
        self.token: str | None = None
        self.is_closed = False

    @property
    def is_jsonata(self) -> bool:
        """Whether the state's query language is JSONata."""
        return self.state.query_language is QueryLanguage.JSONATA

    def context(self) -> dict[str, Json]:
        """Return the context object."""
        if self.given_context is not None:
            return dict(self.given_context)
        state: dict[str, Json] = {"Name": self.shown_name, "EnteredTime": times.write(self.time)}
        if isinstance(self.state, tree.Failing):
            state["RetryCount"] = self.retries
        context = {**self.branch.execution.context(), "State": state}
        if self.token is not None:
            context["Task"] = {"Token": self.token}
        if self.branch.item is not None:
            context["Map"] = {"Item": self.branch.item}
        return context

    def data(self, value: Json, *, item: Mapping[str, Json] | None = None, **states: Json) -> Data:
        """Return what an expression of the state sees.

        Args:
            value: what ``$`` is in JSONPath.
            item: what ``$$.Map.Item`` is, where it isn't that of the branch.
            **states: further members of ``$states`` in JSONata: result, errorOutput.

        """
        context = self.context()
        if item is not None:
            context["Map"] = {"Item": item}
        seen = {"input": self.input.value, **states} if self.is_jsonata else _NO_STATES
        return Data(value, context, self.branch.variables, seen, self.branch.execution.engine.environment)

    def number(self, value: float | Expression | None, effective: Document) -> Json:
        """Return what a field's number is: a literal, or an expression that gives one."""
        if value is None or isinstance(value, int | float):
            return value
        return value.evaluate(self.data(effective.value))

    def effective_input(self) -> Document:
        """Return the input behind InputPath."""
        state = self.state
        if state.input_path is not None:
            effective = documents.of(state.input_path.evaluate(self.data(self.input.value)), self.input)
        else:
            effective = Document({}) if state.discard_input else self.input
        self.note("afterInputPath", effective)
        return effective

    def arguments(self, effective: Document) -> Document:
        """Return what Parameters or Arguments make of the effective input; without them, that."""
        state = self.state
        template: Template | None = getattr(state, "arguments", None) if self.is_jsonata else state.parameters
        made = effective
        if template is not None:
            made = documents.of(template.evaluate(self.data(effective.value)), effective, self.input)
        self.note("afterArguments" if self.is_jsonata else "afterParameters", made)
        return made

    def assigned(self, template: Template | None, value: Json, **states: Json) -> Mapping[str, Json] | None:
        """Return the variables that an Assign makes; ``value`` is what ``$`` is."""
        return None if template is None else template.evaluate(self.data(value, **states))

    def leave(self, output: Document, following: str | None, assigned: Mapping[str, Json] | None) -> Exit:
        """Return how the state is left. Raises StateError: the output is too long, or the variables are."""
        output.check_size(self.state.name)
        if not assigned:
            return output, following, None, None
        texts = {name: json_text.write(value) for name, value in assigned.items()}
        if documents.are_too_long(texts.values()):
            # "The maximum combined size for all variables in a single Assign field is also 256Kib": AWS's developer
            # guide, "Passing data between states with variables", seen 2026-11. The words are not recorded.
            cause = f"The variables that the state '{self.state.name}' assigns exceed the maximum number of bytes."
            raise StateError("States.DataLimitExceeded", cause)
        return output, following, assigned, texts

    def output(self, result: Document) -> Document:
        """Return what ResultPath and OutputPath make of a result (JSONPath)."""
        state = self.state
        if isinstance(state, tree.Working):
            if state.discard_result:
                result = self.input
            elif state.result_path is not None:
                written = state.result_path.write(self.input.value, result.value, self.data(result.value))
                result = documents.of(written, result, self.input)
            self.note("afterResultPath", result)
        if state.discard_output:
            return Document({})
        if state.output_path is None:
            return result
        return documents.of(state.output_path.evaluate(self.data(result.value)), result, self.input)

    def failure(self, error: StateError) -> StateFailedError:
        """Return an error of this state as a failure, after the event that AWS writes for it, if there is one."""
        branch = self.branch
        if not isinstance(error, EvaluationError):
            other_name = "States.HeartbeatTimeout" if isinstance(error, HeartbeatMissedError) else None
            return StateFailedError(error.error, error.cause, branch.last, other_name)
        cause = (
            f"An error occurred while executing the state '{self.state.name}' (entered at the event id #{self.entered})"
            f". {error.cause}"
        )
        if self.is_jsonata:
            # Recorded on AWS: the event follows the one before the state was entered, when nothing has happened since;
            # not so for Wait states (localstack/localstack tests v4.14.0, assign and base scenarios, 2024-11 to -12).
            is_fresh = branch.last == self.entered and not isinstance(self.state, tree.Wait)
            details = {"cause": cause, "error": error.error, "state": self.state.name}
            if error.location is not None:
                details["location"] = error.location
            branch.last = branch.history.add("EvaluationFailed", self.previous if is_fresh else branch.last, details)
        return StateFailedError(error.error, cause, branch.last)

    def note(self, member: str, document: Document) -> None:
        """Keep a step of the data's way for TestState's inspection data."""
        if self.details is not None:
            self.details[member] = document
