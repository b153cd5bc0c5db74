"""GET -> DescribeExecution and DELETE -> StopExecution, by the execution's name in the path."""

import json
from urllib.parse import quote

import pytest


@pytest.fixture
def running(contract):
    """The ARN and the name of an execution that runs until it is stopped."""
    started = contract.http.post(contract.url("/slow"), json={"a": "it's"}).expect(200).json()
    arn = started["executionArn"]
    yield arn, arn.rpartition(":")[2]
    contract.account.client("stepfunctions").stop_execution(executionArn=arn)


@pytest.mark.contract("action.DescribeExecution")
def test_describe_a_running_execution(contract, running):
    arn, name = running
    described = contract.http.get(contract.url(f"/slow/{name}")).expect(200).json()
    assert described["executionArn"] == arn
    assert described["name"] == name
    assert described["stateMachineArn"] == contract.outputs["state_machine_arns"]["slow"]
    assert described["status"] == "RUNNING"
    assert json.loads(described["input"]) == {"a": "it's"}
    assert described["startDate"] > 1_600_000_000


@pytest.mark.contract("action.DescribeExecution", "route.parameters")
def test_describe_an_execution_to_its_result(contract):
    started = contract.http.post(contract.url("/execution"), json={"a": 1}).expect(200).json()
    contract.executions.wait(started["executionArn"], "SUCCEEDED")
    name = started["executionArn"].rpartition(":")[2]
    for path in (f"/execution/{name}", f"/a/anything/c/{name}"):
        described = contract.http.get(contract.url(path)).expect(200).json()
        # Step Functions writes what states hand on without spaces: recorded on AWS since 2024-07 (localstack/localstack
        # v4.14.0, tests/aws/services/stepfunctions/v2/base).
        assert (described["status"], described["output"]) == ("SUCCEEDED", '{"a":1}')
        assert described["stopDate"] >= described["startDate"]


@pytest.mark.contract("action.RedriveExecution")
def test_redrive_an_execution_that_failed(contract):
    started = contract.http.post(contract.url("/failing"), json={"a": 1}).expect(200).json()
    arn = started["executionArn"]
    contract.executions.wait(arn, "FAILED")
    redrive = contract.url(f"/failing/{arn.rpartition(':')[2]}/redrive")
    redriven = contract.http.post(redrive).expect(200).json()
    assert set(redriven) == {"redriveDate"}
    assert redriven["redriveDate"] >= started["startDate"]
    assert contract.executions.wait(arn, "FAILED")["redriveCount"] == 1


@pytest.mark.contract("action.RedriveExecution")
def test_redrive_an_execution_that_is_not_there(contract, expect_error):
    answer = contract.http.post(contract.url("/failing/none/redrive"))
    expect_error(answer, 404, "ExecutionDoesNotExist")


@pytest.mark.contract("action.StopExecution")
def test_stop_without_a_body(contract, running):
    arn, name = running
    stopped = contract.http.delete(contract.url(f"/slow/{name}")).expect(200).json()
    assert set(stopped) == {"stopDate"}
    assert stopped["stopDate"] > 1_600_000_000
    described = contract.executions.wait(arn, "ABORTED")
    assert "error" not in described
    assert "cause" not in described


@pytest.mark.contract("action.StopExecution.error")
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


@pytest.mark.contract("action.DescribeExecution.error")
def test_describe_an_execution_that_was_stopped(contract, running):
    _, name = running
    body = {"error": "Order.Cancelled", "cause": 'It\'s "cancelled"\nby\\the guest é'}
    contract.http.delete(contract.url(f"/slow/{name}"), json=body).expect(200)
    described = contract.http.get(contract.url(f"/slow/{name}")).expect(200).json()
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", body["error"], body["cause"])


