"""modules/payload_offload: bodies over Step Functions' limit start executions all the same."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.roles import LOGS, eventually, logged, permissions_of, refusal_of_a_task, role_of, without

LAMBDA_LIMIT = 6_291_456
ROOM = 1024  # what the template keeps for the event's other members


@pytest.fixture(scope="module")
def offload(deploy, configurations):
    return deploy(configurations / "lambda_offload")


def keys(deployment) -> set[str]:
    """The keys in the bucket."""
    pages = deployment.account.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=deployment.outputs["bucket_name"])
    return {each["Key"] for page in found for each in page.get("Contents", [])}


def text_of(size: int) -> str:
    """A JSON document of so many bytes: plain ASCII, two quotes."""
    return '"' + "x" * (size - 2) + '"'


def post(deployment, stage: str, body: str, key: str | None = None, content_type: str = "application/json"):
    name = key or f"n-{time.time_ns()}"
    headers = {"Content-Type": content_type, "Idempotency-Key": name}
    return deployment.http.post(deployment.url("/orders", stage), body=body.encode(), headers=headers)


@pytest.mark.parametrize("size", [1001, 300_000, 5_000_000])
def test_a_large_body_is_stored_and_the_task_reads_it(offload, size):
    body = json.dumps({"text": "x" * (size - 12)})
    assert len(body) == size
    started = post(offload, "alpha", body).expect(200).json()
    assert set(started) == {"executionArn", "startDate"}
    payload = offload.executions.input(started["executionArn"])["payload"]
    digest = hashlib.sha256(body.encode()).hexdigest()
    assert payload["bucket"] == offload.outputs["bucket_name"]
    assert (payload["size"], payload["sha256"], payload["contentType"]) == (size, digest, "application/json")
    stored = offload.account.client("s3").get_object(Bucket=payload["bucket"], Key=payload["key"])
    assert stored["Body"].read() == body.encode()
    assert stored["ContentType"] == "application/json"
    output = offload.executions.output(started["executionArn"], timeout=60)
    assert (output["kind"], output["sha256"]) == ("dict", digest)


def test_every_character_arrives(offload):
    body = json.dumps({"note": 'it\'s "é" \\ 😀\n\u2028' * 200, "big": 12345678901234567890}, ensure_ascii=False)
    started = post(offload, "alpha", body).expect(200).json()
    payload = offload.executions.input(started["executionArn"])["payload"]
    stored = offload.account.client("s3").get_object(Bucket=payload["bucket"], Key=payload["key"])
    assert stored["Body"].read().decode() == body


def test_a_small_body_goes_in_as_it_is(offload):
    before = keys(offload)
    body = '{"dish":  "soup", "price": 1.50, "big": 12345678901234567890}'
    started = post(offload, "alpha", body).expect(200).json()
    text = offload.executions.input_text(started["executionArn"])
    assert body in text
    assert json.loads(text) == {"payload": {"inline": json.loads(body), "contentType": "application/json"}}
    assert offload.executions.output(started["executionArn"])["value"] == json.loads(body)
    assert keys(offload) == before


def test_an_empty_body_is_an_empty_object(offload):
    started = post(offload, "alpha", "").expect(200).json()
    assert offload.executions.input(started["executionArn"])["payload"]["inline"] == {}


@pytest.mark.parametrize("size", [100, 300_000])
def test_text_is_taken_as_it_is(offload, size):
    body = 'it\'s "no" JSON,\n' + "y" * size
    started = post(offload, "alpha", body, content_type="text/plain").expect(200).json()
    output = offload.executions.output(started["executionArn"], timeout=60)
    assert output["kind"] == "str"
    assert output["sha256"] == hashlib.sha256(body.encode()).hexdigest()


def test_up_to_lambdas_limit(offload, expect_error):
    """Each quote of the body is two bytes of the event, and the name is in it too."""
    name = f"n-{time.time_ns()}"
    largest = LAMBDA_LIMIT - ROOM - len(name) - 2
    before = keys(offload)
    message = expect_error(post(offload, "slow", text_of(largest + 1), name), 413, "REQUEST_TOO_LARGE")
    assert "6,291,456" in message
    assert "S3" in message
    assert keys(offload) == before
    post(offload, "slow", text_of(largest), name).expect(200)


def test_what_counts_is_the_escaped_body(offload, expect_error):
    """Three bytes of UTF-8 become six of the event, one quote two."""
    expect_error(post(offload, "slow", json.dumps("汉" * 1_100_000, ensure_ascii=False)), 413, "REQUEST_TOO_LARGE")


@pytest.mark.parametrize("filler", [0, 300_000])
@pytest.mark.parametrize("body", ["{", "{'a': 1}", "NaN", "[1] x"])
def test_a_body_that_is_no_json_is_400(offload, expect_error, body, filler):
    before = keys(offload)
    message = expect_error(post(offload, "alpha", body + " " * filler), 400, "InvalidExecutionInput")
    assert "JSON" in message
    assert keys(offload) == before


def test_another_content_type_is_415(offload, expect_error):
    answer = post(offload, "alpha", "{}", content_type="text/csv")
    assert answer.status == 415


class TestARepeatedRequest:
    @pytest.mark.parametrize("size", [100, 300_000])
    def test_gets_the_same_execution_and_leaves_no_second_object(self, offload, size):
        name, body = f"twice-{time.time_ns()}", text_of(size)
        first = post(offload, "slow", body, name).expect(200).json()
        before = keys(offload)
        again = post(offload, "slow", body, name).expect(200).json()
        assert again["executionArn"] == first["executionArn"]
        assert again["startDate"] == pytest.approx(first["startDate"], abs=0.002)
        assert keys(offload) == before

    def test_with_another_body_is_409_and_leaves_no_object(self, offload, expect_error):
        name = f"other-{time.time_ns()}"
        started = post(offload, "slow", text_of(300_000), name).expect(200).json()
        before = keys(offload)
        expect_error(post(offload, "slow", text_of(300_001), name), 409, "ExecutionAlreadyExists")
        expect_error(post(offload, "slow", text_of(100), name), 409, "ExecutionAlreadyExists")
        assert keys(offload) == before
        assert offload.executions.input(started["executionArn"])["payload"]["key"] in before

    def test_after_the_end_is_409_and_the_first_payload_stays(self, offload, expect_error):
        name, body = f"ended-{time.time_ns()}", text_of(300_000)
        started = post(offload, "slow", body, name).expect(200).json()
        offload.account.client("stepfunctions").stop_execution(executionArn=started["executionArn"])
        before = keys(offload)
        expect_error(post(offload, "slow", body, name), 409, "ExecutionAlreadyExists")
        assert keys(offload) == before
        assert offload.executions.input(started["executionArn"])["payload"]["key"] in before

    def test_at_the_same_time(self, offload):
        name, body = f"race-{time.time_ns()}", text_of(300_000)
        before = keys(offload)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: post(offload, "slow", body, name).expect(200).json(), range(4)))
        assert len({answer["executionArn"] for answer in answers}) == 1
        payload = offload.executions.input(answers[0]["executionArn"])["payload"]
        assert keys(offload) - before == {payload["key"]}


def test_a_refused_start_leaves_no_object(offload, expect_error):
    before = keys(offload)
    expect_error(post(offload, "alpha", text_of(2000), "a b?"), 400, "InvalidName")
    assert keys(offload) == before


def test_a_throttled_start_leaves_no_object(offload, faults, expect_error):
    before = keys(offload)
    with faults(offload, "StartExecution", status=400, error_type="ThrottlingException", message="Rate exceeded"):
        expect_error(post(offload, "alpha", text_of(2000)), 429, "ThrottlingException")
    assert keys(offload) == before


def test_a_start_that_may_have_happened_leaves_its_object(offload, faults, expect_error):
    before = keys(offload)
    with faults(offload, "StartExecution", status=500, message="oops"):
        expect_error(post(offload, "alpha", text_of(2000)), 502, "InternalServerError")
    assert len(keys(offload) - before) == 1


ABSENT = {"status": 400, "error_type": "ExecutionDoesNotExist", "message": "Execution Does Not Exist"}
THROTTLED = {"status": 400, "error_type": "ThrottlingException", "message": "Rate exceeded"}
# The first start has its effect, and is answered with an error, or after the function has given up.
FAILED = {"status": 500, "performed": True, "calls": 1}
TIMED_OUT = FAILED | {"delay_seconds": 3.5}
TAKEN = {"status": 400, "error_type": "ExecutionAlreadyExists"}


@pytest.mark.contract("start.refused", "offload.kept")
class TestAStartThatWasNotAnswered:
    """The payload of an execution that runs, or that may run yet, stays."""

    def stored(self, offload, before: set[str]) -> str:
        [key] = keys(offload) - before
        return key

    def arn(self, offload, name: str) -> str:
        return offload.outputs["state_machine_arns"]["alpha"].replace(":stateMachine:", ":execution:") + f":{name}"

    @pytest.mark.parametrize(("first", "look"), [(FAILED, THROTTLED), (TIMED_OUT, ABSENT)])
    def test_and_whose_repetition_finds_the_name_taken_by_itself(self, offload, faults, first, look):
        before, name = keys(offload), f"own-{time.time_ns()}"
        with faults(offload, "StartExecution", **first), faults(offload, "DescribeExecution", **look, calls=3):
            started = post(offload, "alpha", text_of(2000), name).expect(200).json()
        assert started["executionArn"] == self.arn(offload, name)
        key = self.stored(offload, before)
        assert offload.executions.input(started["executionArn"])["payload"]["key"] == key
        assert offload.executions.output(started["executionArn"], timeout=60)["kind"] == "str"

    @pytest.mark.parametrize("first", [FAILED, TIMED_OUT])
    def test_and_whose_repetition_is_told_that_the_execution_exists_although_it_can_not_be_found_yet(
        self, offload, faults, first
    ):
        """The execution has ended by the repetition, and no look finds it before the second round of looks."""
        before, name = keys(offload), f"late-{time.time_ns()}"
        with (
            faults(offload, "StartExecution", **first, then=TAKEN),
            faults(offload, "DescribeExecution", **ABSENT, calls=7),
        ):
            post(offload, "alpha", text_of(2000), name).expect(200)
        assert self.stored(offload, before) == offload.executions.input(self.arn(offload, name))["payload"]["key"]

    @pytest.mark.parametrize(("first", "second"), [(FAILED, TAKEN), (TIMED_OUT, THROTTLED)])
    def test_and_that_is_never_found(self, offload, faults, first, second):
        before, name = keys(offload), f"lost-{time.time_ns()}"
        with faults(offload, "StartExecution", **first, then=second), faults(offload, "DescribeExecution", **ABSENT):
            answer = post(offload, "alpha", text_of(2000), name)
        assert answer.status in (502, 504), answer.body
        key = self.stored(offload, before)
        assert offload.executions.input(self.arn(offload, name))["payload"]["key"] == key
        assert offload.executions.output(self.arn(offload, name), timeout=60)["kind"] == "str"

    def test_and_whose_name_is_another_ones_leaves_no_object(self, offload, faults, expect_error):
        name = f"foreign-{time.time_ns()}"
        post(offload, "slow", text_of(2000), name).expect(200)
        before = keys(offload)
        with faults(offload, "StartExecution", status=500, calls=1):
            expect_error(post(offload, "slow", text_of(2001), name), 409, "ExecutionAlreadyExists")
        assert keys(offload) == before


@pytest.mark.contract("invariant.6")
def test_the_log_says_how_it_went_and_not_what_was_said(offload):
    secret = f"secret-{time.time_ns()}"
    answer = post(offload, "alpha", json.dumps({"said": secret, "more": "x" * 2000})).expect(200)
    refused = post(offload, "alpha", f"{secret} is no JSON").expect(400)
    request_ids = [each.headers["x-amzn-requestid"] for each in (answer, refused)]
    logs = offload.account.client("logs")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        events = logs.filter_log_events(logGroupName=offload.outputs["log_group_name"])["events"]
        messages = [event["message"] for event in events]
        lines = [json.loads(each) for each in messages if each.startswith("{")]
        found = {line["requestId"]: line for line in lines if line.get("requestId") in request_ids}
        if len(found) == 2:
            break
        time.sleep(1)
    assert [found[each]["status"] for each in request_ids] == [200, 400]
    assert found[request_ids[0]]["executionArn"] == answer.json()["executionArn"]
    assert not any(secret in message for message in messages)


class TestTheRoleAllowsExactlyWhatTheFunctionNeeds:
    def test_permissions(self, offload):
        machines, objects = set(offload.outputs["state_machine_arns"].values()), {f"{offload.outputs['bucket_arn']}/*"}
        permissions = permissions_of(offload, offload.outputs["role_name"])
        streams = [permissions.pop(action) for action in LOGS]
        assert permissions == {
            "states:StartExecution": machines,
            "states:DescribeExecution": {f"{arn.replace(':stateMachine:', ':execution:')}:*" for arn in machines},
            "s3:PutObject": objects,
            "s3:DeleteObject": objects,
        }
        for [arn] in streams:
            assert arn.endswith(f":log-group:{offload.outputs['log_group_name']}:log-stream:*")

    def test_without_starting(self, offload, expect_error):
        def call():
            return post(offload, "alpha", text_of(2000))

        with without(offload, offload.outputs["role_name"], "states:StartExecution"):
            expect_error(eventually(call, 403), 403, "AccessDeniedException")
            before = keys(offload)
            call().expect(403)
            assert keys(offload) == before
        eventually(call, 200)

    def test_without_storing(self, offload, expect_error):
        def call():
            return post(offload, "alpha", text_of(2000))

        with without(offload, offload.outputs["role_name"], "s3:PutObject"):
            expect_error(eventually(call, 500), 500, "AccessDenied")
        eventually(call, 200)

    def test_without_removing_an_object_stays(self, offload):
        name = f"stays-{time.time_ns()}"
        post(offload, "slow", text_of(2000), name).expect(200)
        before = keys(offload)
        with without(offload, offload.outputs["role_name"], "s3:DeleteObject"):
            deadline = time.monotonic() + 30
            while keys(offload) == before and time.monotonic() < deadline:
                post(offload, "slow", text_of(2001), name).expect(409)
            assert len(keys(offload)) > len(before)

    def test_without_describing_a_repetition_is_409(self, offload, expect_error):
        name = f"blind-{time.time_ns()}"

        def call():
            return post(offload, "slow", text_of(2000), name)

        call().expect(200)
        with without(offload, offload.outputs["role_name"], "states:DescribeExecution"):
            expect_error(eventually(call, 409), 409, "ExecutionAlreadyExists")
        eventually(call, 200)

    @pytest.mark.local_only
    @pytest.mark.parametrize("action", LOGS)
    def test_without_logging(self, offload, action):
        def call():
            post(offload, "alpha", text_of(10)).expect(200)

        group = offload.outputs["log_group_name"]
        with without(offload, offload.outputs["role_name"], action):
            assert not logged(offload, group, call)
        assert logged(offload, group, call)

    def test_the_api_may_invoke_it_and_nothing_else(self, offload):
        def call():
            return post(offload, "alpha", text_of(10))

        role = offload.outputs["invoke_role_name"]
        assert permissions_of(offload, role) == {"lambda:InvokeFunction": {offload.outputs["function_arn"]}}
        with without(offload, role, "lambda:InvokeFunction"):
            eventually(call, 500)
        eventually(call, 200)


class TestATaskThatReadsThePayload:
    def started(self, offload) -> str:
        return post(offload, "alpha", text_of(2000)).expect(200).json()["executionArn"]

    def test_needs_the_modules_statement_and_no_more(self, offload):
        role = offload.outputs["reader_role_name"]
        assert permissions_of(offload, role) == {"s3:GetObject": {f"{offload.outputs['bucket_arn']}/*"}}
        with without(offload, role, "s3:GetObject"):
            refusal = refusal_of_a_task(offload, lambda: self.started(offload))
        assert "AccessDenied" in refusal["cause"]

    def test_is_run_by_a_state_machine_that_may_invoke_it(self, offload):
        role = role_of(offload, offload.outputs["state_machine_arns"]["alpha"])
        assert permissions_of(offload, role) == {"lambda:InvokeFunction": {offload.outputs["reader_function_arn"]}}
        with without(offload, role, "lambda:InvokeFunction"):
            refusal = refusal_of_a_task(offload, lambda: self.started(offload))
        assert refusal["error"] == "Lambda.AWSLambdaException"


class TestTheBucket:
    def test_is_closed_and_encrypted(self, offload):
        s3, bucket = offload.account.client("s3"), offload.outputs["bucket_name"]
        assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
        [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        assert s3.get_bucket_versioning(Bucket=bucket).get("Status") is None
        [statement] = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_payloads_expire(self, offload):
        s3, bucket = offload.account.client("s3"), offload.outputs["bucket_name"]
        [rule] = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert (rule["Status"], rule["Expiration"]["Days"]) == ("Enabled", 30)


def test_a_second_plan_shows_no_change(offload):
    plan = offload.plan()
    assert plan.is_empty, plan.changes
