"""Versions: revisions of a state machine that have been published."""

from __future__ import annotations

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.operations.lookup import find_machine, find_target
from sfn_harness.stepfunctions.operations.parts import Answer, Call
from sfn_harness.stepfunctions.pages import Pages
from sfn_harness.stepfunctions.store import Machine, Version

_INITIAL = "INITIAL"  # the id of a revision that has none: PublishStateMachineVersion, "revisionId" (API reference)


def publish(machine: Machine, description: str | None, now: float) -> Version:
    """Return the version of a state machine's newest revision, which is published unless it is already."""
    version = machine.version_of(machine.revision)
    if version is None:
        machine.last_version += 1
        number = machine.last_version
        version = Version(f"{machine.arn}:{number}", number, machine.revision, description, now)
        machine.versions[number] = version
    return version


def publish_state_machine_version(call: Call) -> Answer:
    """Publish the newest revision."""
    machine = find_machine(call.here, call.request["stateMachineArn"])
    wanted, current = call.request.get("revisionId"), machine.revision.id or _INITIAL
    if wanted is not None and wanted != current:
        raise ApiError(
            "ConflictException",
            f"Failed to publish the State Machine version for revision {wanted}. "
            f"The current State Machine revision is {current}.",
        )
    version = publish(machine, call.request.get("description"), call.parts.now())
    return {"stateMachineVersionArn": version.arn, "creationDate": version.created}


def delete_state_machine_version(call: Call) -> Answer:
    """Delete a version that no alias needs; none is deleted just as well."""
    text = call.request["stateMachineVersionArn"]
    arn = parse_arn(text, "stateMachine")
    if arn.qualifier is None or not arn.qualifier.isdecimal():
        # The words are not recorded.
        raise ApiError("ValidationException", f"Expected a state machine version ARN. Received: {text}")
    machine = call.here.machines.get(arn.name)
    version = None if machine is None else machine.versions.get(int(arn.qualifier))
    if machine is None or version is None or version.arn != text:
        return {}
    names = [
        alias.name for alias in machine.aliases.values() if any(text == route.version_arn for route in alias.routes)
    ]
    if names:
        raise ApiError(
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. "
            f"Current list of aliases referencing this version: [{', '.join(names)}]",
        )
    del machine.versions[version.number]
    return {}


def list_state_machine_versions(call: Call) -> Answer:
    """List versions, the newest first."""
    machine = find_target(call.here, call.request["stateMachineArn"]).machine
    versions = list(reversed(machine.versions.values()))
    return Pages(["ListStateMachineVersions", machine.arn], call.request, call.parts.now()).of(
        "stateMachineVersions",
        versions,
        lambda version: [-version.number],
        lambda version: {"stateMachineVersionArn": version.arn, "creationDate": version.created},
    )
