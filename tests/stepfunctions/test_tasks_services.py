"""Service integrations: events, results and errors as recorded on AWS.

Recorded on AWS: localstack/localstack tests v4.14.0, v2/services and v2/error_handling, at the dates given below.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError
from tests.stepfunctions.task_world import EXECUTION, REQUEST_ID, ROLE, World

STATES = "arn:aws:states:::"
NAMES = {"resourceType": "sqs", "resource": "sendMessage"}
PARAMETERS = {"QueueUrl": "http://q", "MessageBody": "test_message_body"}
ANSWER = {"MD5OfMessageBody": "0" * 32, "MessageId": REQUEST_ID}
MOMENT = datetime(2025, 11, 6, 12, 0, 0, 123000, UTC)


@pytest.fixture
def world():
    return World()


def headers(**more):
    return {"x-amzn-RequestId": REQUEST_ID, "Date": "Thu, 06 Nov 2025 12:35:23 GMT", **more}


class TestEvents:
    """v2/services/test_sqs_task_service, 06-11-2025."""

    def test_of_a_task_that_succeeds(self, world):
        world.services.answers["sqs", "SendMessage"] = ANSWER
        sent = headers(connection="keep-alive", **{"Content-Length": "106"})
        sent["Content-Type"] = "application/x-amz-json-1.0"
        output = world.run(f"{STATES}sqs:sendMessage", {**PARAMETERS, "MessageSystemAttribute": {"a": "b"}})
        assert output == {
            **ANSWER,
            "SdkHttpMetadata": {
                "AllHttpHeaders": {name: [value] for name, value in sent.items()},
                "HttpHeaders": sent,
                "HttpStatusCode": 200,
            },
            "SdkResponseMetadata": {"RequestId": REQUEST_ID},
        }
        assert world.events == [
            ("TaskScheduled", {**NAMES, "region": "us-east-1", "parameters": PARAMETERS}),
            ("TaskStarted", NAMES),
            ("TaskSucceeded", {**NAMES, "output": output}),
        ]
        assert world.services.calls == [("sqs", "SendMessage", PARAMETERS)]

    def test_of_a_task_that_fails(self, world):
        said = "The request must contain the parameter MessageBody."
        world.services.answers["sqs", "SendMessage"] = ServiceError("MissingParameter", said, 400, "id")
        error = world.run(f"{STATES}sqs:sendMessage", {**PARAMETERS, "MessageBody": None})
        cause = (
            f"{said} (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: id; Proxy: null)"
        )
        assert error == ("SQS.AmazonSQSException", cause)
        assert world.events[-1] == ("TaskFailed", {**NAMES, "error": error[0], "cause": cause})
        assert world.services.calls[0][2] == {"QueueUrl": "http://q"}

    def test_name_its_time_and_its_credentials(self, world):
        world.services.answers["sqs", "SendMessage"] = ANSWER
        world.run(f"{STATES}sqs:sendMessage", {}, timeout_seconds=5, heartbeat_seconds=3, credentials={"RoleArn": "r"})
        scheduled = world.events[0][1]
        assert (scheduled["timeoutInSeconds"], scheduled["heartbeatInSeconds"]) == (5, 3)
        assert scheduled["taskCredentials"] == {"roleArn": "r"}

    def test_a_role_that_cannot_be_assumed_fails_the_task(self, world):
        world.services.answers["sqs", "SendMessage"] = NotAssumableError()
        error, cause = world.run(f"{STATES}sqs:sendMessage", PARAMETERS)
        assert (error, world.kinds[-1]) == ("States.TaskFailed", "TaskFailed")
        assert cause == (
            f"The principal states.amazonaws.com is not authorized to assume the provided role. (role: {ROLE.arn})"
        )


# Resource => the service's code, message and status; the error's name, and how its cause goes on.
FAULTS = {
    f"{STATES}lambda:invoke": (  # 25-11-2025
        ("ResourceNotFoundException", "Function not found: f", 404),
        "Lambda.ResourceNotFoundException",
        "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: id; Proxy: null)",
    ),
    f"{STATES}dynamodb:putItem": (  # 12-05-2023
        ("ValidationException", "1 validation error detected: ...", 400),
        "DynamoDB.AmazonDynamoDBException",
        "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: id; Proxy: null)",
    ),
    f"{STATES}dynamodb:getItem": (  # 12-05-2023
        ("ResourceNotFoundException", "Requested resource not found", 400),
        "DynamoDB.ResourceNotFoundException",
        "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: id; "
        "Proxy: null)",
    ),
    f"{STATES}states:startExecution": (  # 30-06-2023
        ("StateMachineDoesNotExist", "State Machine Does Not Exist: 'arn'", 400),
        "StepFunctions.StateMachineDoesNotExistException",
        "(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: id; "
        "Proxy: null)",
    ),
    f"{STATES}sns:publish": (  # 06-11-2025
        ("InvalidParameter", "Invalid parameter: The MessageGroupId parameter is required for FIFO topics", 400),
        "SNS.InvalidParameterException",
        "(Service: AmazonSNS; Status Code: 400; Error Code: InvalidParameter; Request ID: id; Proxy: null)",
    ),
    f"{STATES}aws-sdk:sfn:sendTaskSuccess": (  # 06-11-2025
        ("InvalidToken", "Invalid Token: 'Invalid token'", 400),
        "Sfn.InvalidTokenException",
        "(Service: Sfn, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
    ),
    f"{STATES}aws-sdk:s3:getObject": (  # 22-01-2025; the count of attempts is in what was recorded later
        ("NoSuchKey", "The specified key does not exist.", 404),
        "S3.NoSuchKeyException",
        "(Service: S3, Status Code: 404, Request ID: id, Extended Request ID: id) (SDK Attempt Count: 1)",
    ),
    f"{STATES}aws-sdk:secretsmanager:createSecret": (  # 22-06-2023
        ("ValidationException", "Invalid name.", 400),
        "SecretsManager.SecretsManagerException",
        "(Service: SecretsManager, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
    ),
    f"{STATES}aws-sdk:dynamodb:putItem": (  # 27-07-2023
        ("ValidationException", "1 validation error detected", 400),
        "DynamoDb.DynamoDbException",
        "(Service: DynamoDb, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)",
    ),
}


class AnyAnswer(dict):
    """The same answer for every call."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def __missing__(self, key):
        return self.answer


