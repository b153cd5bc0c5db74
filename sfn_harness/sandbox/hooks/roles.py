"""What a service may do for somebody: the role it assumes, and a function's own policy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from sfn_harness.sandbox.hooks.partitions import partition_of

__all__ = ["USES", "NotAssumable", "Session", "assume", "function_policy_allows"]

Layer = list[list[iam_evaluator.ParsedStatement]]


class NotAssumable(Exception):  # noqa: N818  (says what is wrong better than an Error suffix would)
    """A role that is not there, or that does not let the service in."""


@dataclass(frozen=True)
class Session:
    """An assumed role."""

    arn: str
    account: str
    region: str
    policies: Layer
    limits: list[Layer]
    role: str  # its ARN

    def refusal(self, action: str, resource: str, **about: str) -> str | None:
        """Why ``action`` is not allowed on ``resource``, in IAM's words; None when it is.

        ``about`` has the service's own condition keys, such as ``states:httpmethod``, in lower case.
        """
        context = iam_evaluator.EvalContext(
            principal_arn=self.arn,
            principal_type="AssumedRole",
            principal_account=self.account,
            action=action,
            resource_arn=resource,
            region=self.region,
            secure_transport=True,
            service_context=self._resource_tags(resource) | about,
        )
        result = iam_evaluator.evaluate(context, self.policies, *self.limits)
        service = action.partition(":")[0]
        found = iam_evaluator._resource_policy(service, resource)
        if found is not None:
            required = service in iam_evaluator._POLICY_REQUIRED
            result = iam_evaluator.combine_resource_policy(
                result, context, *found, required=required, limits=self.limits
            )
        if result.decision == "Allow":
            return None
        own = iam_evaluator.evaluate(context, self.policies).decision
        if result.decision == "Deny":
            where = "an identity-based policy" if own == "Deny" else "a permissions boundary"
            return f"with an explicit deny in {'a resource-based policy' if result.resource_policy_arn else where}"
        if own == "Allow":
            return f"because no permissions boundary allows the {action} action"
        return f"because no identity-based policy allows the {action} action"

    def assume(self, role_arn: str, *, session_name: str) -> Session:
        """Assume another role, perhaps of another account.

        Raises NotAssumable: there is none, its trust policy does not let this one in, or this one may not do it.
        """
        account = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
        name, role = _found(role_arn, account, self.region)
        context = iam_evaluator.EvalContext(
            principal_arn=self.arn,
            principal_type="AssumedRole",
            principal_account=self.account,
            action="sts:AssumeRole",
            resource_arn=role_arn,
            region=self.region,
        )

        def trusts(*principals: str) -> bool:
            return iam_evaluator.evaluate(context, [_trust(role, *principals)]).decision == "Allow"

        # Within an account, a trust policy that names the role itself is enough; else the role needs the permission.
        if not (account == self.account and trusts(self.role, self.arn)):
            if not trusts(self.role, self.arn, self.account, f"arn:aws:iam::{self.account}:root"):
                raise NotAssumable(f"{self.arn} does not have permission to assume the role {role_arn}")
            if self.refusal("sts:AssumeRole", role_arn) is not None:
                raise NotAssumable(f"{self.arn} may not assume the role {role_arn}")
        return _session(role_arn, name, account, self.region, session_name)

    def _resource_tags(self, resource: str) -> dict[str, Any]:
        if not iam_evaluator._names_condition_key(self.policies, "aws:resourcetag/"):
            return {}
        from ministack.services.tagging import resource_tags

        tags = resource_tags(resource) or {}
        return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


@lru_cache(maxsize=256)
def _statements(policy: str, *principals: str) -> list[iam_evaluator.ParsedStatement]:
    """Return a trust policy's statements for any of the principals, a service's or ARNs, parsed."""
    try:
        statements = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError):
        return []
    if isinstance(statements, dict):
        statements = [statements]
    chosen = [statement for statement in statements if _names(statement.get("Principal"), principals)]
    return iam_evaluator.parse_policy_document({"Statement": chosen})


def _names(principal: Any, principals: tuple[str, ...]) -> bool:
    """Whether a statement's Principal names one of the principals."""
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    listed = principal.get("AWS", [])
    listed = [listed] if isinstance(listed, str) else listed
    return any(
        one in listed or "*" in listed or iam_evaluator._service_principal_matches(principal, one) for one in principals
    )


