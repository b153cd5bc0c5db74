"""State machines: they are created, updated, described, listed and deleted."""

from __future__ import annotations

import re
from dataclasses import replace

from sfn_harness.stepfunctions.engine.interface import Execution, Status
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import check_name
from sfn_harness.stepfunctions.operations import settings
from sfn_harness.stepfunctions.operations.definitions import parse_definition
from sfn_harness.stepfunctions.operations.lookup import find_execution, find_machine, find_target, no_machine
from sfn_harness.stepfunctions.operations.parts import Answer, Call, Request, present
from sfn_harness.stepfunctions.operations.processors import find_processor, processor_text
from sfn_harness.stepfunctions.operations.tags import add_tags
from sfn_harness.stepfunctions.operations.versions import publish
from sfn_harness.stepfunctions.pages import Pages
from sfn_harness.stepfunctions.store import Machine, Revision

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")


def create_state_machine(call: Call) -> Answer:
    """Create a state machine, or answer once more for one that is the same."""
    name = call.request["name"]
    check_name(name)
    publishes, description = bool(call.request.get("publish")), call.request.get("versionDescription")
    _check_description(call.request)
    express = call.request.get("type") == "EXPRESS"
    arn = call.here.scope.arn(f"stateMachine:{name}")
    logging_configuration = settings.logging_configuration(
        call.parts, call.here.scope, call.request.get("loggingConfiguration")
    )
    revision = Revision(
        definition=parse_definition(call.request["definition"], express=express),
        arn=arn,
        name=name,
        role_arn=_role(call.request["roleArn"]),
        scope=call.here.scope,
        express=express,
        logging=settings.logging(logging_configuration),
        id=None,
        updated=call.parts.now(),
        text=call.request["definition"],
        logging_configuration=logging_configuration,
        tracing=_tracing(call.request) or False,
        encryption=settings.encryption_configuration(call.request.get("encryptionConfiguration")),
    )
    machine = call.here.machines.get(name)
    if machine is None:
        machine = Machine(arn, name, revision.updated, revision, (publishes, description), {})
        add_tags(machine.tags, call.request.get("tags") or (), arn)
        call.here.machines[name] = machine
        if publishes:
            publish(machine, description, call.parts.now())
    elif machine.revision.settings != revision.settings or machine.published_at_creation != (publishes, description):
        raise ApiError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    version = machine.version_of(machine.revision) if publishes else None
    return present(
        stateMachineArn=arn,
        creationDate=machine.created,
        stateMachineVersionArn=None if version is None else version.arn,
    )


def update_state_machine(call: Call) -> Answer:
    """Update a state machine. What is as it was makes no new revision."""
    machine = find_machine(call.here, call.request["stateMachineArn"])
    _check_description(call.request)
    changeable = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
    if all(call.request.get(member) is None for member in changeable):
        raise ApiError(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration "
            "must be specified",
        )
    updated = _updated(call, machine.revision)
    if updated.differs(machine.revision):
        machine.revision = updated
    version = (
        publish(machine, call.request.get("versionDescription"), call.parts.now())
        if call.request.get("publish")
        else None
    )
    return present(
        updateDate=updated.updated,
        revisionId=machine.revision.id,
        stateMachineVersionArn=None if version is None else version.arn,
    )


def _updated(call: Call, before: Revision) -> Revision:
    parts, request = call.parts, call.request
    changes: dict = {"id": parts.new_id(), "updated": parts.now()}
    if request.get("definition") is not None:
        text = request["definition"]
        changes |= {"text": text, "definition": parse_definition(text, express=before.express)}
    if request.get("roleArn") is not None:
        changes["role_arn"] = _role(request["roleArn"])
    if request.get("loggingConfiguration") is not None:
        configuration = settings.logging_configuration(parts, call.here.scope, request["loggingConfiguration"])
        changes |= {"logging_configuration": configuration, "logging": settings.logging(configuration)}
    tracing = _tracing(request)
    if tracing is not None:
        changes["tracing"] = tracing
    if request.get("encryptionConfiguration") is not None:
        changes["encryption"] = settings.encryption_configuration(request["encryptionConfiguration"])
    return replace(before, **changes)


