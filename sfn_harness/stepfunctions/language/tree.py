"""The tree that a definition is parsed into. Expressions in it are compiled; nothing of it changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sfn_harness.stepfunctions.expressions.types import Choice, Expression, QueryLanguage, ReferencePath, Template

Json = Any


@dataclass(frozen=True, slots=True)
class Program:
    """States that run one after another: a state machine, a branch, or the processor of a Map state."""

    start_at: str
    states: dict[str, State]
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A whole definition."""

    program: Program
    query_language: QueryLanguage = QueryLanguage.JSONPATH
    timeout_seconds: int | None = None
    version: str | None = None
    # State name => the variables that its expressions name, as AWS lists them.
    variable_references: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of Retry."""

    error_equals: tuple[str, ...]
    interval_seconds: int = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    jitter: bool = False  # JitterStrategy FULL


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch."""

    error_equals: tuple[str, ...]
    next: str
    result_path: ReferencePath | None = None  # JSONPath; None means ``$``
    discard_result: bool = False  # ResultPath is null: the state's input passes unchanged
    assign: Template | None = None
    output: Template | None = None  # JSONata


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What all states have. ``kind`` is the ``Type`` of the definition.

    A path that is the word null in the definition (``InputPath``, ``OutputPath``: the empty object, ``ResultPath``: the
    result is dropped) is ``discard``; one that is not there is None here, and means ``$``.
    """

    name: str
    kind: str
    query_language: QueryLanguage
    comment: str | None = None
    next: str | None = None
    end: bool = False
    # JSONPath
    input_path: Expression | None = None
    discard_input: bool = False
    output_path: Expression | None = None
    discard_output: bool = False
    # JSONata
    output: Template | None = None
    # Both
    assign: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working(State):
    """What Pass, Task, Parallel and Map states have: they make a result."""

    parameters: Template | None = None  # JSONPath: Parameters
    result_path: ReferencePath | None = None
    discard_result: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing(Working):
    """What Task, Parallel and Map states have: they can fail, and be tried again."""

    arguments: Template | None = None  # JSONata: Arguments
    result_selector: Template | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(Working):
    """A Pass state."""

    result: Json = None
    has_result: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(State):
    """A Succeed state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(State):
    """A Fail state. Each of the two is a text, or an expression (ErrorPath, CausePath, or JSONata)."""

    error: str | Expression | None = None
    cause: str | Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(State):
    """A Wait state. One of the four; each is a literal or an expression (the ...Path fields, or JSONata)."""

    seconds: int | Expression | None = None
    timestamp: str | Expression | None = None
    is_path: bool = False  # SecondsPath or TimestampPath, whose errors have words of their own


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of Choices."""

    condition: Choice
    next: str
    assign: Template | None = None
    output: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceState(State):
    """A Choice state."""

    rules: tuple[Rule, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Failing):
    """A Task state. Seconds are literals or expressions (the ...Path fields, or JSONata)."""

    resource: str = ""
    timeout_seconds: int | Expression | None = None
    heartbeat_seconds: int | Expression | None = None
    credentials: Template | None = None  # an object with RoleArn


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Failing):
    """A Parallel state."""

    branches: tuple[Program, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Where the items of a distributed Map state are read from."""

    resource: str
    parameters: Template | None = None  # Parameters, or Arguments
    config: dict[str, Json] = field(default_factory=dict)  # ReaderConfig, as it stands
    max_items: int | Expression | None = None


@dataclass(frozen=True, slots=True)
class ItemBatcher:
    """How the items of a distributed Map state are put together."""

    max_items: int | Expression | None = None
    max_input_bytes: int | Expression | None = None
    batch_input: Template | None = None


@dataclass(frozen=True, slots=True)
class ResultWriter:
    """Where the results of a distributed Map state are written to."""

    resource: str | None = None
    parameters: Template | None = None
    config: dict[str, Json] = field(default_factory=dict)  # WriterConfig, as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Failing):
    """A Map state. ``processor`` is ItemProcessor, or Iterator in old definitions (``is_legacy``)."""

    processor: Program
    distributed: bool = False
    execution_type: str = "STANDARD"  # of a distributed one's child executions
    is_legacy: bool = False
    label: str | None = None
    items: Template | None = None  # JSONata: Items, an array or an expression
    items_path: Expression | None = None  # JSONPath
    item_selector: Template | None = None
    item_reader: ItemReader | None = None
    item_batcher: ItemBatcher | None = None
    result_writer: ResultWriter | None = None
    max_concurrency: int | Expression = 0
    tolerated_failure_count: int | Expression | None = None
    tolerated_failure_percentage: float | Expression | None = None
