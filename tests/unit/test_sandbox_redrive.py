"""RedriveExecution in the sandbox.

Source: RedriveExecution in botocore's stepfunctions model; "Restarting state machine executions with redrive", Step
Functions guide, 2025.
"""

from __future__ import annotations

import itertools
import json

import pytest
from botocore.exceptions import ClientError
from sandbox_server import FAIL, PASS, WAIT, World, allow, ended, running, trust, wait_until

ACCOUNTS = itertools.count(220000000001)
# Fails while the queue does not exist.
SEND = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {"Type": "Pass", "Result": {"prepared": True}, "ResultPath": "$.first", "Next": "Send"},
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
            "Parameters": {"QueueName": "q"},
            "ResultPath": "$.sent",
            "Next": "Last",
        },
        "Last": {"Type": "Pass", "End": True},
    },
}


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    return World(server, str(next(ACCOUNTS)))


@pytest.fixture
def sfn(world):
    return world.sfn


def started(world, definition, name: str = "m", **machine) -> str:
    arn = world.machine(name, definition, **machine)
    return world.sfn.start_execution(stateMachineArn=arn, input='{"a": 1}')["executionArn"]


def events(sfn, execution) -> list[dict]:
    return sfn.get_execution_history(executionArn=execution)["events"]


def entered(sfn, execution) -> list[str]:
    return [
        event["stateEnteredEventDetails"]["name"]
        for event in events(sfn, execution)
        if "stateEnteredEventDetails" in event
    ]


def refused(call, **request) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


@pytest.fixture
def failed(world, sfn):
    """An execution that failed in its second state, which would succeed now."""
    world.permit("states", allow("sqs:*"))
    execution = started(world, SEND)
    assert ended(sfn, execution)["status"] == "FAILED"
    world.server.client("sqs", world.account).create_queue(QueueName="q")
    return execution


def test_it_goes_on_from_the_state_that_failed(sfn, failed):
    before = events(sfn, failed)
    date = sfn.redrive_execution(executionArn=failed)["redriveDate"]
    description = ended(sfn, failed)
    assert description["status"] == "SUCCEEDED"
    assert (description["redriveCount"], description["redriveDate"]) == (1, date)
    assert not {"cause", "error"} & description.keys()
    output = json.loads(description["output"])
    assert (output["a"], output["first"]) == (1, {"prepared": True})
    assert output["sent"]["QueueUrl"].endswith("/q")
    after = events(sfn, failed)
    assert after[: len(before)] == before
    assert after[len(before)]["type"] == "ExecutionRedriven"
    assert after[len(before)]["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert entered(sfn, failed) == ["Prepare", "Send", "Last"]
    assert [event["id"] for event in after] == list(range(1, len(after) + 1))


def test_it_may_fail_again_and_again(world, sfn):
    execution = started(world, FAIL)
    ended(sfn, execution)
    for count in (1, 2):
        sfn.redrive_execution(executionArn=execution)
        description = wait_until(
            lambda count=count: (
                (found := sfn.describe_execution(executionArn=execution))["redriveCount"] == count
                and found["status"] == "FAILED"
                and found
            )
        )
        assert (description["error"], description["redriveStatus"]) == ("Broken", "REDRIVABLE")
    assert entered(sfn, execution) == ["F"] * 3


def test_the_definition_is_the_one_it_was_started_with(world, sfn, failed):
    machine = sfn.describe_execution(executionArn=failed)["stateMachineArn"]
    sfn.update_state_machine(stateMachineArn=machine, definition=json.dumps(FAIL))
    sfn.redrive_execution(executionArn=failed)
    assert ended(sfn, failed)["status"] == "SUCCEEDED"


def test_what_was_stopped_waits_again(world, sfn):
    execution = started(world, WAIT)
    wait_until(lambda: entered(sfn, execution))
    sfn.stop_execution(executionArn=execution)
    sfn.redrive_execution(executionArn=execution)
    description = sfn.describe_execution(executionArn=execution)
    assert (description["status"], description["redriveStatus"]) == ("RUNNING", "NOT_REDRIVABLE")
    assert "stopDate" not in description
    sfn.stop_execution(executionArn=execution)
    assert sfn.describe_execution(executionArn=execution)["status"] == "ABORTED"


def test_the_time_limit_begins_anew(world, sfn):
    execution = started(world, {**WAIT, "TimeoutSeconds": 1})
    assert ended(sfn, execution)["status"] == "TIMED_OUT"
    sfn.redrive_execution(executionArn=execution)
    assert sfn.describe_execution(executionArn=execution)["status"] == "RUNNING"
    assert ended(sfn, execution)["status"] == "TIMED_OUT"
    assert [event["type"] for event in events(sfn, execution)].count("ExecutionTimedOut") == 2


def test_variables_are_kept(world, sfn):
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Assign": {"kept": "{% $states.input.a %}"}, "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Get"},
            "Get": {"Type": "Pass", "Output": "{% $kept + 1 %}", "End": True},
        },
    }
    execution = started(world, definition)
    wait_until(lambda: "Wait" in entered(sfn, execution))
    sfn.stop_execution(executionArn=execution)
    sfn.redrive_execution(executionArn=execution)
    assert ended(sfn, execution)["output"] == "2"


