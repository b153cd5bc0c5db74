"""The functions' handlers, with clients that answer what they are told to."""

import hashlib
import io
import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import ANY, Stubber

SOURCES = Path(__file__).parents[2] / "lambda_src"
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"
EXECUTION = "arn:aws:states:eu-west-1:111122223333:execution:orders:n1"
DATE = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
STARTED = {"executionArn": EXECUTION, "startDate": DATE}
STARTED_BODY = {"executionArn": EXECUTION, "startDate": DATE.timestamp()}


@pytest.fixture(scope="module", autouse=True)
def _sources():
    sys.path.insert(0, str(SOURCES))
    yield
    sys.path.remove(str(SOURCES))


@pytest.fixture
def context():
    return SimpleNamespace(aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: 29_000)


def refusal(code: str, message: str = "no", status: int = 400, action: str = "StartExecution") -> ClientError:
    error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(error, action)


class FakeClient:
    """Answers each call with the next of its answers, or raises it, and remembers the arguments."""

    def __init__(self, **answers):
        self.answers = {action: list(each) for action, each in answers.items()}
        self.calls = []

    def __getattr__(self, action):
        def call(**arguments):
            self.calls.append((action, arguments))
            answer = self.answers[action].pop(0) if len(self.answers[action]) > 1 else self.answers[action][0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def of(self, action):
        return [arguments for name, arguments in self.calls if name == action]


class FakeTime:
    """The module time, in which sleeping takes no time."""

    def __init__(self):
        self.now, self.pauses = 0.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


def ended(status="SUCCEEDED", **more):
    return {"executionArn": EXECUTION, "startDate": DATE, "status": status, **more}


class TestWaiter:
    @pytest.fixture
    def waiter(self, monkeypatch, context):
        module = import_module("execution_waiter.handler")
        monkeypatch.setattr(module, "time", FakeTime())
        monkeypatch.setattr(import_module("shared.executions"), "time", FakeTime())
        monkeypatch.setenv("MAX_WAIT_MILLISECONDS", "20000")

        def run(start, look=None, **event):
            monkeypatch.setattr(module, "_clients", {"start": start, "look": look or start})
            event = {"stateMachineArn": MACHINE, "input": "{}", "name": "n1", "requestId": "r-1", **event}
            return module.handler({key: value for key, value in event.items() if value is not None}, context)

        return run

    def test_the_requests_as_botocore_sends_them(self, monkeypatch, context):
        module = import_module("execution_waiter.handler")
        client = boto3.client(
            "stepfunctions", region_name="eu-west-1", aws_access_key_id="1", aws_secret_access_key="1"
        )
        monkeypatch.setattr(module, "_clients", {"start": client, "look": client})
        with Stubber(client) as stub:
            stub.add_response("start_execution", STARTED, {"stateMachineArn": MACHINE, "input": '{"a":1}', "name": ANY})
            described = ended(output='{"b":1}', stateMachineArn=MACHINE)
            stub.add_response("describe_execution", described, {"executionArn": EXECUTION})
            answer = module.handler({"stateMachineArn": MACHINE, "input": '{"a":1}'}, context)
        assert answer == {"status": 200, "headers": {"Content-Type": "application/json"}, "body": '{"b":1}'}

    def test_a_name_of_its_own_where_there_is_none(self, waiter):
        client = FakeClient(start_execution=[STARTED], describe_execution=[ended(output="1")])
        waiter(client, name=None)
        assert client.of("start_execution")[0]["name"] == "lambda-1"

    def test_an_empty_name_is_step_functions_to_refuse(self, waiter):
        client = FakeClient(start_execution=[refusal("InvalidName")])
        assert waiter(client, name="")["status"] == 400
        assert client.of("start_execution")[0]["name"] == ""

    @pytest.mark.parametrize(
        ("execution", "status", "error_type", "message"),
        [
            (ended("FAILED", error="E", cause='it\'s "c"\n'), 500, "E", 'it\'s "c"\n'),
            (ended("FAILED"), 500, "States.Runtime", "The execution ended FAILED and gave no cause"),
            (ended("ABORTED", cause="why"), 500, "States.Runtime", "why"),
            (ended("TIMED_OUT"), 504, "States.Timeout", "The execution ended TIMED_OUT and gave no cause"),
        ],
    )
    def test_how_it_ended(self, waiter, execution, status, error_type, message):
        answer = waiter(FakeClient(start_execution=[STARTED], describe_execution=[execution]))
        assert answer["status"] == status
        assert json.loads(answer["body"]) == {"message": message, "type": error_type, "requestId": "r-1"}

    def test_it_waits_until_it_has_ended(self, waiter):
        client = FakeClient(
            start_execution=[STARTED],
            describe_execution=[
                refusal("ExecutionDoesNotExist"), ended("RUNNING"), refusal("ThrottlingException"),
                refusal("InternalServerError", status=500), ReadTimeoutError(endpoint_url="x"), ended(output="1"),
            ],
        )  # fmt: skip
        assert waiter(client)["status"] == 200

    def test_time_is_up(self, waiter):
        answer = waiter(
            FakeClient(start_execution=[STARTED], describe_execution=[ended("RUNNING")]),
            waitMilliseconds=0,
            location="/alpha/execution/{name}/",
        )
        assert (answer["status"], json.loads(answer["body"])) == (202, STARTED_BODY)
        assert answer["headers"]["Location"] == "/alpha/execution/n1/"

    def test_without_location(self, waiter):
        client = FakeClient(start_execution=[STARTED], describe_execution=[ended("RUNNING")])
        assert "Location" not in waiter(client, waitMilliseconds=0)["headers"]

    def test_no_permission_to_look(self, waiter):
        """Something runs, which an error would deny."""
        client = FakeClient(start_execution=[STARTED], describe_execution=[refusal("AccessDeniedException")])
        assert waiter(client)["status"] == 202
        assert len(client.of("describe_execution")) == 1

    def test_express(self, waiter):
        arn = "arn:aws:states:eu-west-1:111122223333:express:orders:n1:0a1b"
        client = FakeClient(start_execution=[{**STARTED, "executionArn": arn}])
        answer = waiter(client, location="/x/{name}")
        assert (answer["status"], answer["headers"]["Location"]) == (202, "/x/n1")

    def test_lambdas_own_time_is_a_limit(self, monkeypatch, context, waiter):
        context.get_remaining_time_in_millis = lambda: 3_000
        monkeypatch.setenv("MAX_WAIT_MILLISECONDS", "25000")
        client = FakeClient(start_execution=[STARTED], describe_execution=[ended("RUNNING")])
        assert waiter(client)["status"] == 202
        assert len(client.of("describe_execution")) == 1

    @pytest.mark.parametrize(
        ("asked", "seconds"), [(None, 0.2), (100, 0.1), ("50", 0.05), (9000, 0.2), (-1, 0), (0, 0), ("soon", 0.2)]
    )
    def test_how_long(self, monkeypatch, asked, seconds):
        monkeypatch.setenv("MAX_WAIT_MILLISECONDS", "200")
        module = import_module("execution_waiter.handler")
        assert module._wait_seconds({} if asked is None else {"waitMilliseconds": asked}) == seconds

    def test_pauses_grow(self, monkeypatch):
        module, clock = import_module("execution_waiter.handler"), FakeTime()
        monkeypatch.setattr(module, "time", clock)
        client = FakeClient(describe_execution=[ended("RUNNING")])
        assert module.wait(client, EXECUTION, 25.0) is None
        assert clock.now == pytest.approx(25.0)
        assert clock.pauses[:3] == pytest.approx([0.5, 0.75, 1.125])
        assert max(clock.pauses) == 3.0
        assert len(clock.pauses) == len(client.calls) == 12

    @pytest.mark.parametrize(
        ("problem", "status", "error_type"),
        [
            (refusal("ExecutionAlreadyExists"), 409, "ExecutionAlreadyExists"),
            (refusal("StateMachineDeleting"), 409, "StateMachineDeleting"),
            (refusal("StateMachineDoesNotExist"), 404, "StateMachineDoesNotExist"),
            (refusal("AccessDeniedException"), 403, "AccessDeniedException"),
            (refusal("ThrottlingException"), 429, "ThrottlingException"),
            (refusal("ExecutionLimitExceeded"), 429, "ExecutionLimitExceeded"),
            (refusal("InvalidName"), 400, "InvalidName"),
            (refusal("SomethingNew"), 400, "SomethingNew"),
            (refusal("ServiceUnavailable", status=503), 502, "ServiceUnavailable"),
            (EndpointConnectionError(endpoint_url="x"), 502, "INTEGRATION_FAILURE"),
            (ReadTimeoutError(endpoint_url="x"), 504, "INTEGRATION_TIMEOUT"),
        ],
    )
    def test_not_started(self, waiter, problem, status, error_type):
        client = FakeClient(start_execution=[problem], describe_execution=[refusal("ExecutionDoesNotExist")])
        answer = waiter(client)
        body = json.loads(answer["body"])
        assert (answer["status"], body["type"], body["requestId"]) == (status, error_type, "r-1")

    @pytest.mark.parametrize(
        "words", ["length less than or equal to 262144", "size less than or equal to 262144 bytes"]
    )
    def test_input_too_long_is_413_and_not_repeated(self, waiter, words):
        limit = f"Member must have {words}"
        message = f"Value '{'x' * 300_000}' at 'input' failed to satisfy constraint: {limit}"
        answer = waiter(FakeClient(start_execution=[refusal("ValidationException", message)]))
        assert answer["status"] == 413
        assert len(answer["body"]) < 300

    def test_a_start_that_was_not_answered_is_looked_for(self, waiter):
        client = FakeClient(
            start_execution=[ReadTimeoutError(endpoint_url="x")],
            describe_execution=[refusal("ExecutionDoesNotExist"), ended("RUNNING", input="{}"), ended(output="1")],
        )
        assert waiter(client)["status"] == 200
        assert len(client.of("start_execution")) == 1
        assert {each["executionArn"] for each in client.of("describe_execution")} == {EXECUTION}

    def test_a_start_that_did_not_happen_is_repeated_once_with_the_same_name(self, waiter):
        client = FakeClient(
            start_execution=[refusal("InternalServerError", status=500), STARTED],
            describe_execution=[refusal("ExecutionDoesNotExist")] * 5 + [ended(output="1")],
        )
        assert waiter(client, name=None)["status"] == 200
        first, second = client.of("start_execution")
        assert first == second

    def test_somebody_elses_execution_of_that_name_is_not_ours(self, waiter):
        client = FakeClient(
            start_execution=[ReadTimeoutError(endpoint_url="x"), refusal("ExecutionAlreadyExists")],
            describe_execution=[ended("RUNNING", input='{"other": 1}')],
        )
        assert waiter(client)["status"] == 409

    def test_nothing_of_input_and_output_is_logged(self, waiter, capsys):
        waiter(FakeClient(start_execution=[STARTED], describe_execution=[ended(output='"secret"')]), input='"secret"')
        waiter(FakeClient(start_execution=[refusal("InvalidExecutionInput", "secret")]))
        lines = capsys.readouterr().out.splitlines()
        assert [json.loads(line)["status"] for line in lines] == [200, 400]
        assert not any("secret" in line for line in lines)


NOT_ANSWERED = [ReadTimeoutError(endpoint_url="x"), EndpointConnectionError(endpoint_url="x"),
                refusal("InternalServerError", status=500)]  # fmt: skip
ABSENT, THROTTLED = refusal("ExecutionDoesNotExist"), refusal("ThrottlingException")
TAKEN = refusal("ExecutionAlreadyExists")
OURS, OTHERS = ended("RUNNING", input='{"a": 1}'), ended("RUNNING", input='{"a": 2}')


class TestStart:
    """What `start` makes of an attempt that was not answered: a refusal says that nothing was started, ever."""

    @pytest.fixture
    def shared(self, monkeypatch):
        module = import_module("shared.executions")
        monkeypatch.setattr(module, "time", FakeTime())
        return module

    def start(self, shared, client, **arguments):
        request = {"stateMachineArn": MACHINE, "input": '{"a": 1}', "name": "n1"}
        return shared.start(client, request, **arguments)

    @pytest.mark.parametrize("first", NOT_ANSWERED, ids=repr)
    @pytest.mark.parametrize(
        "looks",
        [
            [OURS],
            [ABSENT, ABSENT, OURS],
            [THROTTLED, OURS],
            [ReadTimeoutError(endpoint_url="x"), refusal("InternalServerError", status=500), OURS],
            [ended("SUCCEEDED", input='{"a":1}')],
        ],
        ids=["at once", "later", "throttled", "failing", "ended, written otherwise"],
    )
    def test_it_is_found_before_the_repetition(self, shared, first, looks):
        client = FakeClient(start_execution=[first], describe_execution=looks)
        assert self.start(shared, client).arn == EXECUTION
        assert len(client.of("start_execution")) == 1

    @pytest.mark.parametrize("first", NOT_ANSWERED, ids=repr)
    @pytest.mark.parametrize("second", [TAKEN, THROTTLED, *NOT_ANSWERED], ids=repr)
    @pytest.mark.parametrize("looks", [[ABSENT] * 5, [THROTTLED] * 5], ids=["absent", "throttled"])
    @pytest.mark.parametrize("more", [[], [ABSENT, THROTTLED]], ids=["at once", "later"])
    def test_it_is_found_after_the_repetition_whatever_that_was_answered(self, shared, first, second, looks, more):
        client = FakeClient(start_execution=[first, second], describe_execution=[*looks, *more, OURS])
        assert self.start(shared, client).arn == EXECUTION

    @pytest.mark.parametrize("first", NOT_ANSWERED, ids=repr)
    @pytest.mark.parametrize("second", [TAKEN, THROTTLED], ids=repr)
    @pytest.mark.parametrize("looks", [[OTHERS], [ABSENT] * 5 + [OTHERS]], ids=["before", "after"])
    def test_a_name_that_is_another_ones_is_a_refusal(self, shared, first, second, looks):
        client = FakeClient(start_execution=[first, second], describe_execution=looks)
        with pytest.raises(ClientError) as refused:
            self.start(shared, client)
        assert refused.value is second

    @pytest.mark.parametrize("first", NOT_ANSWERED, ids=repr)
    @pytest.mark.parametrize("second", [TAKEN, THROTTLED, refusal("StateMachineDoesNotExist")], ids=repr)
    @pytest.mark.parametrize(
        "look",
        [
            ABSENT,
            THROTTLED,
            refusal("AccessDeniedException"),
            ReadTimeoutError(endpoint_url="x"),
            ended("RUNNING"),
            ended("RUNNING", input="[" * 100_000),
        ],
        ids=["absent", "throttled", "not allowed", "not answered", "no input", "an input that can't be compared"],
    )
    def test_what_is_not_known_is_no_refusal(self, shared, first, second, look):
        client = FakeClient(start_execution=[first, second], describe_execution=[look])
        with pytest.raises(type(first)) as failed:
            self.start(shared, client)
        assert failed.value is first

    def test_it_looks_patiently_after_each_attempt(self, shared):
        client = FakeClient(start_execution=[NOT_ANSWERED[0], TAKEN], describe_execution=[ABSENT])
        with pytest.raises(ReadTimeoutError):
            self.start(shared, client)
        assert shared.time.pauses == [0.0, 0.2, 0.4, 0.8, 1.6] * 2

    @pytest.mark.parametrize("seconds", [4.0, 8.0, 10.0, 16.0])
    def test_no_call_begins_that_could_end_after_the_time_given(self, shared, seconds):
        class Hanging(FakeClient):
            def __getattr__(self, action):
                def call(**arguments):
                    self.calls.append((action, arguments))
                    shared.time.now += shared.CALL_SECONDS
                    raise ReadTimeoutError(endpoint_url="x")

                return call

        client = Hanging()
        with pytest.raises(ReadTimeoutError):
            self.start(shared, client, seconds=seconds)
        assert shared.time.now <= seconds
        assert client.calls


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (MACHINE, EXECUTION),
        (f"{MACHINE}:PROD", EXECUTION),
        (MACHINE.replace("arn:aws:", "arn:aws-cn:"), EXECUTION.replace("arn:aws:", "arn:aws-cn:")),
        ("orders", None),
    ],
)
def test_execution_arn(machine, expected):
    assert import_module("shared.executions").execution_arn(machine, "n1") == expected