@pytest.mark.parametrize("resource", FAULTS)
def test_a_services_refusal(world, resource):
    (code, message, status), error, rest = FAULTS[resource]
    world.services.answers = AnyAnswer(ServiceError(code, message, status, "id"))
    assert world.run(resource, {}) == (error, f"{message} {rest}")


class TestAnswers:
    def test_of_dynamodb(self, world):
        """v2/services/test_dynamodb_task_service, 06-11-2025."""
        item = {"data": {"S": "HelloWorld"}, "id": {"S": "id1"}}
        world.services.answers["dynamodb", "GetItem"] = {"Item": item}
        output = world.run(f"{STATES}dynamodb:getItem", {"TableName": "t", "Key": {"id": {"S": "id1"}}})
        sent = output["SdkHttpMetadata"]["HttpHeaders"]
        assert output["Item"] == item
        assert (sent["Server"], sent["Connection"], sent["Content-Length"]) == ("Server", "keep-alive", "53")
        assert {"x-amz-crc32", "x-amzn-requestid"} < set(sent)

    @pytest.mark.parametrize(("more", "length"), [({}, "294"), ({"SequenceNumber": "1" * 20}, "352")])
    def test_of_sns(self, world, more, length):
        """v2/services/test_sns_task_service, 06-11-2025."""
        world.services.answers["sns", "Publish"] = {"MessageId": REQUEST_ID, **more}
        output = world.run(f"{STATES}sns:publish", {"TopicArn": "t", "Message": {"Message": "HelloWorld!"}})
        sent = output["SdkHttpMetadata"]["HttpHeaders"]
        assert (sent["Content-Type"], sent["Content-Length"]) == ("text/xml", length)
        assert world.services.calls[0][2] == {"TopicArn": "t", "Message": '{"Message":"HelloWorld!"}'}

    def test_of_lambda(self, world):
        """v2/services/test_lambda_task_service, 06-11-2025."""
        world.services.answers["lambda", "Invoke"] = {
            "StatusCode": 200,
            "ExecutedVersion": "$LATEST",
            "Payload": b'{"a":1}',
            "LogResult": "bG9n",
        }
        output = world.run(f"{STATES}lambda:invoke", {"FunctionName": "f", "Payload": {"x": None}, "LogType": "Tail"})
        assert world.services.calls[0][2] == {"FunctionName": "f", "Payload": b'{"x":null}', "LogType": "Tail"}
        assert list(output) == [
            "ExecutedVersion",
            "LogResult",
            "Payload",
            "SdkHttpMetadata",
            "SdkResponseMetadata",
            "StatusCode",
        ]
        assert output["Payload"] == {"a": 1}
        sent = output["SdkHttpMetadata"]["AllHttpHeaders"]
        assert (sent["X-Amz-Log-Result"], sent["X-Amz-Executed-Version"]) == (["bG9n"], ["$LATEST"])
        assert (sent["Content-Length"], sent["x-amzn-Remapped-Content-Length"]) == (["7"], ["0"])

    @pytest.mark.parametrize(
        ("payload", "sent"), [("null", b"null"), ('"HelloWorld"', b'"HelloWorld"'), (0, b"0"), ([], b"[]")]
    )
    def test_a_payload_that_is_a_text_is_json(self, world, payload, sent):
        world.services.answers["lambda", "Invoke"] = {"StatusCode": 200, "Payload": sent}
        output = world.run(f"{STATES}lambda:invoke", {"FunctionName": "f", "Payload": payload})
        assert world.services.calls[0][2]["Payload"] == sent
        assert output["Payload"] == json.loads(sent)

    def test_of_events(self, world):
        """v2/services/test_events_task_service, 06-11-2025; the resources that are added are documented."""
        entry = {"Detail": {"Message": "m"}, "DetailType": "d", "Source": "s", "Resources": ["r"]}
        world.services.answers["events", "PutEvents"] = {"Entries": [{"EventId": "e"}], "FailedEntryCount": 0}
        output = world.run(f"{STATES}events:putEvents", {"Entries": [entry]})
        assert output == {"Entries": [{"EventId": "e"}], "FailedEntryCount": 0}
        assert world.events[0][1]["parameters"] == {"Entries": [entry]}
        assert world.services.calls[0][2] == {
            "Entries": [{**entry, "Detail": '{"Message":"m"}', "Resources": ["r", ROLE.source_arn, EXECUTION]}]
        }

    def test_an_event_that_fails(self, world):
        """v2/services/test_events_task_service, 06-11-2025."""
        failed = {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        world.services.answers["events", "PutEvents"] = {"Entries": [failed], "FailedEntryCount": 1}
        error, cause = world.run(f"{STATES}events:putEvents", {"Entries": [{}]})
        assert (error, json.loads(cause)) == ("EventBridge.FailedEntry", {"Entries": [failed], "FailedEntryCount": 1})


class TestSdk:
    """v2/services/test_aws_sdk_task_service, 06-11-2025."""

    def test_members_are_capitalized_and_dates_are_texts(self, world):
        world.services.answers["stepfunctions", "StartExecution"] = {"executionArn": "e", "startDate": MOMENT}
        parameters = {"StateMachineArn": "m", "Input": {"key": "value"}}
        output = world.run(f"{STATES}aws-sdk:sfn:startExecution", parameters)
        assert output == {"ExecutionArn": "e", "StartDate": "2025-11-06T12:00:00.123Z"}
        request = {"stateMachineArn": "m", "input": '{"key":"value"}'}
        assert world.services.calls == [("stepfunctions", "StartExecution", request)]
        assert world.events[0][1]["resourceType"] == "aws-sdk:sfn"

    @pytest.mark.parametrize(
        ("body", "sent"), [("text data", b'"text data"'), ({"Dict": "Value"}, b'{"Dict":"Value"}'), (False, b"false")]
    )
    def test_contents_are_json(self, world, body, sent):
        world.services.answers["s3", "PutObject"] = {"ETag": '"e"'}
        world.services.answers["s3", "GetObject"] = {"Body": sent, "ContentLength": len(sent), "Metadata": {}}
        world.run(f"{STATES}aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", "Body": body})
        assert world.services.calls[0][2]["Body"] == sent
        output = world.run(f"{STATES}aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"})
        assert output == {"Body": sent.decode(), "ContentLength": len(sent), "Metadata": {}}

    def test_what_the_operation_does_not_know_is_refused(self, world):
        """From memory of executions on AWS."""
        error, cause = world.run(f"{STATES}aws-sdk:sqs:sendMessage", {"QueueURL": "q"})
        assert error == "States.Runtime"
        assert cause == (
            "An error occurred while executing the state 'S' (entered at the event id #2). The Parameters "
            "'{\"QueueURL\":\"q\"}' could not be used to start the Task: [The field 'QueueURL' is not supported by "
            "Step Functions]"
        )
        assert world.events == []


