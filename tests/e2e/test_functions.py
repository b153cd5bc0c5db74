"""Routes behind which a function waits for the execution (`wait`), or stores the body (`offload`)."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.e2e.names import default_name
from tests.e2e.roles import eventually, permissions_of, without

LIMIT = 262_144
ORIGIN = {"Origin": "https://two.example.com"}


@pytest.fixture(scope="session")
def functions(deploy, configurations, engine):
    return deploy(configurations / "functions", engine=engine)


# The first start has its effect, and is answered with an error; every other one is told that the name is taken.
NOT_ANSWERED = {"status": 500, "performed": True, "calls": 1,
                "then": {"status": 400, "error_type": "ExecutionAlreadyExists"}}  # fmt: skip
ABSENT = {"status": 400, "error_type": "ExecutionDoesNotExist"}


class TestWait:
    @pytest.mark.contract("wait.output")
    def test_the_answer_is_the_output_byte_for_byte(self, functions):
        body = '{"b":1.50,"a":"it\'s \\"quoted\\" \\u00e9","big":12345678901234567890}'
        answer = functions.http.post(functions.url("/wait"), body=body).expect(200)
        arn = f"{functions.outputs['state_machine_arn']}:{default_name(answer)}"
        arn = arn.replace(":stateMachine:", ":execution:")
        assert functions.executions.input_text(arn) == body
        assert answer.text == functions.executions.describe(arn)["output"]

    @pytest.mark.contract("error.500.FAILED", "error.shape.valid_json", "wait.failed")
    def test_a_failure_is_500_with_error_and_cause(self, functions, expect_error):
        fail = {"error": "Kitchen.Closed", "cause": 'It\'s "closed"\nuntil {"hour": 9}'}
        answer = functions.http.post(functions.url("/wait"), json={"fail": fail})
        assert expect_error(answer, 500, "Kitchen.Closed") == fail["cause"]

    @pytest.mark.contract("error.500.ABORTED", "error.shape.valid_json")
    def test_one_that_is_stopped_is_500_with_error_and_cause(self, functions, expect_error):
        name, url = f"stopped-{time.time_ns()}", functions.url("/wait/named")
        arn = functions.outputs["state_machine_arn"].replace(":stateMachine:", ":execution:") + f":{name}"
        states = functions.account.client("stepfunctions")
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(functions.http.post, url, json={"id": name, "seconds": 300})
            while not answer.done():
                with suppress(states.exceptions.ExecutionDoesNotExist):
                    states.stop_execution(executionArn=arn, error="Cook.Tired", cause='It\'s "enough"')
                time.sleep(0.1)
        assert expect_error(answer.result(), 500, "Cook.Tired") == 'It\'s "enough"'

    @pytest.mark.contract("wait.output", "input.request")
    def test_the_envelope_too(self, functions):
        answer = functions.http.post(functions.url("/tenants/o'hara%22/wait"), json={"n": 1}).expect(200)
        assert answer.json()["body"] == {"n": 1}
        assert answer.json()["path"] == {"tenant": "o'hara\""}

    @pytest.mark.contract("wait.202")
    @pytest.mark.parametrize("path", ["/wait/briefly", "/tenants/7/wait/briefly"])
    def test_one_that_takes_longer_is_202_and_where_to_ask(self, functions, path):
        """Whatever the route's own path is."""
        answer = functions.http.post(functions.url(path), json={"seconds": 300}).expect(202)
        assert 1.9 < answer.seconds < 6
        assert set(answer.json()) == {"executionArn", "startDate"}
        name = answer.json()["executionArn"].rpartition(":")[2]
        assert answer.headers["location"] == f"/alpha/execution/{name}"
        running = functions.http.get(functions.url(f"/execution/{name}")).expect(200).json()
        assert running["status"] == "RUNNING"
        functions.account.client("stepfunctions").stop_execution(executionArn=answer.json()["executionArn"])

    @pytest.mark.contract("name.json_path", "wait.start")
    @pytest.mark.parametrize("form", [False, True])
    def test_the_name_comes_from_the_body(self, functions, form):
        name = f"order-{time.time_ns()}"
        body, content_type = (f"id={name}", "x-www-form-urlencoded") if form else (json.dumps({"id": name}), "json")
        headers = {"Content-Type": f"application/{content_type}"}
        answer = functions.http.post(functions.url("/wait/named"), body=body, headers=headers).expect(200)
        assert answer.json() == {"id": name}
        arn = functions.outputs["state_machine_arn"].replace(":stateMachine:", ":execution:") + f":{name}"
        functions.executions.wait(arn, "SUCCEEDED")

    @pytest.mark.contract("error.409.ExecutionAlreadyExists", "wait.start")
    def test_a_name_that_is_taken(self, functions, expect_error):
        body = {"id": f"once-{time.time_ns()}"}
        functions.http.post(functions.url("/wait/named"), json=body).expect(200)
        expect_error(functions.http.post(functions.url("/wait/named"), json=body), 409, "ExecutionAlreadyExists")

    @pytest.mark.contract("error.400.InvalidName", "wait.start")
    @pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ""}])
    def test_a_body_without_the_name(self, functions, expect_error, body):
        message = expect_error(functions.http.post(functions.url("/wait/named"), json=body), 400, "InvalidName")
        assert "$.id" in message

    @pytest.mark.contract("error.400.form", "wait.start")
    def test_a_form_that_is_none(self, functions, expect_error):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = functions.http.post(functions.url("/wait/named"), body="id=100%", headers=headers)
        assert "percent sign" in expect_error(answer, 400, "BAD_REQUEST_BODY")

    @pytest.mark.contract("start.refused", "wait.not_answered")
    def test_a_start_that_was_carried_out_and_not_answered(self, functions, faults):
        """The first attempt starts it, and is answered with an error; the repetition finds the name taken."""
        with (
            faults(functions, "StartExecution", **NOT_ANSWERED),
            faults(functions, "DescribeExecution", **ABSENT, calls=5),
        ):
            answer = functions.http.post(functions.url("/wait"), json={"a": 1}).expect(200)
        assert answer.json() == {"a": 1}

    @pytest.mark.contract("error.413.input", "wait.start")
    @pytest.mark.parametrize("size", [LIMIT + 1, 1_200_000, 2_000_000, 9_000_000])
    def test_an_input_over_the_limit(self, functions, expect_error, size):
        """Over the limit of an input, of a request to Step Functions, of what the template lets through, of Lambda."""
        body = json.dumps("x" * (size - 2))
        message = expect_error(functions.http.post(functions.url("/wait"), body=body), 413, "ValidationException")
        assert "262,144" in message

    @pytest.mark.contract("error.413.input")
    def test_an_input_at_the_limit_however_it_is_escaped(self, functions):
        body = '"' + "é" * ((LIMIT - 2) // 2) + '"'
        assert len(body.encode()) == LIMIT
        answer = functions.http.post(functions.url("/wait"), body=body.encode()).expect(200)
        assert answer.json() == json.loads(body)

    @pytest.mark.contract("error.503", "error.shape.gateway")
    def test_a_function_that_is_throttled(self, functions, expect_error):
        client = functions.account.client("lambda")
        waiters = [
            function["FunctionName"]
            for page in client.get_paginator("list_functions").paginate()
            for function in page["Functions"]
            if function["FunctionName"].endswith("-waiter")
        ]
        assert waiters
        for waiter in waiters:
            client.put_function_concurrency(FunctionName=waiter, ReservedConcurrentExecutions=0)
        try:
            answer = functions.http.post(functions.url("/wait"), json={})
        finally:
            for waiter in waiters:
                client.delete_function_concurrency(FunctionName=waiter)
        assert "Try again" in expect_error(answer, 503, "INTEGRATION_FAILURE")

    def test_a_page_may_read_it(self, functions):
        for body, status in (({}, 200), ({"fail": {"error": "a", "cause": "b"}}, 500)):
            answer = functions.http.post(functions.url("/wait"), json=body, headers=ORIGIN).expect(status)
            assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]
            assert "Location" in answer.headers["access-control-expose-headers"]


