"""SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat: a person, or another system, answers a waiting task."""

import json
import time

import pytest

from tests.e2e.roles import permissions_of, refusal_of_a_task, role_of, without


@pytest.fixture(scope="module")
def queue(contract):
    """The URL of a queue for tokens."""
    sqs = contract.account.client("sqs")
    url = sqs.create_queue(QueueName=contract.outputs["approvals_queue_name"])["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def waiting(contract, queue):
    """The ARN of an execution whose task waits, and the task's token."""
    started = contract.http.post(contract.url("/approval"), json={"queue": queue}).expect(200).json()
    sqs, deadline = contract.account.client("sqs"), time.monotonic() + 30
    while time.monotonic() < deadline:
        received = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
        for message in received.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            asked = json.loads(message["Body"])
            if asked["execution"] == started["executionArn"]:  # Others may have started one and left it waiting.
                yield started["executionArn"], asked["token"]
                return
    pytest.fail("no token came")


@pytest.mark.contract("action.SendTaskSuccess")
@pytest.mark.parametrize("output", [{"by": 'it\'s "me" é'}, "yes", "", [1], None, False, 10**19])
def test_success_gives_the_task_its_output(contract, waiting, output):
    arn, token = waiting
    answer = contract.http.post(contract.url("/task/success"), json={"taskToken": token, "output": output}).expect(200)
    assert answer.json() == {}
    contract.executions.wait(arn, "SUCCEEDED")
    assert contract.executions.output(arn) == output


@pytest.mark.contract("action.SendTaskFailure")
def test_failure_fails_the_task(contract, waiting):
    arn, token = waiting
    body = {"taskToken": token, "error": "Refused", "cause": 'It\'s "too\\much"\né'}
    assert contract.http.post(contract.url("/task/failure"), json=body).expect(200).json() == {}
    ended = contract.executions.wait(arn, "FAILED")
    assert (ended["error"], ended["cause"]) == (body["error"], body["cause"])


@pytest.mark.contract("action.SendTaskHeartbeat")
def test_a_heartbeat_keeps_it_waiting(contract, waiting):
    arn, token = waiting
    assert contract.http.post(contract.url("/task/heartbeat"), json={"taskToken": token}).expect(200).json() == {}
    assert contract.executions.describe(arn)["status"] == "RUNNING"
    contract.http.post(contract.url("/task/success"), json={"taskToken": token, "output": {}}).expect(200)


@pytest.mark.contract("error.409.TaskTimedOut")
def test_a_task_that_has_ended_is_409(contract, waiting, expect_error):
    _, token = waiting
    body = {"taskToken": token, "output": {}}
    contract.http.post(contract.url("/task/success"), json=body).expect(200)
    expect_error(contract.http.post(contract.url("/task/success"), json=body), 409, "TaskTimedOut")


@pytest.mark.contract("error.400.InvalidToken")
@pytest.mark.parametrize("task", ["success", "failure", "heartbeat"])
def test_a_token_that_is_none_is_400(contract, expect_error, task):
    answer = contract.http.post(contract.url(f"/task/{task}"), json={"taskToken": "none", "output": {}})
    expect_error(answer, 400, "InvalidToken")


@pytest.mark.contract("error.400.ValidationException")
@pytest.mark.parametrize("body", [{}, {"taskToken": "t"}, {"output": 1}, []])
def test_what_is_missing_is_400(contract, expect_error, body):
    expect_error(contract.http.post(contract.url("/task/success"), json=body), 400, "ValidationException")


def test_the_state_machine_may_send_the_token_to_its_queue_and_nothing_else(contract, queue):
    def start() -> str:
        return contract.http.post(contract.url("/approval"), json={"queue": queue}).expect(200).json()["executionArn"]

    role = role_of(contract, contract.outputs["state_machine_arns"]["approval"])
    [[action, [arn]]] = permissions_of(contract, role).items()
    assert action == "sqs:SendMessage"
    assert arn.endswith(f":{contract.outputs['approvals_queue_name']}")
    with without(contract, role, action):
        refusal = refusal_of_a_task(contract, start)
    assert f"not authorized to perform: {action} on resource: {arn} " in refusal["cause"]
