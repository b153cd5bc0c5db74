"""modules/execution_waiter: POST, and the end of a STANDARD execution is the answer."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.roles import LOGS, eventually, logged, permissions_of, without


@pytest.fixture(scope="module")
def waiter(deploy, configurations):
    deployment = deploy(configurations / "lambda_waiter")
    deployment.http.post(deployment.url("/orders"), json={"cold": "start"}).expect(200, 202)
    return deployment


@pytest.mark.parametrize("body", ['{"b":  1,\n "a":[1.50, 1e3]}', '{"it\'s": "\\u00e9 \\"é\\" 😀 / \\\\"}', "{ }"])
def test_the_answer_is_the_output(waiter, body):
    answer = waiter.http.post(waiter.url("/orders"), body=body).expect(200)
    assert json.loads(answer.body) == json.loads(body)
    assert answer.headers["content-type"] == "application/json"
    assert "location" not in answer.headers


def test_byte_for_byte(waiter):
    """The output as Step Functions has it, which need not be as the input was written."""
    name = f"bytes-{time.time_ns()}"
    body = json.dumps({"a": ["it's", 'é "x"', 1.5, None, 12345678901234567890], "b": {}})
    answer = waiter.http.post(waiter.url(f"/orders?name={name}"), body=body).expect(200)
    arn = waiter.outputs["state_machine_arns"]["standard"].replace(":stateMachine:", ":execution:") + f":{name}"
    assert answer.body.decode() == waiter.executions.describe(arn)["output"]


@pytest.mark.contract("error.500.FAILED", "error.shape.valid_json")
def test_failed_is_500_with_error_and_cause(waiter, expect_error):
    for error, cause in [("Kitchen.Closed", 'It\'s "closed"\nuntil \\ 9'), ("é", "😀")]:
        answer = waiter.http.post(waiter.url("/orders"), json={"fail": {"error": error, "cause": cause}})
        assert expect_error(answer, 500, error) == cause


def test_failed_without_error_and_cause(waiter, expect_error):
    answer = waiter.http.post(waiter.url("/orders"), json={"fail_quietly": True})
    assert "FAILED" in expect_error(answer, 500, answer.json()["type"])


@pytest.mark.contract("error.504.TIMED_OUT")
def test_timed_out_is_504(waiter, expect_error):
    answer = waiter.http.post(waiter.url("/short"), json={"wait": 60})
    expect_error(answer, 504, "States.Timeout")


def test_still_running_is_202_with_where_to_ask(waiter):
    began = time.monotonic()
    answer = waiter.http.post(waiter.url("/orders"), json={"wait": 300}).expect(202)
    assert 2.5 < time.monotonic() - began < 8
    body = answer.json()
    assert set(body) == {"executionArn", "startDate"}
    assert abs(body["startDate"] - time.time()) < 60
    assert answer.headers["location"] == f"/alpha/execution/{body['executionArn'].rpartition(':')[2]}"
    assert waiter.executions.describe(body["executionArn"])["status"] == "RUNNING"
    waiter.account.client("stepfunctions").stop_execution(executionArn=body["executionArn"])


def test_the_caller_may_wait_for_less(waiter):
    answer = waiter.http.post(waiter.url("/orders?wait=300"), json={"wait": 2}).expect(202)
    assert answer.seconds < 2.5
    waiter.executions.wait(answer.json()["executionArn"], "SUCCEEDED")


@pytest.mark.contract("error.500.ABORTED", "error.shape.valid_json")
def test_aborted_is_500(waiter, expect_error):
    name = f"stopped-{time.time_ns()}"
    arn = waiter.outputs["state_machine_arns"]["standard"].replace(":stateMachine:", ":execution:") + f":{name}"

    def stop():
        waiter.executions.wait(started_arn(waiter, arn), "RUNNING")
        client = waiter.account.client("stepfunctions")
        client.stop_execution(executionArn=arn, error="Cook.Tired", cause='He said "enough"')

    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(stop)
        answer = waiter.http.post(waiter.url(f"/orders?name={name}"), json={"wait": 300})
        stopped.result()
    assert expect_error(answer, 500, "Cook.Tired") == 'He said "enough"'


def started_arn(deployment, arn: str, seconds: float = 60) -> str:
    """An execution's ARN, once there is one."""
    client = deployment.account.client("stepfunctions")
    deadline = time.monotonic() + seconds
    while True:
        try:
            return client.describe_execution(executionArn=arn)["executionArn"]
        except client.exceptions.ExecutionDoesNotExist:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_repeated_request_waits_for_the_same_execution(waiter, expect_error):
    url = waiter.url(f"/orders?name=twice-{time.time_ns()}")
    first = waiter.http.post(f"{url}&wait=0", json={"wait": 2}).expect(202).json()
    again = waiter.http.post(url, json={"wait": 2}).expect(200)
    assert json.loads(again.body) == {"wait": 2}
    described = waiter.executions.describe(first["executionArn"])
    assert described["output"] == again.body.decode()
    expect_error(waiter.http.post(url, json={"wait": 2}), 409, "ExecutionAlreadyExists")
    expect_error(waiter.http.post(url, json={"wait": 1}), 409, "ExecutionAlreadyExists")


@pytest.mark.parametrize(
    ("path", "body", "status", "error_type"),
    [
        ("/orders", "{", 400, "InvalidExecutionInput"),
        ("/orders?name=a%2Bb%20c%3F", "{}", 400, "InvalidName"),
        ("/orders", json.dumps("x" * 262_143), 413, "ValidationException"),
        ("/foreign", "{}", 403, "AccessDeniedException"),
        ("/crash", "{}", 502, "INTEGRATION_FAILURE"),
    ],
)
def test_errors_are_those_of_the_direct_route(waiter, expect_error, path, body, status, error_type):
    expect_error(waiter.http.post(waiter.url(path), body=body), status, error_type)