class TestOffload:
    def post(self, functions, body: str | None = None, stage: str = "alpha", key: str | None = None, **kwargs):
        headers = {"Idempotency-Key": key or f"key-{time.time_ns()}"}
        return functions.http.post(functions.url("/offload", stage), body=body, headers=headers, **kwargs)

    @pytest.mark.contract("offload.stored")
    def test_a_large_body_is_stored(self, functions):
        body = json.dumps({"text": 'it\'s "é"\n' * 30_000})
        arn = self.post(functions, body).expect(200).json()["executionArn"]
        payload = functions.executions.input(arn)["payload"]
        assert payload["bucket"] == functions.outputs["payloads"]["POST /offload"]["bucket_name"]
        stored = functions.account.client("s3").get_object(Bucket=payload["bucket"], Key=payload["key"])
        assert stored["Body"].read().decode() == body

    @pytest.mark.contract("offload.inline")
    def test_a_small_one_is_not(self, functions):
        arn = self.post(functions, '{"a": 1}').expect(200).json()["executionArn"]
        assert functions.executions.input(arn)["payload"]["inline"] == {"a": 1}

    @pytest.mark.contract("name.idempotency_key.ended", "error.409.ExecutionAlreadyExists", "offload.start")
    def test_a_repeated_key(self, functions, expect_error):
        key, body = f"again-{time.time_ns()}", json.dumps("x" * 2000)
        first = self.post(functions, body, key=key).expect(200).json()
        functions.executions.wait(first["executionArn"], "SUCCEEDED")
        expect_error(self.post(functions, body, key=key), 409, "ExecutionAlreadyExists")

    @pytest.mark.contract("start.refused", "offload.kept")
    def test_a_start_that_was_carried_out_and_not_answered(self, functions, faults):
        key, body = f"lost-{time.time_ns()}", json.dumps("x" * 2000)
        with faults(functions, "StartExecution", **NOT_ANSWERED), faults(functions, "DescribeExecution", **ABSENT):
            assert self.post(functions, body, key=key).status == 502
        machine = functions.outputs["state_machine_arns"]["default"]
        payload = functions.executions.input(f"{machine.replace(':stateMachine:', ':execution:')}:{key}")["payload"]
        stored = functions.account.client("s3").get_object(Bucket=payload["bucket"], Key=payload["key"])
        assert stored["Body"].read().decode() == body

    @pytest.mark.contract("name.idempotency_key.refused", "offload.start")
    @pytest.mark.parametrize("key", ["a b", "k" * 81])
    def test_a_key_that_is_none(self, functions, expect_error, key):
        message = expect_error(self.post(functions, "{}", key=key), 400, "InvalidName")
        assert message == "Send the header Idempotency-Key with 1 to 80 of A-Z a-z 0-9 - _."

    def test_a_page_may_read_it(self, functions):
        headers = {**ORIGIN, "Idempotency-Key": f"page-{time.time_ns()}"}
        answer = functions.http.post(functions.url("/offload"), json={}, headers=headers).expect(200)
        assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]