LOOK_UP = {
    "StartAt": "LookUp",
    "States": {
        "LookUp": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
            "Parameters": {"QueueName": "q"},
            "End": True,
        }
    },
}


@pytest.mark.parametrize(
    "outer",
    [{"Type": "Parallel", "Branches": [LOOK_UP]}, {"Type": "Map", "ItemProcessor": LOOK_UP}],
    ids=lambda outer: outer["Type"],
)
def test_a_branch_that_failed_is_run_again_with_its_state(world, sfn, outer):
    first = {"Type": "Pass", "Result": [{}], "Next": "Outer"}
    definition = {"StartAt": "First", "States": {"First": first, "Outer": {**outer, "End": True}}}
    world.permit("states", allow("sqs:*"))
    execution = started(world, definition)
    assert ended(sfn, execution)["status"] == "FAILED"
    world.server.client("sqs", world.account).create_queue(QueueName="q")
    sfn.redrive_execution(executionArn=execution)
    description = ended(sfn, execution)
    assert (description["status"], len(json.loads(description["output"]))) == ("SUCCEEDED", 1)
    assert entered(sfn, execution) == ["First", "Outer", "LookUp"]


def test_the_same_request_again_changes_nothing(world, sfn):
    execution = started(world, FAIL)
    ended(sfn, execution)
    request = {"executionArn": execution, "clientToken": "token"}
    first = sfn.redrive_execution(**request)["redriveDate"]
    ended(sfn, execution)
    assert sfn.redrive_execution(**request)["redriveDate"] == first
    assert sfn.describe_execution(executionArn=execution)["redriveCount"] == 1


def test_what_cannot_be_redriven(world, sfn):
    done = started(world, PASS)
    assert ended(sfn, done)["status"] == "SUCCEEDED"
    waiting = started(world, WAIT, "waiting")
    for execution, status in ((done, "SUCCEEDED"), (waiting, "RUNNING")):
        code, message = refused(sfn.redrive_execution, executionArn=execution)
        assert code == "ExecutionNotRedrivable"
        assert f"Execution is {status} and cannot be redriven" in message
    none = done.rpartition(":")[0] + ":none"
    assert refused(sfn.redrive_execution, executionArn=none)[0] == "ExecutionDoesNotExist"
    assert refused(sfn.redrive_execution, executionArn="none")[0] == "InvalidArn"


def test_an_api_redrives_what_its_role_may(world, sfn):
    execution = started(world, FAIL)
    ended(sfn, execution)
    api = world.api()
    role = world.role("poor", trust("apigateway.amazonaws.com"))
    api.states("/redrive", "RedriveExecution", """{"executionArn": $input.json('$.arn')}""", credentials=role)
    api.deploy()
    request = json.dumps({"arn": execution})
    world.permit("poor", allow("states:RedriveExecution", f"{execution}-other"))
    refusal = api.call("/redrive", request).json()
    assert f"perform: states:RedriveExecution on resource: {execution}" in refusal["Message"]
    world.permit("poor", allow("states:RedriveExecution", execution))
    answer = api.call("/redrive", request)
    assert (answer.status, answer.json().keys()) == (200, {"redriveDate"})
    assert isinstance(answer.json()["redriveDate"], float)
    succeeded = started(world, PASS, "other")
    assert ended(sfn, succeeded)["status"] == "SUCCEEDED"
    world.permit("poor", allow("states:RedriveExecution", succeeded))
    answer = api.call("/redrive", json.dumps({"arn": succeeded}))
    assert answer.json()["__type"] == "com.amazonaws.swf.service.v2.model#ExecutionNotRedrivable"