def _check_description(request: Request) -> None:
    if request.get("versionDescription") is not None and not request.get("publish"):
        raise ApiError("ValidationException", "Version description can only be set when publish is true")


def _role(arn: str) -> str:
    if not _ROLE.fullmatch(arn):
        raise ApiError("InvalidArn", f"Invalid Role Arn: '{arn}'")
    return arn


def _tracing(request: Request) -> bool | None:
    given = request.get("tracingConfiguration")
    return None if given is None else bool(given.get("enabled"))


def delete_state_machine(call: Call) -> Answer:
    """Delete a state machine with its versions, aliases and executions; one that runs is stopped.

    AWS stops an execution when it goes from one state to the next; until then the state machine is there, as DELETING.
    """
    try:
        machine = find_machine(call.here, call.request["stateMachineArn"])
    except ApiError as error:
        if error.code != "StateMachineDoesNotExist":
            raise
        return {}
    del call.here.machines[machine.name]
    for execution in list(machine.executions.values()):
        if execution.status is Status.RUNNING:
            execution.stop()
    return {}


def describe_state_machine(call: Call) -> Answer:
    """Describe a state machine, a version of one, or what the child executions of a Map state run.

    The API reference says that the ARN of a Map state is refused, and also what is answered to it: ``label``, and the
    Map state's definition (``includedData``). This does the latter.
    """
    arn, _, label = call.request["stateMachineArn"].partition("/")
    target = find_target(call.here, arn)
    machine, version, revision = target.machine, target.version, target.revision
    described = machine.arn if version is None else version.arn
    if label:
        described = f"{arn}/{label}"
        processor = find_processor(revision, label)
        if processor is None:
            raise no_machine(described)
        revision = replace(revision, text=processor_text(revision, processor))
    return _described(revision, call.request) | present(
        stateMachineArn=described,
        status="ACTIVE",
        type="EXPRESS" if machine.express else "STANDARD",
        creationDate=machine.created if version is None else version.created,
        description=None if version is None else version.description,
        label=label or None,
    )


def describe_state_machine_for_execution(call: Call) -> Answer:
    """Describe a state machine as it was when an execution was started."""
    execution = find_execution(call.here, call.request["executionArn"])
    map_run = execution.map_run
    revision, label, map_run_arn = execution.workflow, None, None
    if map_run is not None:  # a child execution, which runs a part of the definition
        workflow = execution.workflow
        revision, label, map_run_arn = _revision(map_run.execution), map_run.label, map_run.arn
        text = processor_text(revision, workflow.definition.program)
        revision = replace(revision, arn=workflow.arn, text=text)
    return _described(revision, call.request) | present(
        stateMachineArn=revision.arn,
        updateDate=revision.updated,
        mapRunArn=map_run_arn,
        label=label,
    )


def _revision(execution: Execution) -> Revision:
    """Return what the execution runs that nobody but a request has started."""
    while execution.map_run is not None:
        execution = execution.map_run.execution
    return execution.workflow


def _described(revision: Revision, request: Request) -> Answer:
    answer = present(
        name=revision.name,
        roleArn=revision.role_arn,
        loggingConfiguration=revision.logging_configuration,
        tracingConfiguration={"enabled": revision.tracing},
        revisionId=revision.id,
        encryptionConfiguration=revision.encryption,
    )
    with_data = request.get("includedData") != "METADATA_ONLY"
    # The model requires the definition.
    answer["definition"] = revision.text if with_data else ""
    references = revision.definition.variable_references
    if references and with_data:
        answer["variableReferences"] = references
    return answer


def list_state_machines(call: Call) -> Answer:
    """List state machines by name."""
    machines = sorted(call.here.machines.values(), key=lambda machine: machine.name)
    return Pages(["ListStateMachines"], call.request, call.parts.now()).of(
        "stateMachines",
        machines,
        lambda machine: [machine.name],
        lambda machine: {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "type": "EXPRESS" if machine.express else "STANDARD",
            "creationDate": machine.created,
        },
    )
