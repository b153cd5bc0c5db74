"""Aliases: names for versions, between which they share out executions."""

from __future__ import annotations

from random import Random

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.names import parse_arn
from sfn_harness.stepfunctions.operations.lookup import find_target
from sfn_harness.stepfunctions.operations.parts import Answer, Call, Request, present
from sfn_harness.stepfunctions.pages import Pages
from sfn_harness.stepfunctions.store import Alias, Machine, Region, Route, Version


def choose_version(machine: Machine, alias: Alias, random: Random) -> Version:
    """Return the version that the next execution of an alias runs."""
    drawn = random.randrange(100)
    for route in alias.routes:
        drawn -= route.weight
        if drawn < 0:
            break
    return machine.versions[int(route.version_arn.rpartition(":")[2])]


def create_state_machine_alias(call: Call) -> Answer:
    """Create an alias, or answer once more for one that is the same."""
    machine, routes = _routes(call.here, call.request["routingConfiguration"])
    name, description = call.request["name"], call.request.get("description")
    alias = machine.aliases.get(name)
    if alias is None:
        now = call.parts.now()
        alias = machine.aliases[name] = Alias(f"{machine.arn}:{name}", name, description, routes, now, now)
    elif (alias.description, alias.routes) != (description, routes):
        raise ApiError(
            "ConflictException",
            "Failed to create alias because an alias with the same name and a different routing configuration "
            "already exists.",
        )
    return {"stateMachineAliasArn": alias.arn, "creationDate": alias.created}


def _routes(here: Region, given: list[Request]) -> tuple[Machine, tuple[Route, ...]]:
    """Return the one state machine of a routing configuration, and the routes."""
    arns = [route["stateMachineVersionArn"] for route in given]
    received = f"Received: [{', '.join(arns)}]"
    parsed = [parse_arn(arn, "stateMachine") for arn in arns]
    if not all((arn.qualifier or "").isdecimal() for arn in parsed):
        raise ApiError(
            "ValidationException", f"Routing configuration must contain state machine version ARNs. {received}"
        )
    if len(set(arns)) < len(arns):
        raise ApiError(
            "ValidationException", f"Routing configuration must contain distinct state machine version ARNs. {received}"
        )
    if len({arn.name for arn in parsed}) > 1:
        # The words are not recorded.
        raise ApiError(
            "ValidationException",
            f"Routing configuration must contain versions of the same state machine. {received}",
        )
    weights = [route["weight"] for route in given]
    if sum(weights) != 100:
        raise ApiError(
            "ValidationException", f"Sum of routing configuration weights must equal 100. Received: {weights}"
        )
    try:
        targets = [find_target(here, arn) for arn in arns]
    except ApiError as error:
        raise _not_found() from error
    return targets[0].machine, tuple(Route(arn, weight) for arn, weight in zip(arns, weights, strict=True))


def _not_found() -> ApiError:
    return ApiError("ResourceNotFound", "Request references a resource that does not exist.")


def _find(here: Region, text: str) -> tuple[Machine, Alias]:
    parse_arn(text, "stateMachine")
    try:
        target = find_target(here, text)
    except ApiError as error:
        if error.code != "StateMachineDoesNotExist":
            raise
        raise _not_found() from error
    if target.alias is None:
        raise _not_found()
    return target.machine, target.alias


def describe_state_machine_alias(call: Call) -> Answer:
    """Describe an alias."""
    _, alias = _find(call.here, call.request["stateMachineAliasArn"])
    return present(
        stateMachineAliasArn=alias.arn,
        name=alias.name,
        description=alias.description,
        routingConfiguration=[
            {"stateMachineVersionArn": route.version_arn, "weight": route.weight} for route in alias.routes
        ],
        creationDate=alias.created,
        updateDate=alias.updated,
    )


def update_state_machine_alias(call: Call) -> Answer:
    """Change an alias's description, its routes, or both."""
    machine, alias = _find(call.here, call.request["stateMachineAliasArn"])
    description, routing = call.request.get("description"), call.request.get("routingConfiguration")
    if description is None and routing is None:
        # The words are not recorded.
        raise ApiError("ValidationException", "Either the description or the routing configuration must be specified")
    if routing is not None:
        other, routes = _routes(call.here, routing)
        if other is not machine:
            raise ApiError(
                "ValidationException", "Routing configuration must contain versions of the alias's state machine"
            )
        alias.routes = routes
    if description is not None:
        alias.description = description
    alias.updated = call.parts.now()
    return {"updateDate": alias.updated}


def delete_state_machine_alias(call: Call) -> Answer:
    """Delete an alias; none is deleted just as well."""
    try:
        machine, alias = _find(call.here, call.request["stateMachineAliasArn"])
    except ApiError as error:
        if error.code != "ResourceNotFound":
            raise
        return {}
    del machine.aliases[alias.name]
    return {}


def list_state_machine_aliases(call: Call) -> Answer:
    """List the aliases of a state machine, or those that have a route to a version."""
    text = call.request["stateMachineArn"]
    target = find_target(call.here, text)
    aliases = sorted(target.machine.aliases.values(), key=lambda alias: alias.name)
    if target.version is not None:
        aliases = [alias for alias in aliases if any(route.version_arn == text for route in alias.routes)]
    return Pages(["ListStateMachineAliases", text], call.request, call.parts.now()).of(
        "stateMachineAliases",
        aliases,
        lambda alias: [alias.name],
        lambda alias: {"stateMachineAliasArn": alias.arn, "creationDate": alias.created},
    )
