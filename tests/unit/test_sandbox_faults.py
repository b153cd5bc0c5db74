"""Failures on demand: what a call meets, whose, for how long, and how they are put and lifted."""

from __future__ import annotations

import importlib
import json
import time
import urllib.request

import pytest
from botocore.exceptions import ClientError
from sandbox_server import PASS, SECRET, World, running, signed

from sfn_harness.sandbox import hooks
from sfn_harness.sandbox.account import Account
from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.local import LocalSandbox, SandboxError

ACCOUNT = "555566667777"
START = f'{{"input": "{{}}", "stateMachineArn": "arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:m"}}'


@pytest.fixture(scope="module")
def world():
    with running() as server:
        world = World(server, ACCOUNT)
        world.arn = world.machine("m", PASS)
        world.gateway_api = world.api()
        world.gateway_api.states("/start", "StartExecution", START)
        world.gateway_api.deploy()
        yield world


def faults(world, method: str, document) -> int:
    body = document if isinstance(document, str) else json.dumps(document)
    return world.server.maintain("/_sfn_harness/faults", body, method).status


@pytest.fixture
def put(world):
    """Put a fault for as long as a test runs."""
    placed = []

    def place(action: str = "StartExecution", account: str = ACCOUNT, **fault):
        placed.append({"account": account, "action": action})
        assert faults(world, "PUT", placed[-1] | fault) == 204

    yield place
    for each in placed:
        assert faults(world, "DELETE", each) == 204


def refusal(call, **parameters) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


def executions(world) -> int:
    return len(world.sfn.list_executions(stateMachineArn=world.arn)["executions"])


def test_a_direct_call_meets_the_fault_and_starts_nothing(world, put):
    before = executions(world)
    put(status=400, error_type="ThrottlingException", message="Rate exceeded")
    call = world.sfn.start_execution
    assert refusal(call, stateMachineArn=world.arn) == (400, "ThrottlingException", "Rate exceeded")
    assert executions(world) == before


def test_a_call_through_an_api_meets_it_with_a_qualified_name(world, put):
    before = executions(world)
    put(status=503, error_type="ServiceUnavailable")
    answer = world.gateway_api.call("/start", "{}")
    assert answer.json()["__type"] == "com.amazonaws.swf.service.v2.model#ServiceUnavailable"
    assert executions(world) == before


def test_the_name_can_be_left_without_its_namespace(world, put):
    put(status=400, error_type="ExecutionAlreadyExists", qualified=False)
    assert world.gateway_api.call("/start", "{}").json()["__type"] == "ExecutionAlreadyExists"


def test_a_delay_comes_first_and_the_call_succeeds(world, put):
    put(delay_seconds=0.3)
    for call in (lambda: world.gateway_api.call("/start", "{}"), lambda: world.sfn.start_execution(**machine(world))):
        began = time.monotonic()
        call()
        assert 0.3 <= time.monotonic() - began < 3


@pytest.mark.parametrize("through_an_api", [False, True])
def test_a_call_may_be_performed_and_told_of_an_error(world, put, through_an_api):
    before = executions(world)
    put(status=500, performed=True)
    if through_an_api:
        assert world.gateway_api.call("/start", "{}").json()["__type"].endswith("#InternalServerError")
    else:
        assert refusal(world.sfn.start_execution, stateMachineArn=world.arn)[:2] == (500, "InternalServerError")
    assert executions(world) == before + 1


def test_a_number_of_calls_meets_a_fault_and_the_next_one_follows(world, put):
    before = executions(world)
    put(status=500, calls=2, then={"status": 400, "error_type": "ExecutionLimitExceeded", "calls": 1})
    codes = [refusal(world.sfn.start_execution, **machine(world))[1] for _ in range(3)]
    assert codes == ["InternalServerError", "InternalServerError", "ExecutionLimitExceeded"]
    assert world.sfn.start_execution(**machine(world))["executionArn"]
    assert executions(world) == before + 1


def test_a_call_through_an_api_counts_once(world, put):
    put(status=500, calls=1)
    assert "executionArn" not in world.gateway_api.call("/start", "{}").json()
    assert "executionArn" in world.gateway_api.call("/start", "{}").json()


def machine(world) -> dict[str, str]:
    return {"stateMachineArn": world.arn}