class TestList:
    @pytest.mark.contract("action.ListExecutions")
    def test_it_lists_the_state_machines_executions(self, contract):
        started = contract.http.post(contract.url("/execution"), json={}).expect(200).json()["executionArn"]
        contract.executions.wait(started, "SUCCEEDED")
        listed = contract.http.get(contract.url("/executions")).expect(200).json()
        assert started in [each["executionArn"] for each in listed["executions"]]
        assert {each["stateMachineArn"] for each in listed["executions"]} == {contract.outputs["state_machine_arn"]}

    @pytest.mark.contract("action.ListExecutions.pages")
    def test_pages(self, contract):
        for _ in range(3):
            contract.http.post(contract.url("/execution"), json={}).expect(200)
        first = contract.http.get(contract.url("/executions?maxResults=2")).expect(200).json()
        assert len(first["executions"]) == 2
        token = quote(first["nextToken"], safe="")
        second = contract.http.get(contract.url(f"/executions?maxResults=2&nextToken={token}")).expect(200).json()
        arns = [each["executionArn"] for each in first["executions"] + second["executions"]]
        assert len(set(arns)) == len(arns) >= 3

    @pytest.mark.contract("action.ListExecutions.statusFilter")
    def test_by_status(self, contract):
        started = contract.http.post(contract.url("/execution"), json={}).expect(200).json()["executionArn"]
        contract.executions.wait(started, "SUCCEEDED")
        for status, is_there in (("SUCCEEDED", True), ("ABORTED", False)):
            listed = contract.http.get(contract.url(f"/executions?statusFilter={status}")).expect(200).json()
            assert (started in [each["executionArn"] for each in listed["executions"]]) == is_there
            assert {each["status"] for each in listed["executions"]} <= {status}

    @pytest.mark.contract("error.400.InvalidToken", "error.400.SerializationException", "error.400.ValidationException")
    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ("statusFilter=DONE", "ValidationException"),
            ("maxResults=1001", "ValidationException"),
            ("maxResults=x", "SerializationException"),
            ("maxResults=1,%22a%22:1", "SerializationException"),
            ("nextToken=none", "InvalidToken"),
        ],
    )
    def test_what_is_not_valid_is_400(self, contract, expect_error, query, error):
        expect_error(contract.http.get(contract.url(f"/executions?{query}")), 400, error)


class TestHistory:
    @pytest.mark.contract(
        "action.GetExecutionHistory", "action.GetExecutionHistory.pages", "action.GetExecutionHistory.reverseOrder"
    )
    def test_events_in_both_orders_and_pages(self, contract):
        started = contract.http.post(contract.url("/execution"), json={}).expect(200).json()["executionArn"]
        contract.executions.wait(started, "SUCCEEDED")
        url = contract.url(f"/execution/{started.rpartition(':')[2]}/history")
        events = contract.http.get(url).expect(200).json()["events"]
        assert events[0]["type"] == "ExecutionStarted"
        assert events[-1]["type"] == "ExecutionSucceeded"
        backwards = contract.http.get(f"{url}?reverseOrder=true").expect(200).json()["events"]
        assert [event["id"] for event in backwards] == [event["id"] for event in events][::-1]
        page = contract.http.get(f"{url}?maxResults=1&reverseOrder=false").expect(200).json()
        assert page["events"] == events[:1]
        token = quote(page["nextToken"], safe="")
        rest = contract.http.get(f"{url}?maxResults=1&reverseOrder=false&nextToken={token}").expect(200).json()
        assert rest["events"] == events[1:2]

    @pytest.mark.contract("error.400.SerializationException")
    @pytest.mark.parametrize(
        ("query", "error"),
        [("reverseOrder=maybe", "SerializationException"), ("maxResults=x", "SerializationException")],
    )
    def test_what_is_not_valid_is_400(self, contract, expect_error, query, error):
        expect_error(contract.http.get(contract.url(f"/execution/none/history?{query}")), 400, error)

    @pytest.mark.contract("error.404.ExecutionDoesNotExist")
    def test_there_is_no_such_execution(self, contract, expect_error):
        expect_error(contract.http.get(contract.url("/execution/none/history")), 404, "ExecutionDoesNotExist")
