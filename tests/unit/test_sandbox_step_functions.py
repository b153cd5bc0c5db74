"""Step Functions in the sandbox: direct calls, checked against what AWS answers."""

from __future__ import annotations

import base64
import itertools
import json
import time

import pytest
from botocore.exceptions import ClientError
from sandbox_server import FAIL, PASS, REGION, WAIT, World, allow, ended, running, trust, wait_until

ACCOUNTS = itertools.count(300000000001)
LIMIT = 262_144


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


def refused(call, **request):
    with pytest.raises(ClientError) as error:
        call(**request)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


class TestStart:
    def test_names(self, world, sfn):
        machine = world.machine("m", PASS)
        for name in ("a b", "a/b", "a*", "a\u0007", "<a>", "a~"):
            assert refused(sfn.start_execution, stateMachineArn=machine, name=name) == (
                "InvalidName",
                f"Invalid Name: '{name}'",
            )
        assert refused(sfn.start_execution, stateMachineArn=machine, name="a" * 81) == (
            "ValidationException",
            f"1 validation error detected: Value '{'a' * 81}' at 'name' failed to satisfy constraint: "
            "Member must have length less than or equal to 80",
        )
        for name in ("a" * 80, "A-z_0.9", "é(1)!"):
            assert sfn.start_execution(stateMachineArn=machine, name=name)["executionArn"].endswith(f":{name}")

    def test_input_must_be_json(self, world, sfn):
        machine = world.machine("m", PASS)
        for text in ("", "{", "nul", "NaN", '"\n"', "{'a': 1}"):
            code, message = refused(sfn.start_execution, stateMachineArn=machine, input=text)
            assert code == "InvalidExecutionInput"
            assert message.startswith("Invalid State Machine Execution Input: '")

    def test_input_is_limited_in_bytes(self, world, sfn):
        machine = world.machine("m", PASS)
        for text in ('"' + "a" * (LIMIT - 1) + '"', '"' + "é" * (LIMIT // 2) + '"'):
            assert refused(sfn.start_execution, stateMachineArn=machine, input=text) == (
                "ValidationException",
                "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                "Member must have size less than or equal to 262144 bytes in UTF-8 encoding",
            )
        largest = '"' + "a" * (LIMIT - 2) + '"'
        arn = sfn.start_execution(stateMachineArn=machine, input=largest)["executionArn"]
        assert ended(sfn, arn)["output"] == largest

    @pytest.mark.parametrize("text", ["[" * 900 + "]" * 900, "1" + "0" * 5000, '"\\u0000\\ud83d\\ude00"', "1e400"])
    def test_unusual_input_arrives_as_it_was_sent(self, world, sfn, text):
        arn = sfn.start_execution(stateMachineArn=world.machine("m", PASS), input=text)["executionArn"]
        assert sfn.describe_execution(executionArn=arn)["input"] == text
        assert ended(sfn, arn)["status"] == "SUCCEEDED"

    def test_arns(self, world, sfn):
        unknown = f"arn:aws:states:{REGION}:{world.account}:stateMachine:none"
        assert refused(sfn.start_execution, stateMachineArn=unknown) == (
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{unknown}'",
        )
        assert refused(sfn.start_execution, stateMachineArn="none") == (
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: none'",
        )
        execution = f"arn:aws:states:{REGION}:{world.account}:execution:m:n"
        assert refused(sfn.start_execution, stateMachineArn=execution) == (
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: execution'",
        )
        assert refused(sfn.start_execution) == (
            "ValidationException",
            "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: "
            "Member must not be null",
        )

    def test_the_same_request_again_while_it_runs_gets_the_same_answer(self, world, sfn):
        request = {"stateMachineArn": world.machine("m", WAIT), "name": "n", "input": '{"a":1}'}
        first, second = sfn.start_execution(**request), sfn.start_execution(**request)
        assert (first["executionArn"], first["startDate"]) == (second["executionArn"], second["startDate"])
        assert refused(sfn.start_execution, **{**request, "input": "{}"}) == (
            "ExecutionAlreadyExists",
            f"Execution Already Exists: '{first['executionArn']}'",
        )
        sfn.stop_execution(executionArn=first["executionArn"])
        assert refused(sfn.start_execution, **request)[0] == "ExecutionAlreadyExists"

    def test_a_version_is_started(self, world, sfn):
        version = sfn.publish_state_machine_version(stateMachineArn=world.machine("m", PASS))["stateMachineVersionArn"]
        assert ended(sfn, sfn.start_execution(stateMachineArn=version)["executionArn"])["status"] == "SUCCEEDED"


class TestWire:
    @pytest.mark.parametrize(
        ("action", "body", "kind"),
        [
            ("StartExecution", "{", "com.amazon.coral.service#SerializationException"),
            ("StartExecution", "[]", "com.amazon.coral.service#SerializationException"),
            ("StartExecution", '{"stateMachineArn": 1}', "com.amazon.coral.service#SerializationException"),
            ("StartExecution", "{}", "com.amazon.coral.validate#ValidationException"),
            ("StartExecution", '{"stateMachineArn": "x"}', "com.amazonaws.swf.service.v2.model#InvalidArn"),
            ("Nothing", "{}", "com.amazon.coral.service#UnknownOperationException"),
        ],
    )
    def test_errors_are_qualified(self, world, action, body, kind):
        answer = world.call(action, body)
        assert (answer.status, answer.json()["__type"]) == (400, kind)

    def test_dates_are_numbers(self, world):
        machine = world.machine("m", PASS)
        started = world.call("StartExecution", json.dumps({"stateMachineArn": machine})).json()
        assert isinstance(started["startDate"], float)
        ended(world.sfn, started["executionArn"])
        described = world.call("DescribeExecution", json.dumps({"executionArn": started["executionArn"]})).json()
        assert isinstance(described["stopDate"], float)
        listed = world.call("ListExecutions", json.dumps({"stateMachineArn": machine})).json()
        assert isinstance(listed["executions"][0]["startDate"], float)


class TestStandard:
    def test_only_a_success_has_an_output(self, world, sfn):
        failed = sfn.start_execution(stateMachineArn=world.machine("f", FAIL))["executionArn"]
        description = ended(sfn, failed)
        assert (description["status"], description["error"]) == ("FAILED", "Broken")
        assert description["cause"] == 'a "quoted" cause'
        assert "output" not in description
        running_arn = sfn.start_execution(stateMachineArn=world.machine("w", WAIT))["executionArn"]
        described = world.call("DescribeExecution", json.dumps({"executionArn": running_arn})).json()
        assert not {"stopDate", "output", "error", "cause"} & described.keys()
        machine = running_arn.rpartition(":")[0].replace(":execution:", ":stateMachine:")
        listed = world.call("ListExecutions", json.dumps({"stateMachineArn": machine})).json()
        assert "stopDate" not in listed["executions"][0]

    def test_stopping_is_idempotent(self, world, sfn):
        arn = sfn.start_execution(stateMachineArn=world.machine("w", WAIT))["executionArn"]
        first = sfn.stop_execution(executionArn=arn, error="E", cause="C")["stopDate"]
        assert sfn.stop_execution(executionArn=arn)["stopDate"] == first
        description = sfn.describe_execution(executionArn=arn)
        assert [description[key] for key in ("status", "error", "cause")] == ["ABORTED", "E", "C"]
        done = sfn.start_execution(stateMachineArn=world.machine("p", PASS))["executionArn"]
        stopped = ended(sfn, done)["stopDate"]
        assert sfn.stop_execution(executionArn=done)["stopDate"] == stopped

    def test_unknown_executions(self, world, sfn):
        arn = f"arn:aws:states:{REGION}:{world.account}:execution:m:none"
        for call in (sfn.describe_execution, sfn.stop_execution, sfn.get_execution_history):
            assert refused(call, executionArn=arn) == (
                "ExecutionDoesNotExist",
                f"Execution Does Not Exist: '{arn}'",
            )
            assert refused(call, executionArn="none")[0] == "InvalidArn"

    def test_lists_are_checked(self, world, sfn):
        machine = world.machine("m", PASS)
        assert refused(sfn.list_executions, stateMachineArn=f"{machine}x")[0] == "StateMachineDoesNotExist"
        assert refused(sfn.list_executions)[0] == "ValidationException"
        code, message = refused(sfn.list_executions, stateMachineArn=machine, maxResults=1001)
        assert (code, message.partition(" failed")[0]) == (
            "ValidationException",
            "1 validation error detected: Value '1001' at 'maxResults'",
        )
        code, message = refused(sfn.list_executions, stateMachineArn=machine, statusFilter="DONE")
        # The order is AWS's (localstack/localstack tests v4.14.0, v2/test_sfn_api, 14-03-2024).
        assert "Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT," in message

    def test_the_time_limit_ends_it(self, world, sfn):
        # The Wait ends after the limit has: what comes then must change nothing.
        late = {"StartAt": "W", "TimeoutSeconds": 1, "States": {"W": {"Type": "Wait", "Seconds": 2, "Next": "F"}}}
        late["States"]["F"] = {"Type": "Fail", "Error": "Late"}
        arn = sfn.start_execution(stateMachineArn=world.machine("m", late))["executionArn"]
        description = ended(sfn, arn)
        assert description["status"] == "TIMED_OUT"
        span = description["stopDate"] - description["startDate"]
        assert 0.9 < span.total_seconds() < 1.9
        history = sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"]
        assert history[0]["type"] == "ExecutionTimedOut"
        other = sfn.start_execution(
            stateMachineArn=world.machine("w", {**WAIT, "States": {"W": {"Type": "Wait", "Seconds": 2, "End": True}}})
        )["executionArn"]
        ended(sfn, other)  # longer than the Wait of the first one
        assert sfn.describe_execution(executionArn=arn)["status"] == "TIMED_OUT"
        assert sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"] == history

    def test_what_has_been_stopped_does_not_fail_later(self, world, sfn):
        world.permit("states", allow("states:StartExecution"))
        states = {"W": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": {"Type": "Fail", "Error": "Late"}}
        child = world.machine("child", {"StartAt": "W", "States": states})
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": child},
            "End": True,
        }
        parent = world.machine("parent", {"StartAt": "T", "States": {"T": task}})
        arn = sfn.start_execution(stateMachineArn=parent)["executionArn"]
        child_failed = {"stateMachineArn": child, "statusFilter": "FAILED"}
        wait_until(lambda: sfn.list_executions(stateMachineArn=child)["executions"], what="the child")
        sfn.stop_execution(executionArn=arn)
        wait_until(lambda: sfn.list_executions(**child_failed)["executions"], what="the child's failure")
        # A later execution that has run to its end gives the parent's thread the time to do what it should not.
        ended(sfn, sfn.start_execution(stateMachineArn=world.machine("later", PASS))["executionArn"])
        assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"
        assert sfn.get_execution_history(executionArn=arn)["events"][-1]["type"] == "ExecutionAborted"

    def test_status_changes_reach_the_event_bus(self, world, sfn):
        events, sqs = world.server.client("events", world.account), world.server.client("sqs", world.account)
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        pattern = {"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"]}
        events.put_rule(Name="r", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])
        short = {"StartAt": "W", "TimeoutSeconds": 1, "States": WAIT["States"]}
        for name, definition in (("p", PASS), ("f", FAIL), ("t", short)):
            sfn.start_execution(stateMachineArn=world.machine(name, definition), name=name)
        stopped = sfn.start_execution(stateMachineArn=world.machine("w", WAIT), name="w")["executionArn"]
        sfn.stop_execution(executionArn=stopped)
        seen = {}

        def complete():
            received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            for message in received:
                detail = json.loads(message["Body"])["detail"]
                seen.setdefault(detail["name"], []).append(detail["status"])
            return sum(map(len, seen.values())) >= 8

        wait_until(complete, what="eight events")
        assert {name: set(statuses) for name, statuses in seen.items()} == {
            "p": {"RUNNING", "SUCCEEDED"},
            "f": {"RUNNING", "FAILED"},
            "t": {"RUNNING", "TIMED_OUT"},
            "w": {"RUNNING", "ABORTED"},
        }


