"""State machines in CloudFormation stacks: ``AWS::StepFunctions::StateMachine`` by this project's Step Functions.

Sources: the resource type's reference (names of properties; what needs a replacement) and, for what a stack's state
machine is described as, localstack/localstack tests v4.14.0 (v2/test_sfn_api.py test_cloudformation_..., 17-11-2023,
recorded on AWS).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.stepfunctions.front import scope_of
from sfn_harness.sandbox.stepfunctions.states import STATES
from sfn_harness.stepfunctions.errors import ApiError

__all__ = ["HOOKS", "USES"]

Json = Any
Properties = Mapping[str, Json]

_TYPE = "AWS::StepFunctions::StateMachine"
# Properties that are the API's members, but for the case of their names.
_SETTINGS = {
    "EncryptionConfiguration": "encryptionConfiguration",
    "LoggingConfiguration": "loggingConfiguration",
    "TracingConfiguration": "tracingConfiguration",
}
_DEFAULTS = {
    "LoggingConfiguration": {"Level": "OFF", "IncludeExecutionData": False},
    "TracingConfiguration": {"Enabled": False},
}


def _call(operation: str, **request: Json) -> dict[str, Json]:
    """Call Step Functions. Raises ValueError: it refuses, which is the reason that the stack's events show."""
    try:
        return STATES.service.perform(operation, request, scope_of(get_account_id(), get_region()))
    except ApiError as error:
        raise provisioners._sfn_handler_error(provisioners._sdk_error(error.message, "Sfn", 400)) from error


def _member(value: Json) -> Json:
    """Return a property as the API has it. Templates may give numbers and booleans as text."""
    if isinstance(value, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": _member(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_member(item) for item in value]
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _settings(properties: Properties, before: Properties) -> dict[str, Json]:
    """Return the settings that a template gives, and the defaults of those that it no longer gives."""
    given = {name: properties[name] for name in _SETTINGS if name in properties}
    dropped = {name: default for name, default in _DEFAULTS.items() if name in before and name not in properties}
    return {_SETTINGS[name]: _member(value) for name, value in (given | dropped).items()}


def _tags(properties: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def _attributes(arn: str) -> tuple[str, dict[str, str]]:
    """Return what Ref and Fn::GetAtt give."""
    described = _call("DescribeStateMachine", stateMachineArn=arn)
    revision = described.get("revisionId") or "INITIAL"  # PublishStateMachineVersion, "revisionId" (API reference)
    return arn, {"Arn": arn, "Name": described["name"], "StateMachineRevisionId": revision}


def _create(logical_id: str, properties: Properties, stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("StateMachineName")
    created = _call(
        "CreateStateMachine",
        name=name or provisioners._physical_name(stack_name, logical_id, max_len=80),
        definition=provisioners._sfn_definition(properties),
        roleArn=properties.get("RoleArn"),
        type=properties.get("StateMachineType") or "STANDARD",
        tags=_listed(_tags(properties)),
        **_settings(properties, {}),
    )
    return _attributes(created["stateMachineArn"])


def _update(
    arn: str, before: Properties, properties: Properties, stack_name: str, logical_id: str | None = None
) -> tuple[str, dict[str, str]]:
    current = arn.rpartition(":")[2]
    name = properties.get("StateMachineName") or current
    replaced = provisioners._rename_replacement(
        arn, before, properties, stack_name, logical_id, name, current, _create, _delete
    )
    if replaced is not None:
        return replaced
    _call(
        "UpdateStateMachine",
        stateMachineArn=arn,
        definition=provisioners._sfn_definition(properties),
        roleArn=properties.get("RoleArn"),
        **_settings(properties, before),
    )
    had, has = _tags(before), _tags(properties)
    _call("UntagResource", resourceArn=arn, tagKeys=[key for key in had if key not in has])
    _call("TagResource", resourceArn=arn, tags=_listed(has))
    return _attributes(arn)


def _delete(arn: str, _properties: Properties) -> None:
    _call("DeleteStateMachine", stateMachineArn=arn)


def _handlers(original: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
    handler = {"create": _create, "update": _update, "update_with_logical_id": True, "delete": _delete}
    return {**original, _TYPE: handler}


USES = {
    "ministack.core.responses": ("get_account_id", "get_region"),
    "ministack.services.cloudformation.provisioners": (
        "_physical_name",
        "_rename_replacement",
        "_sdk_error",
        "_sfn_definition",
        "_sfn_handler_error",
    ),
}

HOOKS = (
    Hook(
        "ministack.services.cloudformation.provisioners",
        "_RESOURCE_HANDLERS",
        "Stacks have their state machines in this project's Step Functions.",
        _handlers,
    ),
)
