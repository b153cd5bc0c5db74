"""GET -> DescribeExecution and DELETE -> StopExecution, by the execution's name in the path."""

import json

import pytest


@pytest.fixture
def running(contract):
    """The ARN and the name of an execution that runs until it is stopped."""
    started = contract.http.post(contract.url("/slow"), json={"a": "it's"}).expect(200).json()
    arn = started["executionArn"]
    yield arn, arn.rpartition(":")[2]
    contract.account.client("stepfunctions").stop_execution(executionArn=arn)


def test_describe_a_running_execution(contract, running):
    arn, name = running
    described = contract.http.get(contract.url(f"/slow/{name}")).expect(200).json()
    assert described["executionArn"] == arn
    assert described["name"] == name
    assert described["stateMachineArn"] == contract.outputs["state_machine_arns"]["slow"]
    assert described["status"] == "RUNNING"
    assert json.loads(described["input"]) == {"a": "it's"}
    assert described["startDate"] > 1_600_000_000


def test_describe_an_execution_to_its_result(contract):
    started = contract.http.post(contract.url("/execution"), json={"a": 1}).expect(200).json()
    contract.executions.wait(started["executionArn"], "SUCCEEDED")
    name = started["executionArn"].rpartition(":")[2]
    for path in (f"/execution/{name}", f"/a/anything/c/{name}"):
        described = contract.http.get(contract.url(path)).expect(200).json()
        assert (described["status"], described["output"]) == ("SUCCEEDED", '{"a": 1}')
        assert described["stopDate"] >= described["startDate"]


def test_stop_without_a_body(contract, running):
    arn, name = running
    stopped = contract.http.delete(contract.url(f"/slow/{name}")).expect(200).json()
    assert set(stopped) == {"stopDate"}
    assert stopped["stopDate"] > 1_600_000_000
    described = contract.executions.wait(arn, "ABORTED")
    assert "error" not in described
    assert "cause" not in described


@pytest.mark.parametrize(
    "body",
    [
        {"error": "Order.Cancelled", "cause": 'It\'s "cancelled"\nby\\the guest é'},
        {"error": "Order.Cancelled"},
        {"cause": "no reason"},
        {"something": "else"},
    ],
)
def test_stop_with_an_error_and_a_cause(contract, running, body):
    arn, name = running
    contract.http.delete(contract.url(f"/slow/{name}"), json=body).expect(200)
    described = contract.executions.wait(arn, "ABORTED")
    assert described.get("error") == body.get("error")
    assert described.get("cause") == body.get("cause")