class TestExpress:
    def sync(self, world, **request):
        answer = world.call("StartSyncExecution", json.dumps(request))
        return answer.status, answer.json()

    def test_a_synchronous_execution_returns_its_result(self, world):
        machine = world.machine("e", PASS, "EXPRESS")
        status, answer = self.sync(world, stateMachineArn=machine, name="n", input='{"a": 1}')
        assert (status, answer["status"], json.loads(answer["output"])) == (200, "SUCCEEDED", {"a": 1})
        assert answer["executionArn"].startswith(f"arn:aws:states:{REGION}:{world.account}:express:e:n:")
        assert answer["billingDetails"]["billedDurationInMilliseconds"] == 100  # no delay before the first state
        assert self.sync(world, stateMachineArn=machine, name="n")[0] == 200

    def test_a_failure_is_told_and_has_no_output(self, world):
        status, answer = self.sync(world, stateMachineArn=world.machine("e", FAIL, "EXPRESS"))
        assert (status, answer["status"], answer["error"], answer["cause"]) == (
            200,
            "FAILED",
            "Broken",
            'a "quoted" cause',
        )
        assert "output" not in answer

    def test_the_time_limit_ends_it(self, world):
        short = {"StartAt": "W", "TimeoutSeconds": 1, "States": WAIT["States"]}
        answer = self.sync(world, stateMachineArn=world.machine("e", short, "EXPRESS"))[1]
        assert answer["status"] == "TIMED_OUT"

    def test_requests_are_checked(self, world):
        machine = world.machine("e", PASS, "EXPRESS")
        kinds = [
            self.sync(world, **request)[1]["__type"].rpartition("#")[2]
            for request in (
                {"stateMachineArn": machine, "input": "{"},
                {"stateMachineArn": machine, "name": "a b"},
                {"stateMachineArn": f"{machine}x"},
                {"stateMachineArn": world.machine("s", PASS)},
                {},
            )
        ]
        assert kinds == [
            "InvalidExecutionInput",
            "InvalidName",
            "StateMachineDoesNotExist",
            "StateMachineTypeNotSupported",
            "ValidationException",
        ]

    def test_names_repeat_and_executions_are_not_described(self, world, sfn):
        machine = world.machine("e", PASS, "EXPRESS")
        first, second = (sfn.start_execution(stateMachineArn=machine, name="n")["executionArn"] for _ in range(2))
        assert first != second
        for call in (sfn.describe_execution, sfn.stop_execution, sfn.get_execution_history):
            assert refused(call, executionArn=first) == (
                "InvalidArn",
                "Invalid Arn: 'Resource type not valid in this context: express'",
            )
        assert refused(sfn.list_executions, stateMachineArn=machine)[0] == "StateMachineTypeNotSupported"

    def test_a_task_may_wait_for_a_standard_execution(self, world, sfn):
        world.permit("states", allow("states:StartExecution"))
        child = world.machine("child", PASS)
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": child, "Input": {"a": 1}},
            "OutputPath": "$.Output",
            "End": True,
        }
        arn = sfn.start_execution(stateMachineArn=world.machine("parent", {"StartAt": "T", "States": {"T": task}}))
        description = ended(sfn, arn["executionArn"])
        assert (description["status"], json.loads(description["output"])) == ("SUCCEEDED", {"a": 1})


