"""Functions by their ARN, callbacks, activities and nested executions: events, results and errors as recorded on AWS.

Recorded on AWS: localstack/localstack tests v4.14.0, at the dates given below.
"""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime

import pytest

from sfn_harness.stepfunctions.errors import ApiError, StateError
from tests.stepfunctions.task_world import World, settle

STATES = "arn:aws:states:::"
FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:f"
ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:a"
CHILD = "arn:aws:states:us-east-1:111111111111:execution:child:run"
MOMENT = datetime(2025, 11, 6, 12, 0, 0, 123000, UTC)
DESCRIPTION = {
    "executionArn": CHILD,
    "stateMachineArn": "m",
    "name": "run",
    "status": "SUCCEEDED",
    "startDate": MOMENT,
    "stopDate": MOMENT,
    "input": "{}",
    "inputDetails": {"included": True},
    "output": '{"Arg1":"argument1"}',
    "outputDetails": {"included": True},
    "redriveCount": 0,
    "redriveStatus": "NOT_REDRIVABLE",
    "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
}
RESULT = {
    "ExecutionArn": CHILD,
    "Input": "{}",
    "InputDetails": {"Included": True},
    "Name": "run",
    "Output": '{"Arg1":"argument1"}',
    "OutputDetails": {"Included": True},
    "RedriveCount": 0,
    "RedriveStatus": "NOT_REDRIVABLE",
    "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    "StartDate": 1762430400123,
    "StateMachineArn": "m",
    "Status": "SUCCEEDED",
    "StopDate": 1762430400123,
}
SQS = {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}


@pytest.fixture
def world():
    world = World()
    world.outcomes.activities.add(ACTIVITY)
    world.services.answers["sqs", "SendMessage"] = {"MessageId": "m"}
    world.services.answers["stepfunctions", "StartExecution"] = {"executionArn": CHILD, "startDate": MOMENT}
    world.services.answers["stepfunctions", "StopExecution"] = {}
    return world


