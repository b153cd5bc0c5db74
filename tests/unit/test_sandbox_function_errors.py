"""What a function that fails answers in the sandbox: its exception, as Lambda's runtimes give it."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil

import pytest
from sandbox_server import World, ended, running

PYTHON = """
class CustomException(Exception):
    pass


def fails():
    raise CustomException("Some exception was raised.")


def handler(event, context):
    fails()
"""
NODE = """
class CustomError extends Error {
  constructor(message) {
    super(message);
    this.name = "CustomError";
  }
}
exports.handler = async (event) => {
  if (event.text) throw "a text";
  throw new CustomError("Some error was thrown.");
};
"""
ALLOW = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


ACCOUNTS = itertools.count(310000000050)


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    return World(server, str(next(ACCOUNTS)))


def invoked(world, name, event=b"{}"):
    answer = world.server.client("lambda", world.account).invoke(FunctionName=name, Payload=event)
    assert answer["FunctionError"] == "Unhandled"
    return json.loads(answer["Payload"].read())


def test_python(world):
    """Recorded on AWS: localstack/localstack tests v4.14.0, v2/error_handling/test_task_lambda, 28-11-2024."""
    world.function("python", PYTHON)
    said = invoked(world, "python")
    assert re.fullmatch(UUID, said.pop("requestId"))
    assert said == {
        "errorMessage": "Some exception was raised.",
        "errorType": "CustomException",
        "stackTrace": [
            '  File "/var/task/main.py", line 11, in handler\n    fails()\n',
            '  File "/var/task/main.py", line 7, in fails\n    raise CustomException("Some exception was raised.")\n',
        ],
    }


def test_what_json_has_no_form_for(world):
    """Bytes: recorded on AWS, v2/services/test_lambda_task, 06-11-2025; the error's name is from memory."""
    world.function("plain", "def handler(event, context):\n    return b'\"text\"' if event else object()\n")
    client = world.server.client("lambda", world.account)
    assert json.loads(client.invoke(FunctionName="plain", Payload=b"1")["Payload"].read()) == "text"
    said = invoked(world, "plain", b"0")
    assert (said["errorType"], said["errorMessage"]) == (
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type object is not JSON serializable",
    )


def test_the_tail_of_a_log_has_lambdas_own_lines(world):
    world.function("quiet", "def handler(event, context):\n    return event\n")
    client = world.server.client("lambda", world.account)
    answer = client.invoke(FunctionName="quiet", Payload=b"1", LogType="Tail")
    assert base64.b64decode(answer["LogResult"]).startswith(b"START RequestId: ")


def test_a_function_that_is_not_there_is_named_with_its_version(world):
    """Recorded on AWS: v2/error_handling/test_task_service_lambda, 25-11-2025."""
    client = world.server.client("lambda", world.account)
    with pytest.raises(client.exceptions.ResourceNotFoundException, match=r":function:none:\$LATEST$"):
        client.invoke(FunctionName="none")


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_node(world):
    """Source: "AWS Lambda function errors in Node.js", Lambda developer guide (from memory)."""
    world.function("node", NODE, "nodejs22.x", "main.js")
    said = invoked(world, "node")
    assert (said["errorType"], said["errorMessage"]) == ("CustomError", "Some error was thrown.")
    assert said["trace"][0] == "CustomError: Some error was thrown."
    assert re.search(r"/var/task/main\.js:\d+:\d+", said["trace"][1])
    assert invoked(world, "node", b'{"text":1}') == {"errorType": "string", "errorMessage": "a text", "trace": []}


def test_an_execution_catches_it_by_its_name(world):
    arn = world.function("caught", PYTHON)
    world.permit("states", json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]}))
    catch = [{"ErrorEquals": ["CustomException"], "Next": "P"}]
    task = {"Type": "Task", "Resource": arn, "Catch": catch, "End": True}
    definition = {"StartAt": "T", "States": {"T": task, "P": {"Type": "Pass", "End": True}}}
    machine = world.machine("catches", definition)
    output = json.loads(ended(world.sfn, world.sfn.start_execution(stateMachineArn=machine)["executionArn"])["output"])
    assert output["Error"] == "CustomException"
    assert json.loads(output["Cause"])["errorType"] == "CustomException"
