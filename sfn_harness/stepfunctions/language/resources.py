"""Which resources Task and Map states can have.

The words were seen on AWS: localstack/localstack tests v4.14.0 (test_sfn_api_express, 2024-07-03;
test_dynamodb_task_service, 2025-11-06), badmintoncryer/cdk-preflight (rules pf-sfn-asl-resource-arn,
pf-sfn-asl-credentials, pf-sfn-asl-integration-parameters and pf-sfn-asl-map-distributed, 2026-09-05).
"""

from __future__ import annotations

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.expressions.types import QueryLanguage
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.integrations import OPTIMIZED, REQUIRED
from sfn_harness.stepfunctions.resources import ActivityResource, Pattern, Resource, ServiceResource, parse_resource

# With the space at the end.
_NO_CALLBACK = "Express state machine does not support '.waitForTaskToken' service integration "
_NO_JOB = "Express state machine does not support '.sync' service integration"
_NO_ACTIVITY = "Express state machine does not support Activity ARN"


def read_task_resource(fields: Fields, *, express: bool) -> str:
    """Return the Resource of a Task state. Reports what it can't be, and what the service asks for and isn't there."""
    resource = fields.text("Resource")
    if resource is None:
        return ""
    named = parse_resource(resource)
    if named is None or not _is_known(named):
        words = "Value is not a valid resource ARN" if not resource.startswith("arn:") else _unknown(resource)
        fields.error(words, "Resource")
        return resource
    refused = _not_for_express(named) if express else None
    if refused is not None:
        fields.error(refused, "Resource")
    if isinstance(named, ActivityResource) and "Credentials" in fields:
        fields.error("The field 'Credentials' is not supported for activities", "Credentials")
    if isinstance(named, ServiceResource):
        _check_parameters(named, fields)
    return resource


def read_storage_resource(fields: Fields, known: frozenset[tuple[str, str]]) -> str | None:
    """Return the Resource of an ItemReader or ResultWriter. Reports one that is not of the (service, action) pairs."""
    resource = fields.text("Resource")
    if resource is None:
        return None
    named = parse_resource(resource)
    if not (isinstance(named, ServiceResource) and (named.service, named.action) in known):
        fields.error("The field 'Resource' does not match any of the allowed values", "Resource")
    return resource


def _check_parameters(named: ServiceResource, fields: Fields) -> None:
    """Report parameters that are missing: all of them, or those that the service asks for."""
    name = "Parameters" if fields.language is QueryLanguage.JSONPATH else "Arguments"
    if name not in fields:
        fields.error(f"{name} field is required for resource ARN: {named.arn}", "Resource")
        return
    given = fields.members[name]
    if named.sdk or not isinstance(given, dict):
        return
    for required in REQUIRED.get((named.service, named.action), ()):
        if required not in given and f"{required}.$" not in given:
            fields.error(f"The field '{required}' is required but was missing", name)


def _unknown(resource: str) -> str:
    return (
        f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource "
        "is not available in this region."
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
