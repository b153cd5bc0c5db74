"""What tests of least privilege share: a role's policy, the role without one statement of it, and what then happens."""

import json
import time
from contextlib import contextmanager


def policy_of(deployment, role: str) -> tuple[str, dict]:
    """The name and the document of the one policy that a role has."""
    iam = deployment.account.client("iam")
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    return name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


@contextmanager
def without(deployment, role: str, **member: str):
    """The role without the one statement that has this member: Sid="WriteLog", or Action="states:StartExecution"."""
    [(key, value)] = member.items()
    iam = deployment.account.client("iam")
    name, document = policy_of(deployment, role)
    left = [statement for statement in document["Statement"] if statement[key] != value]
    assert len(left) == len(document["Statement"]) - 1
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**document, "Statement": left}))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def eventually(call, status: int, seconds: float = 30):
    """Call until the answer has the status: on AWS a changed policy takes some seconds to be in force."""
    deadline = time.monotonic() + seconds
    while (answer := call()).status != status and time.monotonic() < deadline:
        time.sleep(0.5)
    return answer.expect(status)
