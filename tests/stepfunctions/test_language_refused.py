"""Definitions that AWS refuses, and its words.

Sources, in the ids of the tests:

- ``recorded``: AWS's answers, recorded by localstack/localstack, tests v4.14.0; the file and the date are beside it.
- ``preflight``: measured with ValidateStateMachineDefinition on 2026-09-05 by badmintoncryer/cdk-preflight, rules
  ``pf-sfn-asl-*``.
- ``floci``: measured in the same way by users of floci-io/floci; the issue or pull request is beside it.
- ``seen``: quoted in an issue of another project, which is beside it.
- ``ours``: the States Language or AWS's documentation forbids it; the words are made like AWS's others.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.language import DefinitionError, parse
from tests.stepfunctions.definitions import (
    FUNCTION,
    INVOKE,
    PASS,
    TASK,
    choice,
    distributed,
    jsonata,
    machine,
    mapping,
    said,
)

Json = Any

SCHEMA = "SCHEMA_VALIDATION_FAILED"
KINDS = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]"
UNKNOWN = "is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
NO_PATH = "Value must be a valid JSONPath."
NO_EXPRESSION = "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call"
NO_TIMESTAMP = "String does not match RFC3339 timestamp"
ALL_LAST = "States.ALL must appear alone and at end of list"
RULE = {"Variable": "$.a", "IsNull": True, "Next": "P"}
ALL = {"ErrorEquals": ["States.ALL"]}
WAITS = "[SecondsPath, Seconds, TimestampPath, Timestamp]"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"
SELECTORS = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"


def task(**members: Json) -> dict[str, Json]:
    return machine(T={**TASK, **members})


def waiting(**members: Json) -> dict[str, Json]:
    return machine(W={"Type": "Wait", "End": True, **members})


def only_path(name: str) -> str:
    return (
        f"The QueryLanguage is set to 'JSONata', but field '{name}' is only supported for the 'JSONPath' QueryLanguage"
    )


def only_jsonata(name: str) -> str:
    return (
        f"The QueryLanguage is set to 'JSONPath', but field '{name}' is only supported for the 'JSONata' QueryLanguage"
    )


# id, definition, message, location
SCHEMA_FAULTS: list[tuple[str, Json, str, str | None]] = [
    # test_sfn_api_validation, 2025-10-19
    ("recorded-blank", " ", "Definition must be a valid JSON object", None),
    ("recorded-empty", {}, "These fields are required: [States, StartAt]", "/"),
    ("recorded-no-start", {"States": {"P": PASS}}, "These fields are required: [StartAt]", "/"),
    (
        "recorded-back-to-jsonpath",
        jsonata(Pass={**PASS, "QueryLanguage": "JSONPath"}),
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        "/States/Pass",
    ),
    # test_sfn_api test_create_delete_invalid_sm, 2023-08-04
    ("recorded-no-states", {"StartAt": "P"}, "These fields are required: [States]", "/"),
    # credentials/test_credentials_base test_invalid_credentials_field, 2024-12-04
    (
        "recorded-empty-credentials",
        task(Credentials={}),
        "The field 'RoleArn' is required but was missing",
        "/States/T/Credentials",
    ),
    (
        "recorded-other-credentials",
        task(Credentials={"User": "u"}),
        "The field 'RoleArn' is required but was missing",
        "/States/T/Credentials",
    ),
    # scenarios/test_base_scenarios test_wait_timestamp_invalid, 2024-12-27
    ("recorded-no-t", waiting(Timestamp="2016-03-14 01:59:00Z"), NO_TIMESTAMP, "/States/W/Timestamp"),
    ("recorded-no-z", waiting(Timestamp="2016-03-14T01:59:00"), NO_TIMESTAMP, "/States/W/Timestamp"),
    ("recorded-no-date", waiting(Timestamp="2016-14-14T01:59:00Z"), NO_TIMESTAMP, "/States/W/Timestamp"),
    ("recorded-no-time", waiting(Timestamp="2016-03-14T25:59:00Z"), NO_TIMESTAMP, "/States/W/Timestamp"),
    ("recorded-jsonata-timestamp", waiting(Timestamp="{% $now() %}"), NO_TIMESTAMP, "/States/W/Timestamp"),
    # scenarios/test_base_scenarios test_illegal_escapes, 2025-02-02
    (
        "recorded-no-function",
        machine(P={**PASS, "Parameters": {"a.$": "States.StringToJson('\\'{}')'"}}),
        NO_EXPRESSION,
        "/States/P/Parameters",
    ),
    # services/test_dynamodb_task_service test_invalid_integration, 2025-11-06
    (
        "recorded-no-integration",
        task(Resource="arn:aws:states:::dynamodb:query", Parameters={}),
        f"The resource provided arn:aws:states:::dynamodb:query {UNKNOWN}",
        "/States/T/Resource",
    ),
    # test_state/test_test_state_machine_scenarios test_state_name_invalid_state_definition, 2025-12-04
    (
        "recorded-type",
        machine(P={"Type": "Pss", "End": True}),
        f"The field 'Type' should have one of these values: {KINDS}",
        "/States/P/Type",
    ),
    # Fields
    ("preflight-field-of-others", machine(P={**PASS, "Catch": []}), "Field 'Catch' is not supported", "/States/P"),
    ("preflight-field-case", task(resource=FUNCTION), "Field 'resource' is not supported", "/States/T"),
    ("preflight-top-field", {**machine(P=PASS), "States2": {}}, "Field 'States2' is not supported", "/"),
    (
        "floci-2735-timeout",
        machine(M=mapping(TimeoutSeconds=1)),
        "Field 'TimeoutSeconds' is not supported",
        "/States/M",
    ),
    (
        "preflight-version",
        {**machine(P=PASS), "Version": "2"},
        "Value should be one of the following: [1.0]",
        "/Version",
    ),
    (
        "preflight-language",
        machine(P={**PASS, "QueryLanguage": "XPath"}),
        "Value should be one of the following: [JSONPath, JSONata]",
        "/States/P/QueryLanguage",
    ),
    ("preflight-jsonpath-field", jsonata(P={**PASS, "Result": 1}), only_path("Result"), "/States/P"),
    ("preflight-jsonata-field", machine(P={**PASS, "Output": 1}), only_jsonata("Output"), "/States/P"),
    (
        "floci-2968-inner-language",
        machine(M=mapping(QueryLanguage="JSONata", ItemProcessor=machine(P={**PASS, "Output": 1}))),
        only_jsonata("Output"),
        "/States/M/ItemProcessor/States/P",
    ),
    (
        "floci-2968-processor",
        machine(M=mapping(ItemProcessor={"QueryLanguage": "JSONata", **machine(P=PASS)})),
        "Field 'QueryLanguage' is not supported",
        "/States/M/ItemProcessor",
    ),
    # Next and End
    (
        "preflight-next-and-end",
        machine(A={**PASS, "Next": "B"}, B=PASS),
        "There should only be one of the following fields: [Next, End]",
        "/States/A",
    ),
    (
        "preflight-no-next",
        machine(P={"Type": "Pass"}),
        "This object should have only one of the following fields: [Next, End]",
        "/States/P",
    ),
    (
        "preflight-end-false",
        machine(P={"Type": "Pass", "End": False}),
        "This object should have only one of the following fields: [Next, End]",
        "/States/P",
    ),
    # Wait
    (
        "preflight-two-waits",
        waiting(Seconds=1, SecondsPath="$.s"),
        f"There should only be one of the following fields: {WAITS}",
        "/States/W",
    ),
    ("ours-no-wait", waiting(), f"This object should have only one of the following fields: {WAITS}", "/States/W"),
    ("preflight-seconds", waiting(Seconds=-1), "Minimum value is 0", "/States/W/Seconds"),
    ("preflight-long", waiting(Seconds=100_000_000), "Maximum value is 99999999", "/States/W/Seconds"),
    ("preflight-text", waiting(Seconds="1"), "Expected value of type Integer", "/States/W/Seconds"),
    # Task
    (
        "ours-no-resource",
        machine(T={"Type": "Task", "End": True}),
        "These fields are required: [Resource]",
        "/States/T",
    ),
    ("preflight-no-arn", task(Resource="${fn}"), "Value is not a valid resource ARN", "/States/T/Resource"),
    (
        "preflight-pattern",
        task(Resource=f"{INVOKE}.sync", Parameters={"FunctionName": "f"}),
        f"The resource provided {INVOKE}.sync {UNKNOWN}",
        "/States/T/Resource",
    ),
    (
        "preflight-sync-2",
        task(Resource="arn:aws:states:::glue:startJobRun.sync:2", Parameters={"JobName": "j"}),
        f"The resource provided arn:aws:states:::glue:startJobRun.sync:2 {UNKNOWN}",
        "/States/T/Resource",
    ),
    (
        "ours-action",
        task(Resource="arn:aws:states:::aws-sdk:sqs:sendMessages", Parameters={}),
        f"The resource provided arn:aws:states:::aws-sdk:sqs:sendMessages {UNKNOWN}",
        "/States/T/Resource",
    ),
    (
        "ours-service",
        task(Resource="arn:aws:states:::aws-sdk:sqsx:sendMessage", Parameters={}),
        f"The resource provided arn:aws:states:::aws-sdk:sqsx:sendMessage {UNKNOWN}",
        "/States/T/Resource",
    ),
    (
        "preflight-no-parameters",
        task(Resource=INVOKE),
        f"Parameters field is required for resource ARN: {INVOKE}",
        "/States/T/Resource",
    ),
    (
        "preflight-no-arguments",
        jsonata(T={**TASK, "Resource": INVOKE}),
        f"Arguments field is required for resource ARN: {INVOKE}",
        "/States/T/Resource",
    ),
    (
        "preflight-parameter",
        task(Resource="arn:aws:states:::sqs:sendMessage", Parameters={"QueueUrl.$": "$.q"}),
        "The field 'MessageBody' is required but was missing",
        "/States/T/Parameters",
    ),
    (
        "preflight-activity",
        task(Resource=ACTIVITY, Credentials={"RoleArn": "arn:aws:iam::123456789012:role/r"}),
        "The field 'Credentials' is not supported for activities",
        "/States/T/Credentials",
    ),
    ("preflight-timeout", task(TimeoutSeconds=0), "Minimum value is 1", "/States/T/TimeoutSeconds"),
    (
        "preflight-two-timeouts",
        task(TimeoutSeconds=1, TimeoutSecondsPath="$.t"),
        "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]",
        "/States/T",
    ),
    (
        "ours-heartbeat",
        task(TimeoutSeconds=5, HeartbeatSeconds=5),
        "The value must be smaller than TimeoutSeconds",
        "/States/T/HeartbeatSeconds",
    ),
    ("ours-parameters", task(Parameters=["a"]), "Expected value of type Object", "/States/T/Parameters"),
    # Retry and Catch
    ("ours-retry", task(Retry={}), "Expected value of type Array", "/States/T/Retry"),
    ("preflight-no-errors", task(Retry=[{}]), "These fields are required: [ErrorEquals]", "/States/T/Retry[0]"),
    (
        "preflight-empty-errors",
        task(Catch=[{"ErrorEquals": [], "Next": "T"}]),
        "Value cannot be empty",
        "/States/T/Catch[0]/ErrorEquals",
    ),
    (
        "preflight-all-with-others",
        task(Retry=[{"ErrorEquals": ["States.ALL", "E"]}]),
        ALL_LAST,
        "/States/T/Retry[0]/ErrorEquals",
    ),
    ("preflight-all-first", task(Retry=[ALL, {"ErrorEquals": ["E"]}]), ALL_LAST, "/States/T/Retry[0]/ErrorEquals"),
    ("preflight-catch-next", task(Catch=[ALL]), "These fields are required: [Next]", "/States/T/Catch[0]"),
    (
        "preflight-rate",
        task(Retry=[{**ALL, "BackoffRate": 0.5}]),
        "Minimum value is 1.0",
        "/States/T/Retry[0]/BackoffRate",
    ),
    (
        "preflight-delay",
        task(Retry=[{**ALL, "MaxDelaySeconds": 31_622_401}]),
        "Maximum value is 31622400",
        "/States/T/Retry[0]/MaxDelaySeconds",
    ),
    (
        "preflight-jitter",
        task(Retry=[{**ALL, "JitterStrategy": "SOME"}]),
        "Value should be one of the following: [NONE, FULL]",
        "/States/T/Retry[0]/JitterStrategy",
    ),
    # An answer of CloudFormation, 2026-09-07, in a public repository's test of its definition
    (
        "seen-comment",
        task(Catch=[{**ALL, "Next": "T", "_comment": "c"}]),
        "Field '_comment' is not supported",
        "/States/T/Catch[0]",
    ),
    # Choice
    (
        "preflight-no-rules",
        machine(C={"Type": "Choice", "Choices": [], "Default": "P"}, P=PASS),
        "Value cannot be empty",
        "/States/C/Choices",
    ),
    (
        "ours-no-choices",
        machine(C={"Type": "Choice", "Default": "P"}, P=PASS),
        "These fields are required: [Choices]",
        "/States/C",
    ),
    # aws-cloudformation/cfn-lint issue 4077, 2025-04-05
    (
        "seen-rule-next",
        choice({"Variable": "$.a", "IsNull": True}),
        "These fields are required: [Next]",
        "/States/C/Choices[0]",
    ),
    (
        "preflight-inner-next",
        choice({"And": [RULE], "Next": "P"}),
        "Field 'Next' is not supported",
        "/States/C/Choices[0]/And[0]",
    ),
    (
        "preflight-operators",
        choice({**RULE, "IsString": True}),
        "There should only be one of the following fields: [IsNull, IsString]",
        "/States/C/Choices[0]",
    ),
    ("preflight-no-selector", choice({"Next": "P"}), SELECTORS, "/States/C/Choices[0]"),
    ("preflight-selectors", choice({**RULE, "Not": {}}), SELECTORS, "/States/C/Choices[0]"),
    (
        "ours-operator",
        choice({"Variable": "$.a", "StringEqual": "b", "Next": "P"}),
        "Field 'StringEqual' is not supported",
        "/States/C/Choices[0]",
    ),
    # aws-cloudformation/cfn-lint issue 4076, 2025-04-05
    (
        "seen-variable",
        choice({**RULE, "Variable": "a"}),
        "Value is not a Reference Path: Reference path didn't start with '$'",
        "/States/C/Choices[0]/Variable",
    ),
    (
        "preflight-condition",
        choice({"Condition": "{% true %}", "Next": "P"}),
        only_jsonata("Condition"),
        "/States/C/Choices[0]",
    ),
    (
        "ours-operand",
        choice({"Variable": "$.a", "NumericEquals": "1", "Next": "P"}),
        "Expected value of type Number",
        "/States/C/Choices[0]/NumericEquals",
    ),
    # Paths
    ("preflight-input-path", machine(P={**PASS, "InputPath": "a"}), NO_PATH, "/States/P/InputPath"),
    # aws-cloudformation/cfn-lint issue 4078, 2025-04-05
    ("seen-output-path", machine(P={**PASS, "OutputPath": "a"}), NO_PATH, "/States/P/OutputPath"),
    ("preflight-result-path", machine(P={**PASS, "ResultPath": "a"}), NO_PATH, "/States/P/ResultPath"),
    (
        "preflight-many",
        machine(P={**PASS, "ResultPath": "$.a[*]"}),
        "Value is not a Reference Path",
        "/States/P/ResultPath",
    ),
    (
        "preflight-items-path",
        machine(M=mapping(ItemsPath="$..a")),
        "Value is not a Reference Path",
        "/States/M/ItemsPath",
    ),
    (
        "floci-3733-context",
        machine(M=mapping(MaxConcurrencyPath="$$.Execution.Input.n")),
        "Value is not a Reference Path",
        "/States/M/MaxConcurrencyPath",
    ),
    # aws-cloudformation/cfn-lint pull request 4643, 2026-08-18
    ("seen-assign", machine(P={**PASS, "Assign": {"a.$": "b"}}), NO_EXPRESSION, "/States/P/Assign"),
    # aws/amazon-states-language-service issue 26, 2020-06-05; in an inner object
    (
        "ours-inner-path",
        machine(P={**PASS, "Parameters": {"o": [{"a.$": "b"}]}}),
        NO_EXPRESSION,
        "/States/P/Parameters/o[0]",
    ),
    # Map
    (
        "preflight-no-processor",
        machine(M={"Type": "Map", "End": True}),
        "This object should have only one of the following fields: [ItemProcessor, Iterator]",
        "/States/M",
    ),
    (
        "preflight-two-processors",
        machine(M=mapping(Iterator=machine(J=PASS))),
        "There should only be one of the following fields: [ItemProcessor, Iterator]",
        "/States/M",
    ),
    (
        "preflight-processor",
        machine(M=mapping(ItemProcessor={"States": {"I": PASS}})),
        "These fields are required: [StartAt]",
        "/States/M/ItemProcessor",
    ),
    (
        "preflight-execution-type",
        machine(M=mapping(ItemProcessor={"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **machine(I=PASS)})),
        "These fields are required: [ExecutionType]",
        "/States/M/ItemProcessor/ProcessorConfig",
    ),
    (
        "preflight-inline",
        machine(
            M=mapping(
                ItemProcessor={"ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "EXPRESS"}, **machine(I=PASS)}
            )
        ),
        "Field 'ExecutionType' is not supported",
        "/States/M/ItemProcessor/ProcessorConfig",
    ),
    (
        "preflight-reader",
        machine(M=distributed(ItemReader={"Resource": "arn:aws:states:::s3:getObjects", "Parameters": {}})),
        "The field 'Resource' does not match any of the allowed values",
        "/States/M/ItemReader/Resource",
    ),
    (
        "preflight-csv",
        machine(
            M=distributed(
                ItemReader={
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV"},
                    "Parameters": {"Bucket": "b", "Key": "k"},
                }
            )
        ),
        "The field 'CSVHeaderLocation' is required",
        "/States/M/ItemReader/ReaderConfig",
    ),
    (
        "floci-3733-percentage",
        machine(M=distributed(ToleratedFailurePercentage=101)),
        "Maximum value is 100.0",
        "/States/M/ToleratedFailurePercentage",
    ),
    (
        "floci-3733-two-limits",
        machine(M=distributed(ItemBatcher={"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.n"})),
        "There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath]",
        "/States/M/ItemBatcher",
    ),
    (
        "ours-empty-reader",
        machine(M=distributed(ItemReader={})),
        "These fields are required: [Resource, Parameters]",
        "/States/M/ItemReader",
    ),
    (
        "ours-empty-writer",
        machine(M=distributed(ResultWriter={})),
        "These fields are required: [Resource, Parameters]",
        "/States/M/ResultWriter",
    ),
    (
        "ours-empty-batcher",
        machine(M=distributed(ItemBatcher={})),
        "At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]",
        "/States/M/ItemBatcher",
    ),
    (
        "ours-input-type",
        machine(
            M=distributed(
                ItemReader={
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "XML"},
                    "Parameters": {"Bucket": "b", "Key": "k"},
                }
            )
        ),
        "Value should be one of the following: [CSV, JSON, JSONL, MANIFEST, PARQUET]",
        "/States/M/ItemReader/ReaderConfig/InputType",
    ),
    # Parallel
    (
        "preflight-no-branches",
        machine(P={"Type": "Parallel", "Branches": [], "End": True}),
        "Value cannot be empty",
        "/States/P/Branches",
    ),
    (
        "preflight-branch",
        machine(P={"Type": "Parallel", "Branches": [{"StartAt": "B"}], "End": True}),
        "These fields are required: [States]",
        "/States/P/Branches[0]",
    ),
    # Fail
    (
        "preflight-error",
        machine(F={"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}),
        "There should only be one of the following fields: [Error, ErrorPath]",
        "/States/F",
    ),
    # JSONata
    (
        "preflight-open",
        jsonata(P={**PASS, "Output": {"a": "{% 1"}}),
        "JSONata string must start with {% and end with %}",
        "/States/P/Output/a",
    ),
]


@pytest.mark.parametrize(
    ("definition", "message", "location"),
    [fault[1:] for fault in SCHEMA_FAULTS],
    ids=[fault[0] for fault in SCHEMA_FAULTS],
)
def test_schema(definition: Json, message: str, location: str | None) -> None:
    assert said(definition) == [(SCHEMA, message, location)]


# id, definition, code, message, location
OTHER_FAULTS: list[tuple[str, Json, str, str, str | None]] = [
    (
        "recorded-no-json",
        "not a definition",
        "INVALID_JSON_DESCRIPTION",
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or "
        "'false')\n"
        ' at [Source: (String)"not a definition"; line: 1, column: 4]',
        '[Source: (String)"not a definition"; line: 1, column: 4]',
    ),
    (
        "floci-2745-syntax",
        jsonata(P={**PASS, "Output": "{% 1 + %}"}),
        "INVALID_JSONATA_EXPRESSION",
        "Unexpected end of expression",
        "/States/P/Output",
    ),
    (
        "floci-2670-top-level",
        jsonata(P={**PASS, "Output": {"v": "{% phone %}"}}),
        "UNSUPPORTED_JSONATA_EXPRESSION",
        "Reference to 'phone' at the top level is not supported.",
        "/States/P/Output/v",
    ),
    # anomalyco/sst issue 6110, 2025-09-15
    (
        "seen-error-output",
        jsonata(P={**PASS, "Output": "{% $states.errorOutput %}"}),
        "UNSUPPORTED_JSONATA_EXPRESSION",
        "Field '$states.errorOutput' does not exist.",
        "/States/P/Output",
    ),
    (
        "preflight-reserved",
        machine(P={**PASS, "Assign": {"states": 1}}),
        "RESERVED_VARIABLE_NAME",
        "Cannot assign to reserved variable '$states'.",
        "/States/P/Assign",
    ),
    (
        "preflight-variable",
        machine(P={**PASS, "Assign": {"a-b.$": "$.c"}}),
        "INVALID_VARIABLE_NAME",
        "Invalid variable name 'a-b': the variable name contains invalid characters.",
        "/States/P/Assign",
    ),
    (
        "preflight-underscore",
        machine(P={**PASS, "Assign": {"_a": 1}}),
        "INVALID_VARIABLE_NAME",
        "Invalid variable name '_a': the variable name contains invalid characters.",
        "/States/P/Assign",
    ),
    (
        "ours-long-variable",
        machine(P={**PASS, "Assign": {"a" * 81: 1}}),
        "INVALID_VARIABLE_NAME",
        f"Invalid variable name '{'a' * 81}': the variable name is too long.",
        "/States/P/Assign",
    ),
    (
        "preflight-duplicate",
        machine(P={"Type": "Parallel", "Branches": [machine(X=PASS), machine(X=PASS)], "End": True}),
        "DUPLICATE_STATE_NAME",
        "Duplicate State name: X",
        "/States/P/Branches[1]/States/X",
    ),
    (
        "preflight-long-name",
        machine(**{"x" * 81: PASS}),
        "INVALID_STATE_NAME",
        f"Invalid State name: {'x' * 81} exceeds the 80-character limit allowed by the service",
        f"/States/{'x' * 81}",
    ),
    (
        "preflight-label-twice",
        machine(
            M={**distributed(Label="x"), "Next": "N", "End": False},
            N={**distributed(Label="x"), "ItemProcessor": machine(J=PASS)},
        ),
        "DUPLICATE_LABEL_NAME",
        "Duplicate Label name: x",
        "/States/N/Label",
    ),
    ("ours-no-name", machine(**{"": PASS}), "INVALID_STATE_NAME", "Invalid State name: it cannot be empty", "/States/"),
    (
        "ours-twice",
        '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},"A":{"Type":"Succeed"}}}',
        "DUPLICATE_STATE_NAME",
        "Duplicate State name: A",
        "/States/A",
    ),
    (
        "floci-2735-unreachable",
        machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}, C=PASS),
        "MISSING_TRANSITION_TARGET",
        'State "C" is not reachable.',
        "/States/C",
    ),
    (
        "floci-2786-loop",
        machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}, C={"Type": "Pass", "Next": "A"}),
        "MISSING_END_STATE",
        "Workflow has no terminal state",
        None,
    ),
    (
        "floci-2786-choice",
        choice({**RULE, "Next": "Q"}),
        "MISSING_TRANSITION_TARGET",
        "Missing 'Next' target: Q",
        "/States/C/Choices[0]/Next",
    ),
    (
        "floci-2786-catch",
        task(Catch=[{**ALL, "Next": "Q"}]),
        "MISSING_TRANSITION_TARGET",
        "Missing 'Next' target: Q",
        "/States/T/Catch[0]/Next",
    ),
]


@pytest.mark.parametrize(
    ("definition", "code", "message", "location"),
    [fault[1:] for fault in OTHER_FAULTS],
    ids=[fault[0] for fault in OTHER_FAULTS],
)
def test_other_codes(definition: Json, code: str, message: str, location: str | None) -> None:
    assert said(definition) == [(code, message, location)]


def test_several_faults_come_in_the_order_of_aws() -> None:
    """localstack/localstack issue 11978, 2024-12-03; floci-io/floci pull request 2786, 2026-08-30."""
    lost = [("MISSING_TRANSITION_TARGET", "Missing 'Next' target: pass3", "/States/pass1/Next")]
    end = ("MISSING_END_STATE", "Workflow has no terminal state", None)
    unreachable = ("MISSING_TRANSITION_TARGET", 'State "pass2" is not reachable.', "/States/pass2")
    first = {"Type": "Pass", "Next": "pass3"}
    assert said(machine(pass1=first, pass2=PASS)) == [*lost, unreachable]
    assert said(machine(pass1=first)) == [*lost, end]


def test_the_start_is_a_transition() -> None:
    """serverless-operations/serverless-step-functions issue 250, 2019-08-27."""
    assert said({"StartAt": "own.step", "States": {"step": PASS}}) == [
        ("MISSING_TRANSITION_TARGET", "Missing 'Next' target: own.step", "/StartAt"),
        ("MISSING_TRANSITION_TARGET", 'State "step" is not reachable.', "/States/step"),
    ]


# white space, brackets, wildcards, special characters, control characters
BAD_IN_LABELS = [*' ?*<>{}[]:;,\\|^~$#%&`"', *map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))]


@pytest.mark.parametrize("char", BAD_IN_LABELS, ids=[f"{ord(char):02x}" for char in BAD_IN_LABELS])
def test_labels_without_such_characters(char: str) -> None:
    """test_sfn_api_map_run test_map_state_label_invalid_char_fail, 2024-07-20: these are refused."""
    found = said(machine(M=distributed(Label=f"label_{char}")))
    assert found == [("INVALID_LABEL_NAME", f"Label contains invalid character: {char!r}", "/States/M/Label")]


# Label => the first part of CreateStateMachine's words (test_sfn_api_map_run, 2024-07-20)
LABELS = {
    "": "Args=['Label cannot be empty']",
    "12345678901234567890123456789012345678901": "Args=['Label cannot exceed 40 characters']",
    "label_ ": "Args=[\"Label contains invalid character: ' '\"]",
    'label_"': "Args=['Label contains invalid character: \\'\"\\'']",
    "label_\\": "Args=[\"Label contains invalid character: '\\\\\\\\'\"]",
    "label_\x9f": "Args=[\"Label contains invalid character: '\\\\x9f'\"]",
}


@pytest.mark.parametrize("label", LABELS)
def test_the_words_for_labels(label: str) -> None:
    text = json.dumps(machine(M=distributed(Label=label)))
    with pytest.raises(DefinitionError) as refusal:
        parse(text, express=False)
    assert str(refusal.value) == f"Error=ValueError {LABELS[label]} in definition '{text}'."


# Resource => AWS's words (test_sfn_api_express, 2024-07-03; test_sfn_api_validation ILLEGAL_WFTT, 2025-10-19)
NOT_FOR_EXPRESS = {
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken": (
        "Express state machine does not support '.waitForTaskToken' service integration "
    ),
    "arn:aws:states:::states:startExecution.sync": "Express state machine does not support '.sync' service integration",
    ACTIVITY: "Express state machine does not support Activity ARN",
}


@pytest.mark.parametrize("resource", NOT_FOR_EXPRESS)
def test_express(resource: str) -> None:
    parameters = {"QueueUrl": "q", "MessageBody": "b", "StateMachineArn": "a"}
    definition = task(Resource=resource, Parameters=parameters)
    assert said(definition) == []
    assert said(definition, express=True) == [(SCHEMA, NOT_FOR_EXPRESS[resource], "/States/T/Resource")]


def test_express_child_executions() -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    inner = {"ProcessorConfig": config, **task(Resource=ACTIVITY)}
    place = "/States/M/ItemProcessor/States/T/Resource"
    expected = [(SCHEMA, NOT_FOR_EXPRESS[ACTIVITY], place)]
    assert said(machine(M=mapping(ItemProcessor=inner))) == expected


def test_no_distributed_map_in_express() -> None:
    """badmintoncryer/cdk-preflight, rule pf-sfn-express-unsupported, 2026-09-05."""
    message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"
    found = said(machine(M=distributed()), express=True)
    assert found == [(SCHEMA, message, "/States/M/ItemProcessor/ProcessorConfig/Mode")]
