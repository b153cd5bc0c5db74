"""What API Gateway may do for an API: the role it assumes, and a function's own policy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from sfn_harness.apigateway.request import GatewayFailure

__all__ = ["USES", "Session", "assume", "function_policy_allows"]

SERVICE = "apigateway.amazonaws.com"
_SESSION_NAME = "BackplaneAssumeRoleSession"

Layer = list[list[iam_evaluator.ParsedStatement]]


@dataclass(frozen=True)
class Session:
    """An assumed role."""

    arn: str
    account: str
    region: str
    policies: Layer
    limits: list[Layer]

    def refusal(self, action: str, resource: str) -> str | None:
        """Why ``action`` is not allowed on ``resource``, in IAM's words; None when it is."""
        context = iam_evaluator.EvalContext(
            principal_arn=self.arn,
            principal_type="AssumedRole",
            principal_account=self.account,
            action=action,
            resource_arn=resource,
            region=self.region,
            service_context=self._resource_tags(resource),
        )
        decision = iam_evaluator.evaluate(context, self.policies, *self.limits).decision
        if decision == "Allow":
            return None
        own = iam_evaluator.evaluate(context, self.policies).decision
        if decision == "Deny":
            where = "an identity-based policy" if own == "Deny" else "a permissions boundary"
            return f"with an explicit deny in {where}"
        if own == "Allow":
            return f"because no permissions boundary allows the {action} action"
        return f"because no identity-based policy allows the {action} action"

    def _resource_tags(self, resource: str) -> dict[str, Any]:
        if not iam_evaluator._names_condition_key(self.policies, "aws:resourcetag/"):
            return {}
        from ministack.services.tagging import resource_tags

        tags = resource_tags(resource) or {}
        return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


@lru_cache(maxsize=256)
def _statements(policy: str) -> list[iam_evaluator.ParsedStatement]:
    """Return a trust policy's statements for API Gateway's service principal, parsed."""
    try:
        statements = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError):
        return []
    if isinstance(statements, dict):
        statements = [statements]
    chosen = [
        statement
        for statement in statements
        if statement.get("Principal") == "*"
        or iam_evaluator._service_principal_matches(statement.get("Principal"), SERVICE)
    ]
    return iam_evaluator.parse_policy_document({"Statement": chosen})


def _configuration_error(detail: str) -> GatewayFailure:
    return GatewayFailure("API_CONFIGURATION_ERROR", detail=detail)


def assume(role_arn: str | None, *, account: str, region: str, source_arn: str) -> Session:
    """Assume an integration's ``credentials`` role for a call that ``source_arn`` (execute-api) describes.

    Raises GatewayFailure (API_CONFIGURATION_ERROR): no such role in the API's account, or its trust policy does not
    let apigateway.amazonaws.com assume it. Source: "Cross-service confused deputy prevention", API Gateway guide.
    """
    prefix = f":iam::{account}:role/"
    if not role_arn or prefix not in role_arn:
        raise _configuration_error(f"API Gateway cannot assume {role_arn!r}")
    name = role_arn.rpartition("/")[2]
    role = iam._roles.get_scoped(account, None, name)
    if role is None or role.get("Arn") != role_arn:
        raise _configuration_error(f"The role {role_arn} does not exist")
    context = iam_evaluator.EvalContext(
        principal_arn=SERVICE,
        principal_type="Service",
        principal_account="",
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=region,
        service_context={"aws:sourceaccount": account, "aws:sourcearn": source_arn},
    )
    trust = role.get("AssumeRolePolicyDocument") or "{}"
    trust = trust if isinstance(trust, str) else json.dumps(trust)
    if iam_evaluator.evaluate(context, [_statements(trust)]).decision != "Allow":
        raise _configuration_error(f"API Gateway does not have permission to assume the role {role_arn}")
    return Session(
        arn=f"arn:{role_arn.split(':', 2)[1]}:sts::{account}:assumed-role/{name}/{_SESSION_NAME}",
        account=account,
        region=region,
        policies=iam_evaluator._gather_role_policies(name, account),
        limits=iam_evaluator._permissions_boundary(iam._roles, name, account),
    )


def function_policy_allows(policy: Any, function_arn: str, *, account: str, region: str, source_arn: str) -> bool:
    """Whether a function's resource policy lets API Gateway invoke it for ``source_arn``."""
    context = iam_evaluator.EvalContext(
        principal_arn=SERVICE,
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=region,
        service_context={"aws:sourceaccount": account, "aws:sourcearn": source_arn},
    )
    return iam_evaluator.evaluate_resource_policy(policy, context, service=SERVICE).decision == "Allow"


USES = {
    "ministack.core.iam_evaluator": (
        "EvalContext",
        "_gather_role_policies",
        "_names_condition_key",
        "_permissions_boundary",
        "_service_principal_matches",
        "evaluate",
        "evaluate_resource_policy",
        "parse_policy_document",
    ),
    "ministack.services.iam": ("_roles",),
    "ministack.services.tagging": ("resource_tags",),
}
