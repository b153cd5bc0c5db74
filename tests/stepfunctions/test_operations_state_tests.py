"""What TestState refuses.

Recorded on AWS: localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/test_state.
"""

from __future__ import annotations

import json

import pytest

from sfn_harness.stepfunctions.ports import Connection, HttpAnswer
from tests.stepfunctions.world import ACCOUNT, PASS, REGION, ROLE

ARN = "arn:aws:states:::"


def task(resource: str, **parameters) -> dict:
    return {"Type": "Task", "Resource": f"{ARN}{resource}", "Parameters": parameters, "End": True}


PUT_EVENTS = task("events:putEvents", Entries=[])
START = task("states:startExecution", StateMachineArn="arn")
INVOKE = task("lambda:invoke", FunctionName="name")
PUT_ITEM = task("dynamodb:putItem", TableName="name", Item={})
GET_OBJECT = task("aws-sdk:s3:getObject", Bucket="name", Key="key")
ENCRYPT = task("aws-sdk:kms:encrypt", KeyId="key", Plaintext="text")
GET_FUNCTION = task("aws-sdk:lambda:getFunction", FunctionName="name")
MAP = {
    "Type": "Map",
    "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
    "End": True,
}
WRITING_MAP = {
    "Type": "Map",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "End": True}},
    },
    "ResultWriter": {"Resource": f"{ARN}s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}},
    "End": True,
}
RESULT, ERROR = {"result": "{}"}, {"errorOutput": {"error": "Error", "cause": "Cause"}}


def refused(world, state: dict, **request) -> tuple[str, str]:
    return world.refused("TestState", definition=json.dumps(state), **request)