def test_an_express_execution_is_not_waited_for(waiter):
    answer = waiter.http.post(waiter.url("/express"), json={}).expect(202)
    assert ":express:" in answer.json()["executionArn"]
    assert answer.seconds < 2.5


@pytest.mark.contract("invariant.6")
def test_the_log_says_how_it_went_and_not_what_was_said(waiter):
    secret = f"secret-{time.time_ns()}"
    answer = waiter.http.post(waiter.url("/orders"), json={"said": secret}).expect(200)
    request_id = answer.headers["x-amzn-requestid"]
    logs = waiter.account.client("logs")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        events = logs.filter_log_events(logGroupName=waiter.outputs["log_group_name"])["events"]
        messages = [event["message"] for event in events]
        if lines := [json.loads(each) for each in messages if request_id in each and each.startswith("{")]:
            break
        time.sleep(1)
    assert lines[0]["executionStatus"] == "SUCCEEDED"
    assert lines[0]["status"] == 200
    assert not any(secret in message for message in messages)


class TestTheRoleAllowsExactlyWhatTheFunctionNeeds:
    def test_permissions(self, waiter):
        machines = set(waiter.outputs["state_machine_arns"].values())
        permissions = permissions_of(waiter, waiter.outputs["role_name"])
        streams = [permissions.pop(action) for action in LOGS]
        assert permissions == {
            "states:StartExecution": machines,
            "states:DescribeExecution": {f"{arn.replace(':stateMachine:', ':execution:')}:*" for arn in machines},
        }
        for [arn] in streams:
            assert arn.endswith(f":log-group:{waiter.outputs['log_group_name']}:log-stream:*")

    @staticmethod
    def call(waiter):
        return waiter.http.post(waiter.url("/orders"), json={})

    def test_without_starting(self, waiter, expect_error):
        with without(waiter, waiter.outputs["role_name"], "states:StartExecution"):
            expect_error(eventually(lambda: self.call(waiter), 403), 403, "AccessDeniedException")
        eventually(lambda: self.call(waiter), 200)

    def test_without_describing(self, waiter):
        """The execution runs, which an error would deny."""
        with without(waiter, waiter.outputs["role_name"], "states:DescribeExecution"):
            started = eventually(lambda: self.call(waiter), 202).json()
        waiter.executions.wait(started["executionArn"], "SUCCEEDED")
        eventually(lambda: self.call(waiter), 200)

    @pytest.mark.local_only
    @pytest.mark.parametrize("action", LOGS)
    def test_without_logging(self, waiter, action):
        group = waiter.outputs["log_group_name"]
        with without(waiter, waiter.outputs["role_name"], action):
            assert not logged(waiter, group, lambda: self.call(waiter).expect(200))
        assert logged(waiter, group, lambda: self.call(waiter).expect(200))

    def test_the_api_may_invoke_it_and_nothing_else(self, waiter):
        role = waiter.outputs["invoke_role_name"]
        assert permissions_of(waiter, role) == {"lambda:InvokeFunction": {waiter.outputs["function_arn"]}}
        with without(waiter, role, "lambda:InvokeFunction"):
            eventually(lambda: self.call(waiter), 500)
        eventually(lambda: self.call(waiter), 200)


@pytest.mark.contract("error.502")
def test_a_failure_of_step_functions_is_502(waiter, faults, expect_error):
    def call():
        return waiter.http.post(waiter.url("/orders"), json={})

    with faults(waiter, "StartExecution", status=500, message="oops"):
        expect_error(call(), 502, "InternalServerError")


@pytest.mark.contract("start.refused", "wait.not_answered")
class TestAStartThatWasNotAnswered:
    """The function waits for the execution that it has started, although it was not told so."""

    @pytest.mark.parametrize(
        ("delay", "error_type", "second"),
        [
            (0, "ExecutionDoesNotExist", "ExecutionAlreadyExists"),
            (3.5, "ThrottlingException", "ExecutionAlreadyExists"),
            (3.5, "ExecutionDoesNotExist", "ThrottlingException"),
        ],
    )
    def test_is_waited_for(self, waiter, faults, delay, error_type, second):
        first = {"status": 500, "performed": True, "delay_seconds": delay, "calls": 1}
        with (
            faults(waiter, "StartExecution", **first, then={"status": 400, "error_type": second}),
            faults(waiter, "DescribeExecution", status=400, error_type=error_type, calls=7),
        ):
            answer = waiter.http.post(waiter.url(f"/orders?name=own-{time.time_ns()}"), json={"a": 1}).expect(200)
        assert answer.json() == {"a": 1}

    def test_is_no_refusal_if_it_is_not_found(self, waiter, faults):
        name = f"lost-{time.time_ns()}"
        with (
            faults(waiter, "StartExecution", status=500, performed=True, calls=1,
                   then={"status": 400, "error_type": "ExecutionAlreadyExists"}),
            faults(waiter, "DescribeExecution", status=400, error_type="ExecutionDoesNotExist"),
        ):  # fmt: skip
            answer = waiter.http.post(waiter.url(f"/orders?name={name}"), json={"a": 1})
        assert answer.status == 502
        arn = waiter.outputs["state_machine_arns"]["standard"].replace(":stateMachine:", ":execution:") + f":{name}"
        assert waiter.executions.wait(arn, "SUCCEEDED")["input"] == '{"a": 1}'


def test_a_second_plan_shows_no_change(waiter):
    plan = waiter.plan()
    assert plan.is_empty, plan.changes