class TestTaskTokens:
    @pytest.fixture
    def limits(self):
        return {}

    @pytest.fixture
    def token(self, world, sfn, limits):
        sqs = world.server.client("sqs", world.account)
        queue = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        world.permit("states", allow("sqs:SendMessage"))
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": queue, "MessageBody": {"token.$": "$$.Task.Token"}},
            "End": True,
            **limits,
        }
        machine = world.machine("callback", {"StartAt": "T", "States": {"T": task}})
        self.execution = sfn.start_execution(stateMachineArn=machine)["executionArn"]
        message = wait_until(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))[0]
        return json.loads(message["Body"])["token"]

    def test_one_answer_is_taken_and_the_next_is_late(self, sfn, token):
        assert refused(sfn.send_task_success, taskToken=token, output="{")[0] == "InvalidOutput"
        assert refused(sfn.send_task_success, taskToken=token) == (
            "ValidationException",
            "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must not be null",
        )
        sfn.send_task_heartbeat(taskToken=token)
        sfn.send_task_success(taskToken=token, output='{"done": true}')
        assert json.loads(ended(sfn, self.execution)["output"]) == {"done": True}
        late = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        assert refused(sfn.send_task_success, taskToken=token, output="{}") == late
        assert refused(sfn.send_task_failure, taskToken=token) == late
        assert refused(sfn.send_task_heartbeat, taskToken=token) == late

    @pytest.mark.parametrize("limits", [{"HeartbeatSeconds": 1, "TimeoutSeconds": 60}])
    def test_heartbeats_keep_a_task_waiting_and_it_fails_without(self, sfn, token):
        begun = time.monotonic()
        while time.monotonic() < begun + 1.6:
            sfn.send_task_heartbeat(taskToken=token)
            time.sleep(0.1)
        assert sfn.describe_execution(executionArn=self.execution)["status"] == "RUNNING"
        last = time.monotonic()
        # Recorded on AWS, 2024-04-18 (localstack, test_heartbeats.snapshot.json).
        description = ended(sfn, self.execution)
        assert (description["status"], description["error"], description.get("cause")) == (
            "FAILED",
            "States.Timeout",
            None,
        )
        *_, timed_out, failed = sfn.get_execution_history(executionArn=self.execution)["events"]
        assert timed_out["type"] == "TaskTimedOut"
        assert timed_out["taskTimedOutEventDetails"]["error"] == "States.Timeout"
        assert failed["executionFailedEventDetails"] == {"error": "States.Timeout"}
        assert 0.8 < time.monotonic() - last < 3
        assert refused(sfn.send_task_success, taskToken=token, output="{}")[0] == "TaskTimedOut"

    def test_what_is_no_token(self, sfn):
        for call, more in (
            (sfn.send_task_success, {"output": "{}"}),
            (sfn.send_task_failure, {}),
            (sfn.send_task_heartbeat, {}),
        ):
            assert refused(call, taskToken="no token", **more) == ("InvalidToken", "Invalid Token: 'Invalid token'")
            # Of the form of a token, and none that was given out.
            unknown = base64.b64encode(b"\x01\x00\x2a" + bytes(40)).decode()
            assert refused(call, taskToken=unknown, **more)[0] == "TaskDoesNotExist"