class TestMocks:
    """test_state_mock_validation.py, 10-12-2025."""

    @pytest.mark.parametrize("mock", [RESULT, ERROR], ids=["result", "error"])
    @pytest.mark.parametrize(
        "state",
        [{"Type": "Pass", "End": True}, {"Type": "Fail"}, {"Type": "Succeed"}],
        ids=["Pass", "Fail", "Succeed"],
    )
    def test_states_that_take_none(self, world, state, mock):
        # test_state_type_does_not_accept_mock
        said = f"State type '{state['Type']}' is not supported when a mock is specified"
        assert refused(world, state, mock=mock) == ("ValidationException", said)

    def test_a_state_that_needs_one(self, world):
        # test_state_type_requires_mock
        assert refused(world, MAP) == (
            "InvalidDefinition",
            "TestState API does not support Map or Parallel states. "
            "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        )

    @pytest.mark.parametrize(
        ("state", "request_", "said"),
        [
            # test_both_mock_result_and_mock_error_output_are_set
            (
                INVOKE,
                {"mock": RESULT | ERROR},
                "A test mock should have only one of the following fields: [result, errorOutput].",
            ),
            # test_reveal_secrets_is_true_and_mock_result_is_set
            (
                INVOKE,
                {"mock": RESULT, "revealSecrets": True},
                "TestState does not support RevealSecrets when a mock is specified.",
            ),
            # test_mock_result_is_not_array_on_map_state_without_result_writer
            (MAP, {"mock": RESULT}, "Mocked result must be an array."),
            # test_mock_result_is_not_object_on_map_state_with_result_writer
            (WRITING_MAP, {"mock": {"result": "[]"}}, "Mocked result must be a JSON object."),
            # test_test_state_mock_scenarios.py test_base_lambda_service_task_mock_is_not_json_string, 03-12-2025
            (INVOKE, {"mock": {"result": "no JSON"}}, "Mocked result must be valid JSON"),
        ],
        ids=["both", "secrets", "array", "object", "JSON"],
    )
    def test_wrong(self, world, state, request_, said):
        assert refused(world, state, **request_) == ("ValidationException", said)


class TestMockedResults:
    """test_field_validation_mode.py and test_field_validation_mode_present.py, 03-12-2025."""

    @pytest.mark.parametrize("mode", [None, "STRICT", "PRESENT"])
    @pytest.mark.parametrize(
        ("state", "result", "said"),
        [
            (PUT_EVENTS, {"Entries": "entries"}, "Field 'Entries' must be an array"),
            (PUT_EVENTS, {"Entries": [{"EventId": ["id"]}]}, "Field 'EventId' must be a string"),
            (PUT_EVENTS, {"Entries": [{"EventId": "id"}, {"EventId": ["id"]}]}, "Field 'EventId' must be a string"),
            (START, {"ExecutionArn": "arn", "StartDate": True}, "Field 'StartDate' must be a string"),
            (START, {"ExecutionArn": "arn", "StartDate": 1764103483}, "Field 'StartDate' must be a string"),
            (INVOKE, {"StatusCode": "200"}, "Field 'StatusCode' must be a number"),
            (PUT_ITEM, {"ConsumedCapacity": {"CapacityUnits": "123.45"}}, "Field 'CapacityUnits' must be a number"),
            (GET_OBJECT, {"ContentLength": "9000"}, "Field 'ContentLength' must be a number"),
            (GET_OBJECT, {"StorageClass": "Papyrus"}, "Field 'StorageClass' is not an expected value"),
            (ENCRYPT, {"CiphertextBlob": 123}, "Field 'CiphertextBlob' must be a string"),
            (ENCRYPT, {"CiphertextBlob": ""}, "Field 'CiphertextBlob' is smaller than the minimum length"),
            (
                GET_FUNCTION,
                {"Configuration": {"MemorySize": 127}},
                "Field 'MemorySize' is less than the minimum value",
            ),
            # A newer model than the recording's, which refused 10241, allows 32768.
            (GET_FUNCTION, {"Configuration": {"MemorySize": 32769}}, "Field 'MemorySize' exceeds the maximum value"),
        ],
    )
    def test_wrong_members(self, world, state, result, said, mode):
        mock = {"result": json.dumps(result)} | ({} if mode is None else {"fieldValidationMode": mode})
        expected = ("ValidationException", f"Mock result schema validation error: {said}")
        assert refused(world, state, mock=mock) == expected

    @pytest.mark.parametrize("result", [{}, {"executionArn": "arn", "startDate": "date"}])
    def test_a_missing_member(self, world, result):
        # test_strict_mode_sfn_task
        assert refused(world, START, mock={"result": json.dumps(result)}) == (
            "ValidationException",
            "Mock result schema validation error: Required field 'ExecutionArn' is missing",
        )

    @pytest.mark.parametrize(
        ("result", "mode"),
        [
            # test_field_validation_mode_present.py test_present_mode_sfn_task_validation_pass
            ({}, "PRESENT"),
            ({"executionArn": "arn", "startDate": "date"}, "PRESENT"),
            # test_field_validation_mode_none.py test_none_mode_sfn_task
            ({}, "NONE"),
            ({"ExecutionArn": "arn", "StartDate": True}, "NONE"),
        ],
    )
    def test_modes_that_are_not_strict(self, world, result, mode):
        mock = {"result": json.dumps(result), "fieldValidationMode": mode}
        answer = world.call("TestState", definition=json.dumps(START), mock=mock)
        assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", result)


class TestStateName:
    """test_test_state_machine_scenarios.py."""

    def test_an_unknown_state(self, world):
        # test_base_state_name_validation_failures, 03-12-2025
        expected = ("ValidationException", "State not found in definition")
        assert refused(world, PASS, stateName="none") == expected

    def test_a_wrong_state(self, world):
        # test_state_name_invalid_state_definition, 04-12-2025
        machine = {"StartAt": "A", "States": {"A": {"Type": "Other", "End": True}}}
        assert refused(world, machine, stateName="A") == (
            "InvalidDefinition",
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these "
            "values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type'",
        )


class TestContext:
    """test_state_context_object.py, 03-12-2025."""

    @pytest.mark.parametrize(
        ("context", "said"),
        [
            # test_state_context_object_validation_failures
            ({"Execution": {"Id": 1}}, "Execution.Id must be a string"),
            ({"Map": {}}, "'Map' field is not supported when mocking a Context object"),
            ({"Execution": {"pokemon": "squirtle"}}, "Field 'pokemon' is not allowed"),
            ({"Pokedex": {}}, "Field 'Pokedex' is not allowed"),
            # test_state_context_object_invalid_states
            (
                {"Task": {"Token": "abcd123"}},
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
                "service integration pattern",
            ),
        ],
    )
    def test_wrong(self, world, context, said):
        mock = {"result": json.dumps({"ExecutionArn": "arn", "StartDate": "date"})}
        assert refused(world, START, mock=mock, context=json.dumps(context)) == (
            "ValidationException",
            f"Invalid Context object provided: {said}",
        )

    def test_a_mock_that_the_state_does_not_take_comes_first(self, world):
        # test_state_context_object_invalid_states
        state = {"Type": "Pass", "End": True}
        context = json.dumps({"Task": {"Token": "abcd123"}})
        assert "is not supported when a mock" in refused(world, state, mock=RESULT, context=context)[1]


class TestInspection:
    """ "inspectionLevel" and "revealSecrets" of TestState (API reference)."""

    CONNECTION = f"arn:aws:events:{REGION}:{ACCOUNT}:connection/c/1"
    URL = "https://example.com/p"

    def inspected(self, world, **request) -> dict:
        world.services.connections[self.CONNECTION] = Connection({"Authorization": "secret"}, {"key": "k"}, {"b": "s"})
        world.services.answer_http = lambda *_: HttpAnswer(200, "OK", {}, b"{}")
        parameters = {"ApiEndpoint": self.URL, "Method": "POST", "Authentication": {"ConnectionArn": self.CONNECTION}}
        state = task("http:invoke", **parameters, RequestBody={"a": 1})
        answer = world.call("TestState", definition=json.dumps(state), roleArn=ROLE, **request)
        assert answer["status"] == "SUCCEEDED"
        return answer.get("inspectionData", {})

    def test_levels(self, world):
        assert self.inspected(world) == self.inspected(world, inspectionLevel="INFO") == {}
        assert not {"request", "response"} & set(self.inspected(world, inspectionLevel="DEBUG"))
        assert {"request", "response", "result"} <= set(self.inspected(world, inspectionLevel="TRACE"))

    def test_secrets(self, world):
        hidden = self.inspected(world, inspectionLevel="TRACE")["request"]
        assert (hidden["url"], hidden["body"], "Authorization" in hidden["headers"]) == (self.URL, '{"a":1}', False)
        shown = self.inspected(world, inspectionLevel="TRACE", revealSecrets=True)["request"]
        assert (shown["url"], shown["body"]) == (f"{self.URL}?key=k", '{"a":1,"b":"s"}')
        assert "Authorization: secret" in shown["headers"]


def test_a_task_without_a_role(world):
    # test_test_state_scenarios.py test_base_lambda_service_task_state_no_role_arn_validation, 03-12-2025
    assert refused(world, INVOKE) == ("ValidationException", "RoleArn must be specified when testing a Task state")


def test_a_function_that_is_nowhere(world):
    # test_state_configuration.py test_map_state_failure_count, 13-11-2025
    resource = "arn:aws:lambda:your-region:your-account-id:function:yourHelloWorldFunction"
    processor = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": True}}}
    definition = json.dumps({**MAP, "ItemProcessor": processor})
    mock = {"result": "[1, 1, 1]"}
    answer = world.call("TestState", definition=definition, input="[1, 2, 3]", mock=mock)
    assert (answer["status"], json.loads(answer["output"])) == ("SUCCEEDED", [1, 1, 1])


def test_a_wrong_input(world):
    assert refused(world, {"Type": "Pass", "End": True}, input="{")[0] == "InvalidExecutionInput"
