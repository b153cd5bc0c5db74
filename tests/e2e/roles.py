"""What tests of least privilege share: a role's permissions, the role without one of them, and what then happens."""

import json
import time
from contextlib import contextmanager


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def policy_of(deployment, role: str) -> tuple[str, dict]:
    """The name and the document of the one policy that a role has."""
    iam = deployment.account.client("iam")
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    return name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def permissions_of(deployment, role: str) -> dict[str, set[str]]:
    """Action => resources, of all that a role's one policy allows."""
    permissions = {}
    for statement in policy_of(deployment, role)[1]["Statement"]:
        for action in _listed(statement["Action"]):
            permissions.setdefault(action, set()).update(_listed(statement["Resource"]))
    return permissions


@contextmanager
def without(deployment, role: str, action: str, resource: str = ""):
    """The role without one action, on the resource whose ARN ends so or on all that the policy allows it on."""
    iam = deployment.account.client("iam")
    name, document = policy_of(deployment, role)
    policy = {"RoleName": role, "PolicyName": name}
    # One statement for each action and resource, without Sids, which are not to repeat.
    allowed = [
        {**{key: value for key, value in statement.items() if key != "Sid"}, "Action": each, "Resource": arn}
        for statement in document["Statement"]
        for each in _listed(statement["Action"])
        for arn in _listed(statement["Resource"])
    ]
    left = [each for each in allowed if each["Action"] != action or not each["Resource"].endswith(resource)]
    assert len(left) < len(allowed), f"{role} may not {action} on {resource or 'anything'} in the first place"
    if left:
        iam.put_role_policy(**policy, PolicyDocument=json.dumps({**document, "Statement": left}))
    else:
        iam.delete_role_policy(**policy)
    try:
        yield
    finally:
        iam.put_role_policy(**policy, PolicyDocument=json.dumps(document))


def role_of(deployment, state_machine_arn: str) -> str:
    """The name of the role that a state machine runs with."""
    machine = deployment.account.client("stepfunctions").describe_state_machine(stateMachineArn=state_machine_arn)
    return machine["roleArn"].rpartition("/")[2]


def eventually(call, status: int, seconds: float = 30):
    """Call until the answer has the status: on AWS a changed policy takes some seconds to be in force."""
    deadline = time.monotonic() + seconds
    while (answer := call()).status != status and time.monotonic() < deadline:
        time.sleep(0.5)
    return answer.expect(status)


def refusal_of_a_task(deployment, start, seconds: float = 30) -> dict:
    """Start executions (`start` returns an ARN) until a task fails: its error and cause, before any retry of it."""
    states, deadline = deployment.account.client("stepfunctions"), time.monotonic() + seconds
    while time.monotonic() < deadline:
        arn = start()
        while True:
            running = deployment.executions.describe(arn)["status"] == "RUNNING"
            failures = [each for each in deployment.executions.history(arn) if each["type"] == "TaskFailed"]
            if failures:
                states.stop_execution(executionArn=arn)
                return failures[0]["taskFailedEventDetails"]
            if not running:
                break
            time.sleep(0.05)
    raise AssertionError(f"no task was refused in {seconds} s")


LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


def logged(deployment, group: str, call, seconds: float = 1) -> bool:
    """Whether a call makes the function write to its log. On the local sandbox: each call has a stream of its own."""
    pages = deployment.account.client("logs").get_paginator("filter_log_events")

    def lines() -> int:
        return sum(len(page["events"]) for page in pages.paginate(logGroupName=group))

    before = lines()
    call()
    deadline = time.monotonic() + seconds
    while lines() == before:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