class TestOffload:
    @pytest.fixture
    def module(self, monkeypatch):
        module = import_module("payload_offload.handler")
        monkeypatch.setattr(import_module("shared.executions"), "time", FakeTime())
        monkeypatch.setenv("BUCKET", "payloads")
        monkeypatch.setenv("INLINE_MAX_BYTES", "100")
        return module

    @pytest.fixture
    def offload(self, monkeypatch, module, context):
        def run(states, s3=None, **event):
            s3 = s3 or FakeClient(put_object=[{}], delete_object=[{}])
            monkeypatch.setattr(module, "_clients", {"states": states, "s3": s3})
            event = {"body": LARGE, "contentType": "application/json", "stateMachineArn": MACHINE, **event}
            return module.handler({"requestId": "r-1", **event}, context), s3

        return run

    def test_a_large_body(self, offload):
        states = FakeClient(start_execution=[STARTED])
        answer, s3 = offload(states, name="n1")
        assert answer["status"] == 200
        assert json.loads(answer["body"]) == STARTED_BODY
        [stored] = s3.of("put_object")
        assert (stored["Bucket"], stored["Body"], stored["ContentType"]) == (
            "payloads",
            LARGE.encode(),
            "application/json",
        )
        [started] = states.of("start_execution")
        assert (started["stateMachineArn"], started["name"]) == (MACHINE, "n1")
        assert json.loads(started["input"]) == {
            "payload": {
                "bucket": "payloads",
                "key": stored["Key"],
                "size": len(LARGE.encode()),
                "sha256": hashlib.sha256(LARGE.encode()).hexdigest(),
                "contentType": "application/json",
            }
        }
        assert stored["Key"].startswith("r-1-n1-")

    def test_the_request_as_botocore_sends_it(self, monkeypatch, module, context):
        options = {"region_name": "eu-west-1", "aws_access_key_id": "1", "aws_secret_access_key": "1"}
        clients = {"s3": boto3.client("s3", **options), "states": boto3.client("stepfunctions", **options)}
        monkeypatch.setattr(module, "_clients", clients)
        with Stubber(clients["s3"]) as s3, Stubber(clients["states"]) as states:
            expected = {"Bucket": "payloads", "Key": ANY, "Body": LARGE.encode(), "ContentType": "application/json"}
            s3.add_response("put_object", {}, {**expected, "ChecksumSHA256": ANY})
            states.add_client_error("start_execution", "ThrottlingException", http_status_code=400)
            s3.add_response("delete_object", {}, {"Bucket": "payloads", "Key": ANY})
            event = {"body": LARGE, "stateMachineArn": MACHINE}
            assert module.handler(event, context)["status"] == 429
            s3.assert_no_pending_responses()

    @pytest.mark.parametrize(
        ("body", "content_type", "inline"),
        [
            ('{"a":  1.50}', "application/json", '{"a":  1.50}'),
            ("1" * 99, "application/problem+json; charset=utf-8", "1" * 99),
            ("", "application/json", "{}"),
            ('it\'s "é"', "text/plain", '"it\'s \\"é\\""'),
            ("", "text/plain", '""'),
        ],
    )
    def test_a_small_body(self, offload, body, content_type, inline):
        states = FakeClient(start_execution=[STARTED])
        answer, s3 = offload(states, body=body, contentType=content_type)
        assert answer["status"] == 200
        assert s3.calls == []
        text = states.of("start_execution")[0]["input"]
        assert inline in text
        assert json.loads(text)["payload"] == {"inline": json.loads(inline), "contentType": content_type}

    def test_text_that_grows_over_the_limit_is_stored(self, offload, monkeypatch):
        monkeypatch.setenv("INLINE_MAX_BYTES", "262000")
        states = FakeClient(start_execution=[STARTED])
        _, s3 = offload(states, body='"' * 200_000, contentType="text/plain")
        assert len(s3.of("put_object")) == 1

    @pytest.mark.parametrize(
        ("body", "part"),
        [
            ("{", "line 1"), ("NaN", "NaN"), ("[1] 2", "Extra data"), ("{'a': 1}", "line 1"), ('{"a": "b', "line 1"),
            ("\ufeff{}", "BOM"), ("\ud800", "UTF-8"), ({"a": 1}, "text"), ("[" * 200_000, "deep"),
        ],
    )  # fmt: skip
    def test_no_json(self, offload, body, part):
        answer, s3 = offload(FakeClient(), body=body)
        assert answer["status"] == 400
        assert json.loads(answer["body"])["type"] == "InvalidExecutionInput"
        assert part in json.loads(answer["body"])["message"]
        assert s3.calls == []

    @pytest.mark.parametrize(
        "body", ["1" * 10_000, '{"a":1,"a":2}', "1e999", '"\\ud800"', "  [ ]\r\n\t", "[" * 500 + "]" * 500]
    )
    def test_odd_json(self, offload, body):
        assert offload(FakeClient(start_execution=[STARTED]), body=body)[0]["status"] == 200

    def test_too_large(self, offload):
        answer, _ = offload(FakeClient(), tooLarge=6_291_457)
        body = json.loads(answer["body"])
        assert (answer["status"], body["type"], body["requestId"]) == (413, "REQUEST_TOO_LARGE", "r-1")
        assert "6,291,456" in body["message"]

    @pytest.mark.parametrize(
        "code", ["ThrottlingException", "InvalidName", "AccessDeniedException", "ExecutionLimitExceeded"]
    )
    def test_refused_the_object_goes(self, offload, code):
        answer, s3 = offload(FakeClient(start_execution=[refusal(code)]))
        assert 400 <= answer["status"] < 500
        assert [each["Key"] for each in s3.of("delete_object")] == [each["Key"] for each in s3.of("put_object")]

    @pytest.mark.parametrize(
        "problem", [refusal("InternalServerError", status=500), ReadTimeoutError(endpoint_url="x")]
    )
    def test_not_known_the_object_stays(self, offload, problem):
        states = FakeClient(start_execution=[problem], describe_execution=[refusal("ExecutionDoesNotExist")])
        answer, s3 = offload(states)
        assert answer["status"] in (502, 504)
        assert s3.of("delete_object") == []

    def test_not_answered_but_started(self, offload):
        found = {**ended("RUNNING"), "input": None}

        class States(FakeClient):
            def describe_execution(self, executionArn):  # noqa: N803
                return {**found, "input": self.of("start_execution")[0]["input"]}

        answer, s3 = offload(States(start_execution=[ReadTimeoutError(endpoint_url="x")]))
        assert answer["status"] == 200
        assert s3.of("delete_object") == []

    @pytest.mark.parametrize("look", [ABSENT, THROTTLED])
    @pytest.mark.parametrize("second", [TAKEN, THROTTLED])
    def test_not_answered_and_then_refused_the_object_stays(self, offload, look, second):
        """The first attempt may have started it, which DescribeExecution does not know yet."""
        states = FakeClient(start_execution=[ReadTimeoutError(endpoint_url="x"), second], describe_execution=[look])
        answer, s3 = offload(states)
        assert answer["status"] == 504
        assert s3.of("delete_object") == []

    @pytest.mark.parametrize("look", [ABSENT, THROTTLED])
    def test_not_answered_and_then_taken_by_itself(self, offload, look):
        class States(FakeClient):
            def describe_execution(self, executionArn):  # noqa: N803
                self.calls.append(("describe_execution", executionArn))
                if len(self.of("start_execution")) == 1:
                    raise look
                return ended("RUNNING", input=self.of("start_execution")[0]["input"])

        answer, s3 = offload(States(start_execution=[ReadTimeoutError(endpoint_url="x"), TAKEN]))
        assert answer["status"] == 200
        assert s3.of("delete_object") == []

    def test_not_answered_and_taken_by_another_one_the_object_goes(self, offload):
        states = FakeClient(start_execution=[ReadTimeoutError(endpoint_url="x"), TAKEN], describe_execution=[OTHERS])
        answer, s3 = offload(states)
        assert answer["status"] == 409
        assert [each["Key"] for each in s3.of("delete_object")] == [each["Key"] for each in s3.of("put_object")]

    def repeated(self, offload, theirs: dict, status="RUNNING"):
        existing = {**ended(status), "input": json.dumps({"payload": theirs})}
        states = FakeClient(start_execution=[refusal("ExecutionAlreadyExists")], describe_execution=[existing])
        return offload(states, name="n1")

    def test_repeated_the_same_execution_and_one_object(self, offload):
        digest = hashlib.sha256(LARGE.encode()).hexdigest()
        theirs = {"bucket": "payloads", "key": "first", "size": len(LARGE), "sha256": digest}
        theirs["contentType"] = "application/json"
        answer, s3 = self.repeated(offload, theirs)
        assert (answer["status"], json.loads(answer["body"])) == (200, STARTED_BODY)
        assert [each["Key"] for each in s3.of("delete_object")] == [each["Key"] for each in s3.of("put_object")]
        assert self.repeated(offload, theirs, "SUCCEEDED")[0]["status"] == 409
        assert self.repeated(offload, {**theirs, "sha256": "0"})[0]["status"] == 409
        assert self.repeated(offload, {"inline": 1})[0]["status"] == 409

    @pytest.mark.parametrize(
        ("problem", "status"),
        [
            (refusal("AccessDenied", status=403, action="PutObject"), 500),
            (refusal("SlowDown", status=503, action="PutObject"), 502),
            (refusal("NoSuchBucket", status=404, action="PutObject"), 502),
            (ReadTimeoutError(endpoint_url="x"), 504),
            (EndpointConnectionError(endpoint_url="x"), 502),
        ],
    )
    def test_not_stored_not_started(self, offload, problem, status):
        states = FakeClient(start_execution=[STARTED])
        answer, _ = offload(states, FakeClient(put_object=[problem]))
        assert answer["status"] == status
        assert states.calls == []

    def test_a_failed_delete_changes_no_answer(self, offload):
        s3 = FakeClient(put_object=[{}], delete_object=[refusal("AccessDenied", status=403)])
        assert offload(FakeClient(start_execution=[refusal("ThrottlingException")]), s3)[0]["status"] == 429

    def test_keys(self, module):
        assert module.key_for("r", "r").startswith("r-")
        assert module.key_for("r", "../a b").startswith("r-.._a_b-")
        assert len(module.key_for("r" * 500, "é" * 500)) < 200
        assert module.key_for("r", "n") != module.key_for("r", "n")

    def test_nothing_of_the_body_is_logged(self, offload, capsys):
        offload(FakeClient(start_execution=[STARTED]), body=json.dumps("secret" * 100))
        offload(FakeClient(start_execution=[refusal("InvalidName", "secret")]), body='"secret"')
        offload(FakeClient(), body='{"secret')
        lines = capsys.readouterr().out.splitlines()
        assert [json.loads(line)["status"] for line in lines] == [200, 400, 400]
        assert not any("secret" in line for line in lines)


