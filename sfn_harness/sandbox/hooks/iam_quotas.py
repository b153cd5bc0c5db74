"""IAM's quotas of a role: how long its name, its trust policy and its inline policies may be.

Source: "IAM and AWS STS quotas", IAM guide: inline policies of a role together 10,240 characters, a trust policy 2,048
(by default), white space not counted; a role's name 64. The words: aws/aws-cdk#12403 and
awslabs/aws-deployment-framework#474 for inline policies, cloudposse's aws-teams component for trust policies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import iam

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

_INLINE, _TRUST, _NAME = 10_240, 2_048, 64

Parameters = dict[str, Any]
Response = tuple[int, dict[str, Any], bytes]
Action = Callable[[Parameters], Response]


def _length(document: Any) -> int:
    return len("".join(str(document).split()))


def _limit_exceeded(message: str) -> Response:
    return iam._error(409, "LimitExceeded", message, ns="iam")


def _trust_policy_refusal(document: str) -> Response | None:
    if _length(document) > _TRUST:
        return _limit_exceeded(f"Cannot exceed quota for ACLSizePerRole: {_TRUST}")
    return None


def _create_role(original: Action) -> Action:
    def create_role(parameters: Parameters) -> Response:
        name = iam._p(parameters, "RoleName")
        if len(name) > _NAME:
            return iam._error(
                400,
                "ValidationError",
                f"1 validation error detected: Value '{name}' at 'roleName' failed to satisfy constraint: Member must "
                f"have length less than or equal to {_NAME}",
                ns="iam",
            )
        return _trust_policy_refusal(iam._p(parameters, "AssumeRolePolicyDocument")) or original(parameters)

    return create_role


def _update_assume_role_policy(original: Action) -> Action:
    def update_assume_role_policy(parameters: Parameters) -> Response:
        return _trust_policy_refusal(iam._p(parameters, "PolicyDocument")) or original(parameters)

    return update_assume_role_policy


def _put_role_policy(original: Action) -> Action:
    def put_role_policy(parameters: Parameters) -> Response:
        name, policy = iam._p(parameters, "RoleName"), iam._p(parameters, "PolicyName")
        role = iam._roles.get(name)
        if role is not None:
            policies = {**role["InlinePolicies"], policy: iam._p(parameters, "PolicyDocument")}
            if sum(map(_length, policies.values())) > _INLINE:
                return _limit_exceeded(f"Maximum policy size of {_INLINE} bytes exceeded for role {name}")
        return original(parameters)

    return put_role_policy


_WRAPPERS = {
    "CreateRole": _create_role,
    "PutRolePolicy": _put_role_policy,
    "UpdateAssumeRolePolicy": _update_assume_role_policy,
}


def _handlers(original: dict[str, Action]) -> dict[str, Action]:
    return {**original, **{name: wrap(original[name]) for name, wrap in _WRAPPERS.items()}}


_IAM = "ministack.services.iam"

USES = {_IAM: ("_error", "_p", "_roles")}

HOOKS = (Hook(_IAM, "_IAM_HANDLERS", "AWS limits what a role has; MiniStack limits nothing.", _handlers),)