class TestFunction:
    """v2/services/test_lambda_task, 06-11-2025; v2/error_handling/test_task_lambda, 28-11-2024."""

    def test_returns(self, world):
        world.services.answers["lambda", "Invoke"] = {"StatusCode": 200, "Payload": b'{"Return": "HelloWorld"}'}
        assert world.run(FUNCTION, {}, timeout_seconds=5) == {"Return": "HelloWorld"}
        assert world.events == [
            ("LambdaFunctionScheduled", {"resource": FUNCTION, "input": {}, "timeoutInSeconds": 5}),
            ("LambdaFunctionStarted", {}),
            ("LambdaFunctionSucceeded", {"output": {"Return": "HelloWorld"}}),
        ]
        assert world.services.calls == [("lambda", "Invoke", {"FunctionName": FUNCTION, "Payload": b"{}"})]

    @pytest.mark.parametrize("resource", [FUNCTION, f"{STATES}lambda:invoke"])
    def test_raises(self, world, resource):
        said = {"errorMessage": "", "errorType": "CustomException", "stackTrace": ["  File ..."]}
        answer = {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": json.dumps(said).encode()}
        text = json.dumps(said, separators=(",", ":"))
        world.services.answers["lambda", "Invoke"] = answer
        assert world.run(resource, {}) == ("CustomException", text)
        assert world.kinds[-1] in ("LambdaFunctionFailed", "TaskFailed")
        assert world.events[-1][1]["cause"] == text

    def test_takes_too_long(self, world):
        """v2/timeouts/test_timeouts, 10-03-2024."""

        async def run():
            world.services.answers["lambda", "Invoke"] = lambda _: asyncio.Event().wait()
            attempt = asyncio.ensure_future(world.attempt(FUNCTION, {}, timeout_seconds=5))
            await settle()
            await world.clock.pass_by(5)
            return await attempt

        assert asyncio.run(run()) == ("States.Timeout", None)
        assert world.events[-1] == ("LambdaFunctionTimedOut", {"error": "States.Timeout"})


def waiting(world, then, resource=f"{STATES}sqs:sendMessage.waitForTaskToken", **members):
    """Start a task that waits for its token; do ``then(token)``; return the task's outcome."""

    async def run():
        token = world.integrations.tokens.new()
        attempt = asyncio.ensure_future(world.attempt(resource, {"MessageBody": {"t": token}}, token=token, **members))
        await settle()
        outcome = then(token)
        if asyncio.iscoroutine(outcome):
            await outcome
        return await attempt

    return asyncio.run(run())


def refusal(call, *arguments):
    with pytest.raises(ApiError) as error:
        call(*arguments)
    return error.value.code, error.value.message


class TestToken:
    """v2/callback/test_callback, 18-04-2024 and 29-04-2024."""

    def test_is_answered(self, world):
        tokens = world.integrations.tokens
        assert waiting(world, lambda token: tokens.succeed(token, {"a": 1})) == {"a": 1}
        assert world.kinds == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
        assert world.events[2][1]["output"]["MessageId"] == "m"
        assert world.events[3] == ("TaskSucceeded", {**SQS, "output": {"a": 1}})

    @pytest.mark.parametrize(("error", "cause"), [("Failure error", "Failure cause"), (None, None)])
    def test_is_failed(self, world, error, cause):
        tokens = world.integrations.tokens
        assert waiting(world, lambda token: tokens.fail(token, error, cause)) == (error, cause)
        said = {"error": error, "cause": cause} if error else {}
        assert world.events[-1] == ("TaskFailed", {**SQS, **said})

    def test_heartbeats_keep_it(self, world):
        """v2/timeouts/test_heartbeats, 18-04-2024: a missed one is States.Timeout."""

        async def beats(token):
            for _ in range(3):
                await world.clock.pass_by(4)
                world.integrations.tokens.beat(token)
            await world.clock.pass_by(4.9)
            assert world.kinds[-1] == "TaskSubmitted"
            await world.clock.pass_by(0.1)

        assert waiting(world, beats, heartbeat_seconds=5, timeout_seconds=600) == ("States.Timeout", None)
        assert world.events[-1] == ("TaskTimedOut", {**SQS, "error": "States.Timeout"})

    def test_may_be_answered_before_the_service_has(self, world):
        async def answer(parameters):
            world.integrations.tokens.succeed(json.loads(parameters["MessageBody"])["t"], 1)
            return {"MessageId": "m"}

        world.services.answers["sqs", "SendMessage"] = answer
        assert waiting(world, lambda _: None) == 1

    def test_is_answered_once(self, world):
        late = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        tokens, seen = world.integrations.tokens, []

        def twice(token):
            tokens.succeed(token, 1)
            seen.append(token)
            assert refusal(tokens.succeed, token, 2) == late

        assert waiting(world, twice) == 1
        assert refusal(tokens.fail, seen[0], None, None) == late
        assert refusal(tokens.beat, seen[0]) == late

    def test_that_nobody_has_made(self, world):
        tokens = world.integrations.tokens
        assert refusal(tokens.beat, "NoSuchTaskToken") == ("InvalidToken", "Invalid Token: 'Invalid token'")
        changed = bytearray(base64.b64decode(tokens.new()))
        changed[-1] ^= 1
        said = ("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
        assert refusal(tokens.beat, base64.b64encode(changed).decode()) == said

    def test_of_a_task_that_is_cancelled(self, world):
        async def run():
            token = world.integrations.tokens.new()
            resource = f"{STATES}sqs:sendMessage.waitForTaskToken"
            attempt = asyncio.ensure_future(world.attempt(resource, {}, token=token, timeout_seconds=9))
            await settle()
            attempt.cancel()
            await asyncio.wait((attempt,))
            assert attempt.cancelled()
            return token

        token = asyncio.run(run())
        assert world.kinds[-1] == "TaskSubmitted"
        assert refusal(world.integrations.tokens.succeed, token, 1)[0] == "TaskTimedOut"


class TestActivity:
    """v2/activities/test_activities, 17-03-2024."""

    def worked(self, world, then, name="worker", **members):
        async def run():
            attempt = asyncio.ensure_future(world.attempt(ACTIVITY, {"v": 1}, **members))
            await settle()
            token, parameters = await world.integrations.activities.take(ACTIVITY, name)
            assert parameters == {"v": 1}
            await then(token)
            return await attempt

        return asyncio.run(run())

    async def succeed(self, world, token):
        world.integrations.tokens.succeed(token, {"done": True})

    def test_is_worked_on(self, world):
        output = self.worked(world, lambda token: self.succeed(world, token), timeout_seconds=60, heartbeat_seconds=10)
        assert output == {"done": True}
        scheduled = {"resource": ACTIVITY, "input": {"v": 1}, "timeoutInSeconds": 60, "heartbeatInSeconds": 10}
        assert world.events == [
            ("ActivityScheduled", scheduled),
            ("ActivityStarted", {"workerName": "worker"}),
            ("ActivitySucceeded", {"output": {"done": True}}),
        ]

    def test_by_a_worker_without_a_name(self, world):
        self.worked(world, lambda token: self.succeed(world, token), name=None)
        assert world.events[1] == ("ActivityStarted", {})

    def test_fails(self, world):
        async def fail(token):
            world.integrations.tokens.fail(token, "Programmatic Error", "cause")

        assert self.worked(world, fail) == ("Programmatic Error", "cause")
        assert world.events[-1] == ("ActivityFailed", {"error": "Programmatic Error", "cause": "cause"})

    def test_times_out(self, world):
        assert self.worked(world, lambda _: world.clock.pass_by(5), timeout_seconds=5) == ("States.Timeout", None)
        assert world.events[-1] == ("ActivityTimedOut", {"error": "States.Timeout"})

    def test_that_nobody_takes(self, world):
        async def run():
            attempt = asyncio.ensure_future(world.attempt(ACTIVITY, {}, timeout_seconds=5))
            await settle()
            await world.clock.pass_by(5)
            assert await attempt == ("States.Timeout", None)
            worker = asyncio.ensure_future(world.integrations.activities.take(ACTIVITY, "late"))
            await settle()
            assert not worker.done()  # the task is no longer there
            worker.cancel()

        asyncio.run(run())
        assert world.kinds == ["ActivityScheduled", "ActivityTimedOut"]

    def test_that_is_gone(self, world):
        world.outcomes.activities.clear()
        assert world.run(ACTIVITY, {}) == (
            "States.Runtime",
            f"An error occurred while executing the state 'S' (entered at the event id #2). The activity {ACTIVITY} "
            "does not exist.",
        )
        assert world.events == []

    def test_workers_wait_in_turn(self, world):
        async def run():
            take = world.integrations.activities.take
            gone, first, second = (asyncio.ensure_future(take(ACTIVITY, name)) for name in ("gone", "first", "second"))
            await settle()
            gone.cancel()
            await settle()
            attempts = [asyncio.ensure_future(world.attempt(ACTIVITY, number)) for number in (1, 2)]
            taken = [await first, await second]
            for token, _ in taken:
                world.integrations.tokens.succeed(token, None)
            await asyncio.gather(*attempts)
            return [parameters for _, parameters in taken]

        assert asyncio.run(run()) == [1, 2]


class TestNestedExecution:
    """v2/callback/test_callback, 30-06-2023 to 12-07-2024; members of redrives: v2/credentials, 04-12-2024."""

    def test_is_started(self, world):
        output = world.run(f"{STATES}states:startExecution", {"StateMachineArn": "m", "Input": {"Hello": "World"}})
        assert (output["ExecutionArn"], output["StartDate"]) == (CHILD, 1762430400123)
        assert world.services.calls[0][2] == {"stateMachineArn": "m", "input": '{"Hello":"World"}'}

    @pytest.mark.parametrize("pattern", [".sync", ".sync:2"])
    def test_is_waited_for(self, world, pattern):
        world.outcomes.ended_executions[CHILD] = DESCRIPTION
        output = world.run(f"{STATES}states:startExecution{pattern}", {"StateMachineArn": "m"})
        parsed = {"Input": {}, "Output": {"Arg1": "argument1"}} if pattern == ".sync:2" else {}
        assert output == {**RESULT, **parsed}
        assert world.kinds == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]

    def test_fails(self, world):
        failed = {**DESCRIPTION, "status": "FAILED", "error": "SomeFailure", "cause": "because"}
        del failed["output"], failed["outputDetails"]
        world.outcomes.ended_executions[CHILD] = failed
        error, cause = world.run(f"{STATES}states:startExecution.sync", {"StateMachineArn": "m"})
        assert (error, json.loads(cause)["Error"]) == ("States.TaskFailed", "SomeFailure")
        assert "Output" not in json.loads(cause)

    def test_its_token_is_answered(self, world):
        resource = f"{STATES}states:startExecution.sync"
        assert waiting(world, lambda token: world.integrations.tokens.succeed(token, "x"), resource) == "x"

    def test_is_stopped_with_the_task(self, world):
        async def run():
            resource = f"{STATES}states:startExecution.sync"
            attempt = asyncio.ensure_future(world.attempt(resource, {}, timeout_seconds=5))
            await settle()
            await world.clock.pass_by(5)
            return await attempt

        assert asyncio.run(run()) == ("States.Timeout", None)
        assert world.services.calls[-1] == ("stepfunctions", "StopExecution", {"executionArn": CHILD})


@pytest.mark.parametrize("resource", ["nothing", f"{STATES}sqs:noSuchAction", f"{STATES}aws-sdk:nothing:do"])
def test_what_is_no_resource(world, resource):
    with pytest.raises(StateError) as error:
        world.integrations.prepare(resource)
    assert error.value.error == "States.Runtime"


def test_an_integration_is_made_once(world):
    assert world.integrations.prepare(FUNCTION) is world.integrations.prepare(FUNCTION)


class TestJob:
    """Other services' jobs. ECS: v2/services/test_ecs_task_service, 23-02-2024; the others: developer guide."""

    ECS = f"{STATES}ecs:runTask.sync"

    def ran(self, world, code):
        looks = iter(["PENDING", "RUNNING", "STOPPED"])

        def described(_parameters):
            return {"tasks": [{"taskArn": "t", "lastStatus": next(looks), "containers": [{"exitCode": code}]}]}

        world.services.answers["ecs", "RunTask"] = {"tasks": [{"taskArn": "t"}], "failures": []}
        world.services.answers["ecs", "DescribeTasks"] = described

        async def run():
            attempt = asyncio.ensure_future(world.attempt(self.ECS, {"Cluster": "c", "TaskDefinition": "d"}))
            for _ in range(3):
                await settle()
                await world.clock.pass_by(1)
            return await attempt

        return asyncio.run(run())

    def test_succeeds(self, world):
        done = self.ran(world, 0)
        assert done == {"Containers": [{"ExitCode": 0}], "LastStatus": "STOPPED", "TaskArn": "t"}
        assert world.events[0][1]["parameters"]["StartedBy"] == "AWS Step Functions"
        assert world.kinds == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
        assert world.services.calls[-1] == ("ecs", "DescribeTasks", {"cluster": "c", "tasks": ["t"]})

    def test_fails(self, world):
        error, cause = self.ran(world, 1)
        assert (error, json.loads(cause)["Containers"]) == ("States.TaskFailed", [{"ExitCode": 1}])

    def test_is_stopped_with_the_task(self, world):
        world.services.answers["glue", "StartJobRun"] = {"JobRunId": "r"}
        world.services.answers["glue", "GetJobRun"] = {"JobRun": {"JobRunState": "RUNNING"}}
        world.services.answers["glue", "BatchStopJobRun"] = {}

        async def run():
            resource = f"{STATES}glue:startJobRun.sync"
            attempt = asyncio.ensure_future(world.attempt(resource, {"JobName": "j"}, timeout_seconds=5))
            await settle()
            await world.clock.pass_by(5)
            return await attempt

        assert asyncio.run(run()) == ("States.Timeout", None)
        assert world.services.calls[-1] == ("glue", "BatchStopJobRun", {"JobName": "j", "JobRunIds": ["r"]})

    def test_what_has_no_end_that_is_known(self, world):
        with pytest.raises(StateError):
            world.integrations.prepare(f"{STATES}sqs:sendMessage.sync")
