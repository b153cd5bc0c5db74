"""Finding what a request names."""

from __future__ import annotations

from dataclasses import dataclass

from sfn_harness.stepfunctions.engine.interface import Execution, MapRun
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import Arn, parse_arn
from sfn_harness.stepfunctions.store import Alias, Machine, Region, Revision, Version


@dataclass(frozen=True, slots=True)
class Target:
    """What an ARN of a state machine, of a version or of an alias names."""

    machine: Machine
    version: Version | None = None
    alias: Alias | None = None

    @property
    def revision(self) -> Revision:
        """The version's, or else the newest."""
        return self.machine.revision if self.version is None else self.version.revision


def _is_here(here: Region, arn: Arn) -> bool:
    return (arn.account, arn.region) == (here.scope.account, here.scope.region)


def find_target(here: Region, text: str) -> Target:
    """Return what the ARN of a state machine, a version or an alias names.

    Raises:
        ApiError: InvalidArn, StateMachineDoesNotExist; ValidationException for the ARN of a Map state.

    """
    arn = parse_arn(text, "stateMachine")
    if "/" in arn.name:
        # "If you provide a qualified state machine ARN that refers to a Distributed Map state, the request fails with
        # ValidationException" (API reference); the words are not recorded.
        raise ApiError("ValidationException", f"State machine ARN must not refer to a Distributed Map state: {text}")
    machine = here.machines.get(arn.name) if _is_here(here, arn) else None
    if machine is not None:
        if arn.qualifier is None:
            return Target(machine)
        if arn.qualifier.isdecimal():
            version = machine.versions.get(int(arn.qualifier))
            if version is not None:
                return Target(machine, version)
        elif arn.qualifier in machine.aliases:
            return Target(machine, alias=machine.aliases[arn.qualifier])
    raise no_machine(text)


def find_machine(here: Region, text: str) -> Machine:
    """Return a state machine by its own ARN. Raises ApiError: as `find_target` does, for a version or an alias, too."""
    target = find_target(here, text)
    if target.machine.arn != text:
        raise no_machine(text)
    return target.machine


def no_machine(arn: str) -> ApiError:
    """Return the error of a state machine that does not exist."""
    return ApiError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def find_execution(here: Region, text: str, *, express_children: bool = True) -> Execution:
    """Return a Standard execution, or one of a map run.

    Args:
        here: where the request is made.
        text: the ARN.
        express_children: also an Express execution that a map run has started.

    Raises:
        ApiError: InvalidArn (also for other Express executions), ExecutionDoesNotExist.

    """
    child = "/" in text
    arn = parse_arn(text, "execution", "express") if child and express_children else parse_arn(text, "execution")
    machine = here.machines.get(arn.machine) if _is_here(here, arn) else None
    found = None
    if machine is not None:
        found = machine.children.get(text) if child else machine.executions.get(arn.qualifier or "")
    if found is None:
        raise ApiError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{text}'")
    return found


def find_map_run(here: Region, text: str) -> MapRun:
    """Return a map run. Raises ApiError: InvalidArn, ResourceNotFound."""
    arn = parse_arn(text, "mapRun")
    machine = here.machines.get(arn.machine) if _is_here(here, arn) else None
    found = None if machine is None else machine.map_runs.get(text)
    if found is None:
        raise ApiError("ResourceNotFound", f"Resource not found: '{text}'", resourceName=text)
    return found