LARGE = json.dumps({"text": "x" * 200})


class TestReader:
    @pytest.fixture
    def reader(self):
        return import_module("payload_reader.payload_reader")

    def stored(self, text: str, **changes):
        payload = {"bucket": "b", "key": "k", "size": len(text.encode()), "contentType": "application/json"}
        payload["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        client = SimpleNamespace(get_object=lambda Bucket, Key: {"Body": io.BytesIO(text.encode())})  # noqa: N803
        return {"payload": {**payload, **changes}}, client

    def test_stored_json(self, reader):
        execution_input, client = self.stored('{"a":  "é"}')
        assert reader.read_payload(execution_input, client=client) == {"a": "é"}
        assert reader.read_text(execution_input, client=client) == '{"a":  "é"}'

    def test_stored_text(self, reader):
        execution_input, client = self.stored("a,b", contentType="text/csv")
        assert reader.read_payload(execution_input, client=client) == "a,b"

    def test_inline(self, reader):
        assert reader.read_payload({"payload": {"inline": [1], "contentType": "application/json"}}) == [1]
        assert reader.read_payload({"payload": {"inline": None, "contentType": "application/json"}}) is None
        assert reader.read_text({"payload": {"inline": {"a": "é"}, "contentType": "application/json"}}) == '{"a": "é"}'
        assert reader.read_text({"payload": {"inline": "it's", "contentType": "text/plain"}}) == "it's"

    @pytest.mark.parametrize("changes", [{"size": 1}, {"sha256": "0" * 64}, {"size": None}])
    def test_what_is_not_what_was_stored(self, reader, changes):
        execution_input, client = self.stored("{}", **changes)
        with pytest.raises(reader.PayloadError):
            reader.read_payload(execution_input, client=client)

    def test_another_bucket(self, reader):
        execution_input, client = self.stored("{}")
        assert reader.read_payload(execution_input, bucket="b", client=client) == {}
        with pytest.raises(reader.PayloadError, match="expected 'mine'"):
            reader.read_payload(execution_input, bucket="mine", client=client)

    @pytest.mark.parametrize("execution_input", [{}, {"payload": 1}, {"payload": {"bucket": "b"}}, [], None])
    def test_no_payload(self, reader, execution_input):
        with pytest.raises(reader.PayloadError):
            reader.read_payload(execution_input)


class TestParallelWorkflow:
    def test_start(self, context):
        result = import_module("start.handler").handler({"a": 1}, context)
        assert result["input"] == {"a": 1}
        assert result["startedAt"] > 1_700_000_000_000

    @pytest.mark.parametrize(
        ("event", "variable", "milliseconds"),
        [
            ({}, "500", 500), ({"waitMilliseconds": 7}, "500", 7), ({"waitMilliseconds": 0}, "500", 0),
            ({}, "99999999", 60_000), ({}, "-5", 0), (None, "3", 3), ([1], None, 0),
        ],
    )  # fmt: skip
    def test_how_long_to_wait(self, monkeypatch, event, variable, milliseconds):
        if variable is not None:
            monkeypatch.setenv("WAIT_MILLISECONDS", variable)
        assert import_module("wait.handler").to_wait(event) == milliseconds

    def test_wait(self, context):
        result = import_module("wait.handler").handler({"waitMilliseconds": 20}, context)
        assert result["waitedMilliseconds"] == 20
        assert result["endedAt"] - result["beganAt"] >= 19

    def test_a_time_that_is_no_number(self, context):
        with pytest.raises(ValueError, match="soon"):
            import_module("wait.handler").handler({"waitMilliseconds": "soon"}, context)

    def test_end(self, context):
        branches = [{"waitedMilliseconds": 3}, {"waitedMilliseconds": 5}]
        result = import_module("end.handler").handler(branches, context)
        assert (result["longestMilliseconds"], result["branches"]) == (5, branches)