@pytest.mark.contract("function.target")
class TestStages:
    @pytest.mark.contract("target.stage")
    @pytest.mark.parametrize(("stage", "machine"), [("staged-alpha", "default"), ("staged-beta", "beta")])
    def test_each_calls_its_own_state_machine(self, functions, stage, machine):
        name = f"order-{time.time_ns()}"
        started = functions.http.post(functions.url("/offload", stage), json={"id": name}).expect(200).json()
        executions = functions.outputs["state_machine_arns"][machine].replace(":stateMachine:", ":execution:")
        assert started["executionArn"] == f"{executions}:{name}"
        answer = functions.http.post(functions.url("/wait", stage), json={"a": 1}).expect(200)
        functions.executions.wait(f"{executions}:{default_name(answer)}", "SUCCEEDED")


@pytest.mark.contract("function.role")
def test_the_role_may_call_the_functions_and_nothing_else(functions):
    permissions = permissions_of(functions, functions.outputs["invoke_role_name"])
    assert permissions.keys() == {"lambda:InvokeFunction", "states:DescribeExecution"}
    assert len(permissions["lambda:InvokeFunction"]) == 2


@pytest.mark.contract("function.role")
@pytest.mark.parametrize("path", ["/wait", "/offload"])
def test_without_that_permission_nothing_starts(functions, path):
    def call():
        headers = {"Idempotency-Key": str(time.time_ns())}
        return functions.http.post(functions.url(path), json={}, headers=headers)

    role = functions.outputs["invoke_role_name"]
    arns = permissions_of(functions, role)["lambda:InvokeFunction"]
    [function] = [arn for arn in arns if arn.endswith("-waiter") == (path == "/wait")]
    with without(functions, role, "lambda:InvokeFunction", function):
        eventually(call, 500)
    eventually(call, 200)


def test_a_second_plan_shows_no_change(functions):
    plan = functions.plan()
    assert plan.is_empty, plan.changes
