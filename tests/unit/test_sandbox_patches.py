"""Updates of API Gateway's resources by patch operations, and what Step Functions says of a state machine."""

from __future__ import annotations

import json

import pytest
from sandbox_server import PASS, World, running

from sfn_harness.sandbox.hooks.patches import patched


def operation(op: str, path: str, value=None) -> dict:
    return {"op": op, "path": path, "value": value}


@pytest.mark.parametrize(
    ("resource", "operations", "expected"),
    [
        ({"name": "a"}, [operation("replace", "/name", "b")], {"name": "b"}),
        ({"name": "a"}, [operation("replace", "/name", "true")], {"name": "true"}),
        ({}, [operation("replace", "/description", "12")], {"description": "12"}),
        ({"a": 1}, [operation("remove", "/a")], {}),
        ({}, [operation("remove", "/a/b")], {"a": {}}),
        ({}, [operation("replace", "", "x")], {}),
        ({}, [operation("replace", "/timeoutInMillis", "5000")], {"timeoutInMillis": 5000}),
        ({"ttl": 5}, [operation("replace", "/ttl", "-1")], {"ttl": -1}),
        ({"ttl": 5}, [operation("replace", "/ttl", "soon")], {"ttl": "soon"}),
        ({}, [operation("replace", "/apiKeyRequired", "True")], {"apiKeyRequired": True}),
        ({"on": True}, [operation("replace", "/on", "false")], {"on": False}),
        (
            {},
            [operation("add", "/requestTemplates/application~1json", "x~0~1")],
            {"requestTemplates": {"application/json": "x~0~1"}},
        ),
        ({"types": ["EDGE"]}, [operation("replace", "/types/0", "REGIONAL")], {"types": ["REGIONAL"]}),
        ({"types": ["EDGE"]}, [operation("replace", "/types/EDGE", "REGIONAL")], {"types": ["REGIONAL"]}),
        ({}, [operation("add", "/variables/a~01", "v")], {"variables": {"a~1": "v"}}),
        (
            {},
            [operation("add", "/requestParameters/method.request.header.a", "true")],
            {"requestParameters": {"method.request.header.a": True}},
        ),
        (
            {},
            [operation("add", "/requestParameters/integration.request.header.a", "'true'")],
            {"requestParameters": {"integration.request.header.a": "'true'"}},
        ),
        ({}, [operation("add", "/binaryMediaTypes/image~1png")], {"binaryMediaTypes": ["image/png"]}),
        (
            {"binaryMediaTypes": ["a/b", "c/d"]},
            [operation("add", "/binaryMediaTypes/a~1b"), operation("remove", "/binaryMediaTypes/c~1d")],
            {"binaryMediaTypes": ["a/b"]},
        ),
        (
            {"variables": {"a": "1"}},
            [operation("remove", "/variables/a"), operation("replace", "/variables/b", "2")],
            {"variables": {"b": "2"}},
        ),
    ],
)
def test_operations(resource, operations, expected):
    assert patched(resource, operations) == expected
    assert resource == expected  # in place


@pytest.fixture(scope="module")
def world():
    with running() as server:
        yield World(server, "777788889999")


class TestOnTheServer:
    def test_a_template_is_replaced_by_its_content_type(self, world):
        api = world.api()
        api.mock("/x", template='{"statusCode": 200}')
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        path = "/requestTemplates/application~1json"
        world.gateway.update_integration(**where, patchOperations=[operation("replace", path, '{"statusCode": 204}')])
        integration = world.gateway.get_integration(**where)
        assert integration["requestTemplates"] == {"application/json": '{"statusCode": 204}'}

    def test_a_timeout_stays_a_number(self, world):
        api = world.api()
        api.mock("/x")
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        world.gateway.update_integration(**where, patchOperations=[operation("replace", "/timeoutInMillis", "1000")])
        assert world.gateway.get_integration(**where)["timeoutInMillis"] == 1000

    def test_a_stage_variable_with_a_slash_and_tracing(self, world):
        api = world.api()
        api.mock("/x")
        api.deploy()
        where = {"restApiId": api.id, "stageName": "alpha"}
        operations = [operation("replace", "/variables/a", "b/c"), operation("replace", "/tracingEnabled", "true")]
        world.gateway.update_stage(**where, patchOperations=operations)
        stage = world.gateway.get_stage(**where)
        assert (stage["variables"], stage["tracingEnabled"]) == ({"a": "b/c"}, True)

    @pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
    def test_a_state_machine_says_whether_it_is_traced(self, world, kind):
        arn = world.machine(kind.lower(), PASS, kind)
        described = world.sfn.describe_state_machine(stateMachineArn=arn)
        assert described["tracingConfiguration"] == {"enabled": False}
        world.sfn.update_state_machine(stateMachineArn=arn, tracingConfiguration={"enabled": True})
        described = world.sfn.describe_state_machine(stateMachineArn=arn)
        assert described["tracingConfiguration"] == {"enabled": True}

    def test_a_state_machine_may_be_traced_from_the_start(self, world):
        arn = world.sfn.create_state_machine(
            name="traced",
            definition=json.dumps(PASS),
            roleArn=world.states_role,
            tracingConfiguration={"enabled": True},
        )["stateMachineArn"]
        assert world.sfn.describe_state_machine(stateMachineArn=arn)["tracingConfiguration"] == {"enabled": True}

    def test_an_unknown_state_machine_has_an_error_and_nothing_else(self, world):
        arn = "arn:aws:states:eu-west-1:777788889999:stateMachine:none"
        with pytest.raises(world.sfn.exceptions.StateMachineDoesNotExist):
            world.sfn.describe_state_machine(stateMachineArn=arn)
