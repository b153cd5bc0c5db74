"""TestState: its results and its inspection data.

Recorded on AWS: localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/test_state. Each test names
the file there and the date of the recording.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sfn_harness.stepfunctions.engine.interface import Mock, StateTest, StateTestResult, Workflow
from sfn_harness.stepfunctions.language.parser import parse_state
from tests.stepfunctions.engine_world import FUNCTION, ROLE, SCOPE, World

OOPS = Mock(fails=True, error="MockException", cause="Mock the cause.")
SAID = {"error": "MockException", "cause": "Mock the cause."}
VALUE = '{"Value": "HelloWorld"}'


def run(state: dict, given: str = VALUE, **members: Any) -> StateTestResult:
    """Return the result of a state that comes alone."""
    workflow = Workflow(
        definition=parse_state(json.dumps(state), name="S"),
        arn=SCOPE.arn("stateMachine:machine"),
        name="machine",
        role_arn=ROLE,
        scope=SCOPE,
        express=True,
    )
    test = StateTest(workflow=workflow, state="S", input=given, **members)

    async def scenario() -> StateTestResult:
        return await World().engine.test_state(test)

    return asyncio.run(scenario())


def parsed(inspection: dict) -> dict:
    return {member: json.loads(value) if isinstance(value, str) else value for member, value in inspection.items()}


PASS = {"Type": "Pass", "End": True}
HELLO, RESULT = {"Value": "HelloWorld"}, {"resultKey": "result value"}


@pytest.mark.parametrize(
    ("state", "inspection"),
    [
        (
            PASS,
            dict.fromkeys(
                ["input", "afterInputPath", "afterParameters", "afterResultSelector", "afterResultPath"], HELLO
            ),
        ),
        (
            {**PASS, "Result": RESULT},
            {"input": HELLO, "result": RESULT, "afterResultSelector": RESULT, "afterResultPath": RESULT},
        ),
        ({**PASS, "QueryLanguage": "JSONata"}, {"input": HELLO}),
        ({"Type": "Succeed"}, {"input": HELLO, "afterInputPath": HELLO}),
        ({"Type": "Fail", "Error": "E"}, {"input": HELLO, "afterInputPath": HELLO}),
        ({"Type": "Fail", "Error": "E", "QueryLanguage": "JSONata"}, {"input": HELLO}),
    ],
)
def test_the_way_through_a_state(state: dict, inspection: dict) -> None:
    """test_test_state_scenarios test_base_inspection_level_debug, 2025-11, and test_base_state_name, 2025-12."""
    assert parsed(run(state).inspection) == inspection


def test_a_pass_state_with_all_its_filters() -> None:
    """test_test_state_scenarios test_base_inspection_level_debug[IO_PASS_STATE], 2025-11-14."""
    state = {
        **PASS,
        "InputPath": "$.initialData",
        "Parameters": {"inputValue.$": "$.fieldFromInput"},
        "ResultPath": "$.modifiedData",
        "End": True,
    }
    result = run(state, '{"initialData": {"fieldFromInput": "value"}}')
    made = {"inputValue": "value"}
    assert parsed(result.inspection) == {
        "input": {"initialData": {"fieldFromInput": "value"}},
        "afterInputPath": {"fieldFromInput": "value"},
        "afterParameters": made,
        "afterResultSelector": made,
        "afterResultPath": {"initialData": {"fieldFromInput": "value"}, "modifiedData": made},
    }
    assert json.loads(result.output) == {"initialData": {"fieldFromInput": "value"}, "modifiedData": made}


def test_a_choice_says_where_it_leads() -> None:
    """test_test_state_scenarios test_base_inspection_level_info[BASE_CHOICE_STATE], 2025-11-14."""
    state = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "One"}], "Default": "Other"}
    assert (run(state, '{"n": 1}').next_state, run(state, '{"n": 2}').next_state) == ("One", "Other")


TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}


def test_a_mocked_task() -> None:
    """test_test_state_scenarios test_base_lambda_task_state, 2025-11; test_localstack_blogpost_scenario, 2025-12."""
    result = run(TASK, mock=Mock(result="HelloWorld!"))
    said = "HelloWorld!"
    assert parsed(result.inspection) == {
        "input": HELLO,
        "afterInputPath": HELLO,
        "afterParameters": HELLO,
        "result": said,
        "afterResultSelector": said,
        "afterResultPath": said,
    }
    assert (result.status, result.output, result.next_state) == ("SUCCEEDED", '"HelloWorld!"', None)
    jsonata = {**TASK, "QueryLanguage": "JSONata", "Arguments": {"a": 1}, "Output": {"o": "{% $states.result %}"}}
    result = run(jsonata, mock=Mock(result=2))
    assert parsed(result.inspection) == {"input": HELLO, "afterArguments": {"a": 1}, "result": 2}
    assert result.output == '{"o": 2}'


RETRY = [{"ErrorEquals": ["MockException"], "IntervalSeconds": 1, "MaxAttempts": 5, "BackoffRate": 2.0}]


@pytest.mark.parametrize(
    ("count", "status", "error_details"),
    [
        (4, "RETRIABLE", {"retryIndex": 0, "retryBackoffIntervalSeconds": 16}),
        (None, "RETRIABLE", {"retryIndex": 0, "retryBackoffIntervalSeconds": 1}),
        (5, "FAILED", {"retryIndex": 0}),
    ],
)
def test_an_error_that_may_be_retried(count: int | None, status: str, error_details: dict) -> None:
    """test_state_configuration test_state_configuration_retrier_retry_count, 2025-11-22."""
    result = run({**TASK, "Retry": RETRY}, mock=OOPS, retrier_retry_count=count)
    assert (result.status, result.error, result.cause) == (status, *SAID.values())
    assert result.inspection["errorDetails"] == error_details
    assert (result.output, result.next_state) == (None, None)


def test_an_error_that_is_caught() -> None:
    """test_test_state_scenarios test_state_task_catch_error, 2025-11-21."""
    catch = [{"ErrorEquals": ["Other"], "Next": "A"}, {"ErrorEquals": ["States.TaskFailed"], "Next": "B"}]
    result = run({**TASK, "Catch": catch}, mock=OOPS)
    assert (result.status, result.next_state, result.error) == ("CAUGHT_ERROR", "B", "MockException")
    assert result.inspection["errorDetails"] == {"catchIndex": 1}
    assert json.loads(result.output) == {"Error": "MockException", "Cause": "Mock the cause."}


def test_an_error_that_nothing_takes() -> None:
    """test_state_configuration test_map_state_error_caused_by_state, 2025-11-13: no error details."""
    result = run(TASK, mock=OOPS)
    assert (result.status, result.error, result.cause) == ("FAILED", *SAID.values())
    assert "errorDetails" not in result.inspection


MAP = {
    "Type": "Map",
    "QueryLanguage": "JSONata",
    "Items": "{% $states.input.Values %}",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    },
    "End": True,
}
VALUES = '{"Values": ["first", "second", "third"]}'


def test_a_mocked_map() -> None:
    """test_test_state_scenarios test_base_map_state_inspect, 2025-11-14."""
    result = run({**MAP, "ToleratedFailurePercentage": 1}, VALUES, mock=Mock(result=[1, 1, 1]))
    assert result.output == "[1, 1, 1]"
    assert result.inspection == {"input": VALUES, "maxConcurrency": 0, "toleratedFailurePercentage": 1.0}


@pytest.mark.parametrize(
    ("tolerated", "failed", "status"),
    [({"ToleratedFailureCount": 1}, 0, "SUCCEEDED"), ({"ToleratedFailureCount": 1}, 2, "FAILED"), ({}, 2, "SUCCEEDED")],
)
def test_iterations_that_fail(tolerated: dict, failed: int, status: str) -> None:
    """test_state_configuration test_map_state_failure_count, 2025-11-13."""
    mock = Mock(result=[0, 0, 1])
    result = run({**MAP, **tolerated}, VALUES, mock=mock, map_iteration_failure_count=failed)
    assert result.status == status
    if status == "FAILED":
        assert result.error == "States.ExceedToleratedFailureThreshold"
        assert result.cause == "The specified tolerated failure threshold was exceeded"


def test_a_map_in_jsonpath() -> None:
    """test_state_context_object test_state_map_context_object, 2025-12-03: no words before the cause."""
    inline = {**MAP, "QueryLanguage": "JSONPath", "ItemsPath": "$.Values"}
    del inline["Items"]
    result = run(inline, VALUES, mock=Mock(result=[1]))
    assert result.inspection["afterItemsPath"] == '["first", "second", "third"]'
    result = run({**inline, "ItemsPath": "$"}, VALUES, mock=Mock(result=[1]))
    assert (result.status, result.error) == ("FAILED", "States.Runtime")
    assert result.cause == 'Reference path "$" must point to array.'
    assert set(result.inspection) == {"input", "afterInputPath"}


def test_the_context_object_and_the_variables() -> None:
    """test_test_state_scenarios test_state_with_variables, 2026-02-24; test_state_context_object, 2025-12-03."""
    state = {**PASS, "QueryLanguage": "JSONata", "Output": {"c": "{% $states.context %}", "v": "{% $v %}"}}
    result = run(state, variables={"v": 10})
    context = json.loads(result.output)["c"]
    assert context["State"]["Name"] == "StateName"
    assert context["Execution"]["Id"].startswith(SCOPE.arn("express:machine:"))
    assert "RedriveCount" not in context["Execution"]
    assert json.loads(result.output)["v"] == 10
    assert result.inspection["variables"] == '{"v": 10}'
    given = {"Execution": {"Name": "e"}}
    assert json.loads(run(state, variables={"v": 1}, context=given).output)["c"] == given
