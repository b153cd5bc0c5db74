"""What an account holds of every kind of thing that the module makes, as the services say it, and how it is set."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Things = dict[str, dict[str, Any]]
Client = Callable[[str], Any]


def things_of(client: Client, beside: str = "beside") -> Things:
    """Return kind => name => settings, ids and dates left out; what has `beside` in its name is not the module's.

    Logs that API Gateway began by itself are left out, too: on AWS they stay when what wrote them is deleted.

    Args:
        client: gives the client of a service.
        beside: what is in the names of what to leave out; "" for nothing.

    """
    found = {kind: dict(sorted(listed(client))) for kind, listed in KINDS.items()}
    return {
        kind: {name: each for name, each in things.items() if not beside or beside not in name}
        for kind, things in found.items()
    }


def _pages(service: Any, operation: str, member: str) -> Iterator[dict[str, Any]]:
    for page in service.get_paginator(operation).paginate():
        yield from page.get(member) or []


def _chosen(described: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: described[name] for name in names if described.get(name) not in (None, {}, [], "")}


def _apis(client: Client) -> Iterator[tuple[str, Any]]:
    gateway = client("apigateway")
    for api in _pages(gateway, "get_rest_apis", "items"):
        stages = {
            stage["stageName"]: {
                **_chosen(stage, ("accessLogSettings", "description", "tags", "tracingEnabled", "variables")),
                "methods": {
                    path: _chosen(
                        each, ("loggingLevel", "metricsEnabled", "throttlingBurstLimit", "throttlingRateLimit")
                    )
                    for path, each in stage.get("methodSettings", {}).items()
                },
            }
            for stage in gateway.get_stages(restApiId=api["id"])["item"]
        }
        # One deployment, whatever was before: stages move to the newest, and the others go.
        deployments = len(gateway.get_deployments(restApiId=api["id"])["items"])
        kinds = {"authorizers": "get_authorizers", "models": "get_models", "validators": "get_request_validators"}
        parts = {
            kind: sorted(each["name"] for each in getattr(gateway, operation)(restApiId=api["id"])["items"])
            for kind, operation in kinds.items()
        }
        resources = gateway.get_resources(restApiId=api["id"], limit=500)["items"]
        methods = sorted(f"{verb} {each['path']}" for each in resources for verb in each.get("resourceMethods", {}))
        # Models that API Gateway makes of what a document has inline have names of its own choice.
        parts["models"] = [
            name for name in parts["models"] if name not in ("Empty", "Error") and not name.startswith("MODEL")
        ]
        yield (
            api["name"],
            {
                **_chosen(api, ("description", "tags")),
                **parts,
                "deployments": deployments,
                "methods": methods,
                "stages": stages,
                "types": api["endpointConfiguration"]["types"],
            },
        )


def _roles(client: Client) -> Iterator[tuple[str, Any]]:
    iam = client("iam")
    for listed in _pages(iam, "list_roles", "Roles"):
        name = listed["RoleName"]
        role = iam.get_role(RoleName=name)["Role"]
        policies = [
            iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ]
        yield (
            name,
            {
                **_chosen(role, ("PermissionsBoundary", "Tags")),
                "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
                "policies": policies,
                "trust": role["AssumeRolePolicyDocument"],
            },
        )


def _functions(client: Client) -> Iterator[tuple[str, Any]]:
    kept = ("Description", "Environment", "Handler", "LoggingConfig", "MemorySize", "Role", "Runtime", "Timeout")
    functions = client("lambda")
    for each in _pages(functions, "list_functions", "Functions"):
        concurrency = functions.get_function_concurrency(FunctionName=each["FunctionName"])
        yield (
            each["FunctionName"],
            {
                **_chosen(each, kept),
                **_chosen(concurrency, ["ReservedConcurrentExecutions"]),
                "tags": functions.list_tags(Resource=each["FunctionArn"]).get("Tags", {}),
            },
        )


def _log_groups(client: Client) -> Iterator[tuple[str, Any]]:
    for group in _pages(client("logs"), "describe_log_groups", "logGroups"):
        if not group["logGroupName"].startswith("API-Gateway-Execution-Logs_"):
            yield group["logGroupName"], _chosen(group, ["retentionInDays"])


def _buckets(client: Client) -> Iterator[tuple[str, Any]]:
    s3 = client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket["Name"])["Rules"]
        yield bucket["Name"], {"rules": [_chosen(rule, ("Expiration", "Status")) for rule in rules]}


def _tables(client: Client) -> Iterator[tuple[str, Any]]:
    for name in client("dynamodb").list_tables()["TableNames"]:
        yield name, {}


def _state_machines(client: Client) -> Iterator[tuple[str, Any]]:
    states = client("stepfunctions")
    for listed in _pages(states, "list_state_machines", "stateMachines"):
        machine = states.describe_state_machine(stateMachineArn=listed["stateMachineArn"])
        kept = ("definition", "loggingConfiguration", "roleArn", "tracingConfiguration", "type")
        tags = states.list_tags_for_resource(resourceArn=listed["stateMachineArn"])["tags"]
        yield listed["name"], {**_chosen(machine, kept), "tags": sorted(tags, key=str)}


KINDS: dict[str, Callable[[Client], Iterator[tuple[str, Any]]]] = {
    "APIs": _apis,
    "buckets": _buckets,
    "functions": _functions,
    "log groups": _log_groups,
    "roles": _roles,
    "state machines": _state_machines,
    "tables": _tables,
}


def comparable(things: Any, replaced: dict[str, str]) -> Any:
    """Return things with texts that differ between accounts replaced, and empty kinds left out."""
    if isinstance(things, dict):
        return {comparable(name, replaced): comparable(each, replaced) for name, each in things.items()}
    if isinstance(things, list):
        return [comparable(each, replaced) for each in things]
    if isinstance(things, str):
        for text, name in replaced.items():
            things = re.sub(re.escape(text), name, things)
    return things
