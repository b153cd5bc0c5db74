"""Which resources Task and Map states can have."""

from __future__ import annotations

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.integrations import OPTIMIZED
from sfn_harness.stepfunctions.resources import ActivityResource, Pattern, Resource, ServiceResource, parse_resource

# AWS's words, with the space at their end (localstack/localstack tests v4.14.0, test_sfn_api_express, 2024-07-03).
_NO_CALLBACK = "Express state machine does not support '.waitForTaskToken' service integration "
_NO_JOB = "Express state machine does not support '.sync' service integration"
_NO_ACTIVITY = "Express state machine does not support Activity ARN"


def check_task(fields: Fields, *, express: bool) -> str:
    """Report a resource that there isn't, or that an Express workflow can't use. Return it."""
    resource = fields.text("Resource")
    if resource is None:
        return ""
    named = parse_resource(resource)
    if named is None or not _is_known(named):
        _refuse(resource, fields)
    elif express:
        refused = _not_for_express(named)
        if refused is not None:
            fields.error(refused, "Resource")
    return resource


def check_storage(fields: Fields, known: frozenset[tuple[str, str]]) -> str | None:
    """Report a resource that is not one of the (service, action) pairs. Return it."""
    resource = fields.text("Resource")
    if resource is None:
        return None
    named = parse_resource(resource)
    if not (isinstance(named, ServiceResource) and (named.service, named.action) in known):
        _refuse(resource, fields)
    return resource


def _refuse(resource: str, fields: Fields) -> None:
    fields.error(
        f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource "
        "is not available in this region.",
        "Resource",
    )


def _is_known(named: Resource) -> bool:
    if not isinstance(named, ServiceResource):
        return True
    if not named.sdk:
        return named.pattern in OPTIMIZED.get(named.service, {}).get(named.action, ())
    service = catalog.botocore_name(named.service)
    if service is None or named.pattern not in (Pattern.RESPONSE, Pattern.CALLBACK):
        return False
    return catalog.operation_model(service, named.action) is not None


def _not_for_express(named: Resource) -> str | None:
    if isinstance(named, ActivityResource):
        return _NO_ACTIVITY
    pattern = named.pattern if isinstance(named, ServiceResource) else Pattern.RESPONSE
    if pattern is Pattern.CALLBACK:
        return _NO_CALLBACK
    return _NO_JOB if pattern in (Pattern.SYNC, Pattern.SYNC_2) else None
