"""What definitions are parsed into."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.expressions.types import Data, Environment, QueryLanguage
from sfn_harness.stepfunctions.language import DefinitionError, parse, parse_state, tree
from tests.stepfunctions.definitions import FUNCTION, INVOKE, PASS, TASK, choice, distributed, jsonata, machine, mapping

Json = Any


def parsed(definition: Json) -> tree.StateMachine:
    return parse(json.dumps(definition), express=False)


def state(**members: Json) -> tree.State:
    """Return the one state of a JSONPath definition."""
    return parsed(machine(S={"End": True, **members})).program.states["S"]


def jsonata_state(**members: Json) -> tree.State:
    """Return the one state of a JSONata definition."""
    return parsed(jsonata(S={"End": True, **members})).program.states["S"]


def value(compiled: Json, given: Json = None) -> Json:
    """Return what an expression or a template makes of ``$`` or ``$states.input``."""
    return compiled.evaluate(Data(given, {"Task": {"Token": "t"}}, {"v": 7}, {"input": given}, Environment()))


def test_a_machine() -> None:
    definition = {"Comment": "c", "Version": "1.0", "TimeoutSeconds": 9, **machine(P={**PASS, "Comment": "p"})}
    found = parsed(definition)
    assert (found.program.comment, found.version, found.timeout_seconds) == ("c", "1.0", 9)
    assert (found.program.start_at, list(found.program.states)) == ("P", ["P"])
    assert found.query_language is QueryLanguage.JSONPATH
    assert found.program.states["P"].comment == "p"


def test_the_query_language_is_that_of_the_machine_unless_the_state_names_another() -> None:
    found = parsed(machine(A={"Type": "Pass", "QueryLanguage": "JSONata", "Next": "B"}, B=PASS)).program.states
    assert [found[name].query_language.value for name in "AB"] == ["JSONata", "JSONPath"]
    inner = parsed(machine(M=mapping(QueryLanguage="JSONata"))).program.states["M"].processor.states["I"]
    assert inner.query_language is QueryLanguage.JSONPATH


def test_paths() -> None:
    found = state(Type="Pass", InputPath="$.a", OutputPath="$$.Task.Token", ResultPath="$.r", Parameters={"p.$": "$v"})
    assert value(found.input_path, {"a": 1}) == 1
    assert value(found.output_path) == "t"
    assert value(found.parameters) == {"p": 7}
    assert found.result_path.text == "$.r"
    assert not (found.discard_input or found.discard_output or found.discard_result)


def test_paths_that_are_null() -> None:
    found = state(Type="Pass", InputPath=None, OutputPath=None, ResultPath=None)
    assert (found.discard_input, found.discard_output, found.discard_result) == (True, True, True)
    assert (found.input_path, found.output_path, found.result_path) == (None, None, None)


def test_paths_that_are_missing() -> None:
    found = state(Type="Pass")
    assert (found.discard_input, found.discard_output, found.discard_result) == (False, False, False)
    assert (found.input_path, found.output_path, found.result_path) == (None, None, None)


@pytest.mark.parametrize(("members", "expected"), [({}, (False, None)), ({"Result": None}, (True, None))])
def test_a_result(members: Json, expected: Json) -> None:
    found = state(Type="Pass", **members)
    assert (found.has_result, found.result) == expected


def test_a_task() -> None:
    retry = [{"ErrorEquals": ["A", "B"], "BackoffRate": 3}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]
    catch = [{"ErrorEquals": ["A"], "Next": "S", "ResultPath": None}, {"ErrorEquals": ["B"], "Next": "S"}]
    found = state(
        Type="Task",
        Resource=FUNCTION,
        TimeoutSecondsPath="$.t",
        HeartbeatSeconds=5,
        Credentials={"RoleArn.$": "$.role"},
        ResultSelector={"x.$": "$.y"},
        Retry=retry,
        Catch=catch,
    )
    assert isinstance(found, tree.Task)
    assert (found.kind, found.resource, found.heartbeat_seconds, found.end) == ("Task", FUNCTION, 5, True)
    assert value(found.timeout_seconds, {"t": 3}) == 3
    assert value(found.credentials, {"role": "r"}) == {"RoleArn": "r"}
    assert value(found.result_selector, {"y": 1}) == {"x": 1}
    assert found.retry == (tree.Retrier(("A", "B"), backoff_rate=3.0), tree.Retrier(("States.ALL",), max_attempts=0))
    assert [(one.error_equals, one.next, one.discard_result) for one in found.catch] == [
        (("A",), "S", True),
        (("B",), "S", False),
    ]


def test_the_defaults_of_a_retrier() -> None:
    """AWS, "Handling errors": 1 second, 3 attempts, rate 2.0, no longest delay, no jitter."""
    (found,) = state(Type="Task", Resource=FUNCTION, Retry=[{"ErrorEquals": ["A"]}]).retry
    assert found == tree.Retrier(("A",), 1, 3, 2.0, None, jitter=False)


def test_a_retrier_with_all_members() -> None:
    members = {
        "IntervalSeconds": 2,
        "MaxAttempts": 4,
        "BackoffRate": 1.5,
        "MaxDelaySeconds": 9,
        "JitterStrategy": "FULL",
    }
    (found,) = state(Type="Task", Resource=FUNCTION, Retry=[{"ErrorEquals": ["A"], **members}]).retry
    assert found == tree.Retrier(("A",), 2, 4, 1.5, 9, jitter=True)


def test_a_task_in_jsonata() -> None:
    catch = [{"ErrorEquals": ["A"], "Next": "S", "Output": "{% $states.errorOutput %}", "Assign": {"e": 1}}]
    found = jsonata_state(
        Type="Task",
        Resource=INVOKE,
        Arguments={"FunctionName": "f", "Payload": "{% $states.input.p %}"},
        TimeoutSeconds="{% $states.input.t %}",
        Output={"o": "{% $states.result %}"},
        Assign={"v": "{% $states.result %}"},
        Catch=catch,
    )
    assert value(found.arguments, {"p": 1}) == {"FunctionName": "f", "Payload": 1}
    assert value(found.timeout_seconds, {"t": 3}) == 3
    assert None not in (found.output, found.assign, found.catch[0].output, found.catch[0].assign)


@pytest.mark.parametrize(
    ("members", "seconds", "timestamp"),
    [
        ({"Seconds": 0}, 0, None),
        ({"SecondsPath": "$.s"}, 4, None),
        ({"Timestamp": "2016-03-14T01:59:00Z"}, None, "2016-03-14T01:59:00Z"),
        ({"TimestampPath": "$.t"}, None, "2016-03-14T01:59:00Z"),
    ],
    ids=["seconds", "seconds path", "timestamp", "timestamp path"],
)
def test_a_wait(members: Json, seconds: Json, timestamp: Json) -> None:
    found = state(Type="Wait", **members)
    given = {"s": 4, "t": "2016-03-14T01:59:00Z"}

    def seen(part: Json) -> Json:
        return value(part, given) if hasattr(part, "evaluate") else part

    assert (seen(found.seconds), seen(found.timestamp)) == (seconds, timestamp)
    assert found.is_path is any(name.endswith("Path") for name in members)


def test_a_wait_in_jsonata() -> None:
    assert value(jsonata_state(Type="Wait", Seconds="{% $states.input %}").seconds, 3) == 3


def test_a_fail() -> None:
    literal = parsed(machine(F={"Type": "Fail", "Error": "E", "Cause": "C"})).program.states["F"]
    assert (literal.error, literal.cause, literal.end) == ("E", "C", False)
    paths = {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)"}
    computed = parsed(machine(F=paths)).program.states["F"]
    assert (value(computed.error, {"e": "E"}), value(computed.cause, {"c": "C"})) == ("E", "C!")
    expression = parsed(jsonata(F={"Type": "Fail", "Error": "{% $states.input %}", "Cause": "C"})).program.states["F"]
    assert (value(expression.error, "E"), expression.cause) == ("E", "C")


def test_a_choice() -> None:
    rules = [
        {"Variable": "$.a", "NumericEquals": 1, "Next": "P", "Assign": {"x.$": "$.a"}, "Comment": "c"},
        {"Not": {"Variable": "$.a", "IsPresent": True}, "Next": "P"},
    ]
    found = parsed(choice(*rules)).program.states["C"]
    data = Data({"a": 1}, {}, {}, {}, Environment())
    assert [rule.condition.holds(data) for rule in found.rules] == [True, False]
    assert ([rule.next for rule in found.rules], found.default) == (["P", "P"], "P")
    assert value(found.rules[0].assign, {"a": 1}) == {"x": 1}


def test_a_parallel() -> None:
    found = state(Type="Parallel", Branches=[machine(A=PASS), machine(B=PASS)], ResultSelector={"a.$": "$[0]"})
    assert [list(branch.states) for branch in found.branches] == [["A"], ["B"]]
    assert value(found.result_selector, [1, 2]) == {"a": 1}


def test_an_inline_map() -> None:
    found = parsed(machine(M=mapping(ItemsPath="$.i", ItemSelector={"v.$": "$.x"}))).program.states["M"]
    assert (found.distributed, found.is_legacy, found.max_concurrency, found.label) == (False, False, 0, None)
    assert value(found.items_path, {"i": [1]}) == [1]
    assert list(found.processor.states) == ["I"]


def test_an_old_map() -> None:
    members = {"Type": "Map", "Iterator": machine(I=PASS), "Parameters": {"v.$": "$.x"}, "End": True}
    found = parsed(machine(M=members)).program.states["M"]
    assert (found.is_legacy, value(found.parameters, {"x": 1})) == (True, {"v": 1})


def test_a_distributed_map() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 5},
        "Parameters": {"Bucket": "b", "Key.$": "$.k"},
    }
    batcher = {"MaxItemsPerBatch": 2, "MaxInputBytesPerBatchPath": "$.n", "BatchInput": {"f": 1}}
    writer = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "b"},
        "WriterConfig": {"OutputType": "JSON", "Transformation": "COMPACT"},
    }
    members = {"Label": "l", "ToleratedFailureCount": 3, "ToleratedFailurePercentage": 2.5, "MaxConcurrency": 4}
    found = parsed(
        machine(M=distributed(ItemReader=reader, ItemBatcher=batcher, ResultWriter=writer, **members))
    ).program.states["M"]
    assert (found.distributed, found.execution_type, found.label, found.max_concurrency) == (True, "STANDARD", "l", 4)
    assert (found.tolerated_failure_count, found.tolerated_failure_percentage) == (3, 2.5)
    assert (found.item_reader.resource, found.item_reader.max_items) == (reader["Resource"], 5)
    assert found.item_reader.config == reader["ReaderConfig"]
    assert value(found.item_reader.parameters, {"k": "key"}) == {"Bucket": "b", "Key": "key"}
    assert (found.item_batcher.max_items, value(found.item_batcher.max_input_bytes, {"n": 9})) == (2, 9)
    assert value(found.item_batcher.batch_input) == {"f": 1}
    assert (found.result_writer.resource, found.result_writer.config) == (writer["Resource"], writer["WriterConfig"])


def test_items_in_jsonata() -> None:
    literal = parsed(jsonata(M=mapping(Items=[1, "{% $states.input %}"]))).program.states["M"]
    assert value(literal.items, 2) == [1, 2]
    expression = parsed(jsonata(M=mapping(Items="{% $states.input %}"))).program.states["M"]
    assert value(expression.items, [3]) == [3]


def test_resources_of_tasks() -> None:
    """All the kinds are taken; the wrong ones are in test_language_refused."""
    for resource in (
        FUNCTION,
        f"{FUNCTION}:1",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:f",
        "arn:aws:states:us-east-1:123456789012:activity:a",
        "arn:aws:states:::ecs:runTask.sync",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::http:invoke",
        "arn:aws:states:::aws-sdk:cloudwatchlogs:createLogGroup",
        "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
    ):
        parameters = {"TaskDefinition": "t", "StateMachineArn": "a"}
        assert state(Type="Task", Resource=resource, Parameters=parameters).resource == resource


def test_one_state() -> None:
    """TestState takes a state by itself; what its Next names isn't there."""
    found = parse_state(json.dumps({**TASK, "End": False, "Next": "Somewhere"}), name="T")
    assert found.program.states["T"].next == "Somewhere"
    with pytest.raises(DefinitionError, match="These fields are required: \\[Type\\] at /'"):
        parse_state("{}", name="T")


def test_the_words_of_a_refusal() -> None:
    """CreateStateMachine has all faults in one text (localstack/localstack issue 11978, 2024-12-03), and "null" for no
    place (floci-io/floci issue 2735, 2026-08-29)."""
    with pytest.raises(DefinitionError) as refusal:
        parsed(machine(A={"Type": "Pass", "Next": "B"}))
    assert str(refusal.value) == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, "
        "MISSING_END_STATE: Workflow has no terminal state at null'"
    )