def _trust(role: dict[str, Any], *principals: str) -> list[iam_evaluator.ParsedStatement]:
    policy = role.get("AssumeRolePolicyDocument") or "{}"
    return _statements(policy if isinstance(policy, str) else json.dumps(policy), *principals)


def _found(role_arn: str | None, account: str, region: str) -> tuple[str, dict[str, Any]]:
    """Return a role's name and record. Raises NotAssumable: the account has no such role."""
    name = (role_arn or "").rpartition("/")[2]
    role = iam._roles.get_scoped(account, None, name) if name else None
    # MiniStack's roles are all in the partition aws; a user has the region's in mind, or has read MiniStack's.
    known = role["Arn"].removeprefix("arn:aws:") if role is not None else None
    if known is None or role_arn not in (f"arn:aws:{known}", f"arn:{partition_of(region)}:{known}"):
        raise NotAssumable(f"The role {role_arn} does not exist")
    return name, role


def _session(role_arn: str, name: str, account: str, region: str, session_name: str) -> Session:
    return Session(
        arn=f"arn:{role_arn.split(':', 2)[1]}:sts::{account}:assumed-role/{name}/{session_name}",
        account=account,
        region=region,
        policies=iam_evaluator._gather_role_policies(name, account),
        limits=iam_evaluator._permissions_boundary(iam._roles, name, account),
        role=role_arn,
    )


def assume(
    role_arn: str | None,
    *,
    service: str,
    session_name: str,
    account: str,
    region: str,
    source_arn: str,
    names_account: bool = True,
) -> Session:
    """Assume a role as a service (``apigateway.amazonaws.com``) does that acts for ``source_arn``.

    ``names_account`` says whether the service also tells whose account it acts for (``aws:SourceAccount``).

    Raises NotAssumable: no such role in the account, or its trust policy does not let the service assume it.
    """
    name, role = _found(role_arn, account, region)
    context = iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account="",
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=region,
        service_context={"aws:sourcearn": source_arn} | ({"aws:sourceaccount": account} if names_account else {}),
    )
    # AWS CDK writes states.<region>.amazonaws.com for the service, in stacks that ran on AWS (localstack/localstack
    # tests v4.14.0, stepfunctions/v2/scenarios/test_sfn_scenarios.py).
    regional = service.replace(".", f".{region}.", 1)
    if iam_evaluator.evaluate(context, [_trust(role, service, regional)]).decision != "Allow":
        raise NotAssumable(f"{service} does not have permission to assume the role {role_arn}")
    return _session(role_arn, name, account, region, session_name)


def function_policy_allows(
    policy: Any, function_arn: str, *, service: str, account: str, region: str, source_arn: str
) -> bool:
    """Whether a function's resource policy lets a service invoke it for ``source_arn``."""
    context = iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=region,
        service_context={"aws:sourceaccount": account, "aws:sourcearn": source_arn},
    )
    return iam_evaluator.evaluate_resource_policy(policy, context, service=service).decision == "Allow"


USES = {
    "ministack.core.iam_evaluator": (
        "EvalContext",
        "_POLICY_REQUIRED",
        "_gather_role_policies",
        "_names_condition_key",
        "_permissions_boundary",
        "_resource_policy",
        "_service_principal_matches",
        "combine_resource_policy",
        "evaluate",
        "evaluate_resource_policy",
        "parse_policy_document",
    ),
    "ministack.services.iam": ("_roles",),
    "ministack.services.tagging": ("resource_tags",),
}