def test_a_delay_holds_up_nobody_else(world, put):
    put("DescribeStateMachine", delay_seconds=600)
    with pytest.raises(TimeoutError):
        http_with_timeout(world, 0.2)
    # The other call is still being delayed, and for longer than this one may take.
    assert world.gateway_api.call("/start", "{}").status == 200


def http_with_timeout(world, seconds: float) -> None:
    target = {"x_amz_target": "AWSStepFunctions.DescribeStateMachine"}
    url = f"{world.server.endpoint}/"
    headers = signed("POST", url, b"{}", service="states", account=ACCOUNT, **target)
    request = urllib.request.Request(url, b"{}", {name.replace("_", "-"): value for name, value in headers.items()})
    urllib.request.urlopen(request, timeout=seconds)


def test_other_actions_and_accounts_do_not_meet_it(world, put):
    put(status=500)
    assert world.sfn.describe_state_machine(**machine(world))["name"] == "m"
    other = World(world.server, "666677778888")
    assert other.sfn.start_execution(stateMachineArn=other.machine("m", PASS))["executionArn"]


def test_it_is_over_once_it_is_lifted_and_lifting_twice_is_fine(world):
    about = {"account": ACCOUNT, "action": "StartExecution"}
    assert faults(world, "PUT", about | {"status": 500}) == 204
    assert refusal(world.sfn.start_execution, **machine(world))[:2] == (500, "InternalServerError")
    for _ in range(2):
        assert faults(world, "DELETE", about) == 204
        assert world.sfn.start_execution(**machine(world))["executionArn"]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "no json",
        {},
        {"account": "1"},
        {"account": "1", "action": "A", "x": 1},
        {"account": "1", "action": "A", "then": {"x": 1}},
    ],
)
def test_what_is_no_fault_is_400(world, document):
    assert faults(world, "PUT", document) == 400


def test_the_harness_puts_and_lifts_it(world):
    sandbox = LocalSandbox(secret=SECRET)
    sandbox.endpoint = world.server.endpoint
    account = Account(ACCOUNT, "eu-west-1", world.server.endpoint, SECRET)
    fault = {"status": 400, "error_type": "ExecutionLimitExceeded", "message": "full"}
    with sandbox.fault(account, "StartExecution", **fault):
        assert refusal(world.sfn.start_execution, **machine(world)) == (400, "ExecutionLimitExceeded", "full")
    assert world.sfn.start_execution(**machine(world))["executionArn"]


def test_the_harness_says_when_the_sandbox_will_not(world):
    sandbox = LocalSandbox()
    sandbox.endpoint = f"{world.server.endpoint}/nowhere"
    with (
        pytest.raises(SandboxError, match="refused the fault"),
        sandbox.fault(Account(ACCOUNT), "StartExecution", status=500),
    ):
        pass


def test_two_hooks_of_one_attribute_have_names_of_their_own():
    def make(original):
        return original

    assert Hook("a.b", "c", "why", make).name == "b.c"
    assert Hook("a.b", "c", "why", make, part="d").name == "b.c:d"


def test_each_hook_can_be_left_out_alone():
    with running("--without-hook=stepfunctions.handle_request:faults") as server:
        world = World(server, ACCOUNT)
        arn = world.machine("m", PASS)
        about = {"account": ACCOUNT, "action": "StartExecution"}
        assert faults(world, "PUT", about | {"status": 500}) == 204
        assert world.sfn.start_execution(stateMachineArn=arn)["executionArn"]
        # The other hook of the same attribute is in place.
        assert (
            world.call("ListStateMachines", "[]").json()["__type"] == "com.amazon.coral.service#SerializationException"
        )


def test_no_two_hooks_have_one_name():
    names = [
        hook.name
        for module in hooks._MODULES
        for hook in importlib.import_module(f"sfn_harness.sandbox.hooks.{module}").HOOKS
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", ["KmsAccessDeniedException", "KmsThrottlingException", "KmsInvalidStateException"])
def test_a_key_that_fails(world, put, kind):
    """Source: the errors of StartExecution's siblings in botocore's stepfunctions model, for encrypted machines."""
    assert world.sfn.exceptions.from_code(kind).__name__ == kind
    put(status=400, error_type=kind, message="no")
    assert world.gateway_api.call("/start", "{}").json() == {
        "__type": f"com.amazonaws.swf.service.v2.model#{kind}",
        "message": "no",
    }