def test_a_result_that_is_too_large(world):
    """v2/error_handling/test_states_errors, 21-03-2024."""
    payload = json.dumps("é" * 131_072).encode()
    world.services.answers["lambda", "Invoke"] = {"StatusCode": 200, "Payload": payload}
    error = world.run(f"{STATES}lambda:invoke", {"FunctionName": "f"})
    assert error == (
        "States.DataLimitExceeded",
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    )
    assert world.kinds == ["TaskScheduled", "TaskStarted", "TaskFailed"]


def test_a_mock_answers_in_the_services_place(world):
    assert world.run(f"{STATES}sqs:sendMessage", {}, mock=lambda: {"MessageId": "m"}) == {"MessageId": "m"}
    assert world.kinds == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    assert world.services.calls == []


def test_the_time_limit(world):
    """v2/timeouts/test_timeouts, 10-03-2024."""

    async def run():
        world.services.answers["lambda", "Invoke"] = lambda _: asyncio.Event().wait()
        attempt = asyncio.ensure_future(world.attempt(f"{STATES}lambda:invoke", {}, timeout_seconds=5))
        await world.clock.pass_by(0)
        await world.clock.pass_by(4.9)
        assert not attempt.done()
        await world.clock.pass_by(0.1)
        return await attempt

    assert asyncio.run(run()) == ("States.Timeout", None)
    names = {"resourceType": "lambda", "resource": "invoke"}
    assert world.events[-1] == ("TaskTimedOut", {**names, "error": "States.Timeout"})