def test_a_user_without_permission_is_refused(world, sfn):
    machine = world.machine("m", PASS)
    world.role("nobody", trust("ec2.amazonaws.com"))
    world.iam.create_user(UserName="u")
    key = world.iam.create_access_key(UserName="u")["AccessKey"]
    client = world.server.client("stepfunctions", secret=key["SecretAccessKey"], key=key["AccessKeyId"])
    code, message = refused(client.start_execution, stateMachineArn=machine)
    assert code == "AccessDeniedException"
    assert "states:StartExecution" in message


class TestRequestsThatAreTooLarge:
    """Source: "Maximum request size" in Step Functions' quotas, 1 MB; the text is that of AWS's JSON services."""

    TEXT = b"HTTP content length exceeded 1048576 bytes."

    def body(self, machine: str, length: int) -> bytes:
        empty = json.dumps({"stateMachineArn": machine, "input": "{}", "traceHeader": ""}).encode()
        return empty[:-2] + b"x" * (length - len(empty)) + empty[-2:]

    def test_a_direct_one(self, world):
        machine = world.machine("m", PASS)
        fits = world.call("StartExecution", self.body(machine, 1024 * 1024))
        assert b"traceHeader" in fits.body, "the service has read it"
        answer = world.call("StartExecution", self.body(machine, 1024 * 1024 + 1))
        assert (answer.status, answer.body) == (413, self.TEXT)

    def test_one_through_an_api(self, world):
        machine = world.machine("m", PASS)
        api = world.api()
        kept = {"413": {"selectionPattern": "413"}, "200": {}}
        api.states("/start", "StartExecution", "$input.body", responses=kept)
        api.deploy()
        assert api.call("/start", self.body(machine, 1024 * 1024)).status == 200
        answer = api.call("/start", self.body(machine, 1024 * 1024 + 1))
        assert (answer.status, answer.body) == (413, self.TEXT)


@pytest.mark.parametrize("through_api", [False, True])
def test_a_lone_surrogate_spoils_nothing(world, sfn, through_api):
    """From memory: what has no UTF-8 form becomes ``?`` in Java. Before, nothing could describe such an execution."""
    request = f'{{"stateMachineArn": "{world.machine("m", PASS)}", "input": "{{\\"a\\": \\"@\\"}}"}}'
    if through_api:
        api = world.api()
        api.states("/start", "StartExecution", request.replace("@", "$input.path('$.a')"))
        api.deploy()
        answer = api.call("/start", '{"a": "\\ud800"}')
    else:
        answer = world.call("StartExecution", request.replace("@", "\\ud800"))
    description = ended(sfn, answer.json()["executionArn"])
    assert json.loads(description["output"]) == {"a": "?"}
