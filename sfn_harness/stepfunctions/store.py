"""What there is: state machines with their revisions, versions and aliases, activities, executions, map runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sfn_harness.stepfunctions.engine.interface import Execution, MapRun, Workflow
from sfn_harness.stepfunctions.ports import Scope

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Workflow):
    """A state machine as it is between two updates. Executions run it; it never changes.

    Attributes:
        id: the revision's; None until the state machine is updated for the first time.
        updated: the date of the update, or of the creation.
        text: the definition as it was given.
        logging_configuration: as DescribeStateMachine gives it.
        tracing: X-Ray is on.
        encryption: the encryption configuration, if one was given.

    """

    id: str | None
    updated: float
    text: str
    logging_configuration: Mapping[str, Json]
    tracing: bool
    encryption: Mapping[str, Json] | None

    def differs(self, other: Revision) -> bool:
        """Return whether an update from one to the other is one."""
        return self.role_arn != other.role_arn or self.settings != other.settings

    @property
    def settings(self) -> tuple[Json, ...]:
        """What CreateStateMachine compares to tell whether a request is a repetition; the role is not in it."""
        return self.text, self.express, self.logging_configuration, self.tracing, self.encryption


@dataclass(frozen=True, slots=True)
class Version:
    """A published revision."""

    arn: str
    number: int
    revision: Revision
    description: str | None
    created: float


@dataclass(frozen=True, slots=True)
class Route:
    """The share of an alias's executions that a version gets, in per cent."""

    version_arn: str
    weight: int


@dataclass(slots=True)
class Alias:
    """A name for one version, or for two between which executions are shared out."""

    arn: str
    name: str
    description: str | None
    routes: tuple[Route, ...]
    created: float
    updated: float


@dataclass(slots=True)
class Machine:
    """A state machine. ``versions`` are by number, ``executions``, ``aliases`` by name, the others by ARN."""

    arn: str
    name: str
    created: float
    revision: Revision
    published_at_creation: tuple[bool, str | None]  # publish and versionDescription, for repeated requests
    tags: dict[str, str]
    versions: dict[int, Version] = field(default_factory=dict)
    last_version: int = 0
    aliases: dict[str, Alias] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    children: dict[str, Execution] = field(default_factory=dict)
    map_runs: dict[str, MapRun] = field(default_factory=dict)
    redrives: dict[str, dict[str, float]] = field(default_factory=dict)  # execution ARN => client token => date

    @property
    def express(self) -> bool:
        """Its type is EXPRESS."""
        return self.revision.express

    def version_of(self, revision: Revision) -> Version | None:
        """Return the version that a revision has been published as."""
        return next((one for one in self.versions.values() if one.revision is revision), None)


@dataclass(slots=True)
class Activity:
    """An activity."""

    arn: str
    name: str
    created: float
    encryption: Mapping[str, Json]
    tags: dict[str, str]


@dataclass(slots=True)
class Region:
    """What an account has in a region: state machines by name, and activities by ARN."""

    scope: Scope
    machines: dict[str, Machine] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)


class Store:
    """All regions of all accounts. The engine makes known here what it starts by itself."""

    def __init__(self) -> None:
        self._regions: dict[tuple[str, str], Region] = {}

    def region(self, scope: Scope) -> Region:
        """Return what there is in a scope."""
        key = scope.account, scope.region
        found = self._regions.get(key)
        if found is None:
            found = self._regions[key] = Region(scope)
        return found

    def add_map_run(self, map_run: MapRun) -> None:
        """Keep a map run that starts."""
        machine = self._machine(map_run.execution)
        if machine is not None:
            machine.map_runs[map_run.arn] = map_run

    def add_child(self, execution: Execution) -> None:
        """Keep a child execution of a map run that starts."""
        machine = self._machine(execution)
        if machine is not None:
            machine.children[execution.arn] = execution

    def _machine(self, execution: Execution) -> Machine | None:
        workflow = execution.workflow
        return self.region(workflow.scope).machines.get(workflow.name.partition("/")[0])
