"""State machines in the sandbox's CloudFormation stacks."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_server import FAIL, PASS, World, ended, running, trust, wait_until

ACCOUNTS = itertools.count(400000000001)


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    return World(server, str(next(ACCOUNTS)))


@pytest.fixture
def stacks(world):
    return world.server.client("cloudformation", world.account)


@pytest.fixture
def role(world) -> str:
    return world.role("stacks-states", trust("states.amazonaws.com"))


def template(role: str, **properties: Any) -> str:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": role, **properties}}
    outputs = {
        name: {"Value": {"Fn::GetAtt": ["Machine", attribute]}}
        for name, attribute in (("Arn", "Arn"), ("Name", "Name"), ("Revision", "StateMachineRevisionId"))
    }
    return json.dumps({"Resources": {"Machine": machine}, "Outputs": outputs})


def outputs(stacks: Any, status: str) -> dict[str, str]:
    def look() -> dict[str, Any] | None:
        stack = stacks.describe_stacks(StackName="s")["Stacks"][0]
        return stack if stack["StackStatus"] == status else None

    return {one["OutputKey"]: one["OutputValue"] for one in wait_until(look, what=status)["Outputs"]}


def test_a_machine_of_a_stack_runs(world, stacks, role):
    # Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api.py
    # test_cloudformation_definition_create_describe, 17-11-2023.
    tags = [{"Key": "a", "Value": "b"}]
    stacks.create_stack(StackName="s", TemplateBody=template(role, StateMachineName="m", Definition=PASS, Tags=tags))
    made = outputs(stacks, "CREATE_COMPLETE")
    described = world.sfn.describe_state_machine(stateMachineArn=made["Arn"])
    assert json.loads(described["definition"]) == PASS
    assert (described["name"], described["roleArn"], described["type"]) == ("m", role, "STANDARD")
    assert described["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    tagged = {tag["key"]: tag["value"] for tag in world.sfn.list_tags_for_resource(resourceArn=made["Arn"])["tags"]}
    assert (tagged["a"], tagged["aws:cloudformation:stack-name"]) == ("b", "s")
    execution = world.sfn.start_execution(stateMachineArn=made["Arn"])["executionArn"]
    assert ended(world.sfn, execution)["status"] == "SUCCEEDED"


def test_an_update_and_a_deletion(world, stacks, role):
    tracing = {"Enabled": "true"}
    first = template(role, DefinitionString=json.dumps(PASS), TracingConfiguration=tracing, StateMachineType="EXPRESS")
    stacks.create_stack(StackName="s", TemplateBody=first)
    made = outputs(stacks, "CREATE_COMPLETE")
    assert made["Name"].startswith("s-Machine-")
    described = world.sfn.describe_state_machine(stateMachineArn=made["Arn"])
    assert (described["tracingConfiguration"], described["type"]) == ({"enabled": True}, "EXPRESS")
    changed = template(role, DefinitionString=json.dumps(FAIL), StateMachineType="EXPRESS")
    stacks.update_stack(StackName="s", TemplateBody=changed)
    updated = outputs(stacks, "UPDATE_COMPLETE")
    assert (updated["Arn"], updated["Revision"] != made["Revision"]) == (made["Arn"], True)
    described = world.sfn.describe_state_machine(stateMachineArn=made["Arn"])
    assert (json.loads(described["definition"]), described["tracingConfiguration"]) == (FAIL, {"enabled": False})
    stacks.delete_stack(StackName="s")

    def is_gone() -> bool:
        try:
            world.sfn.describe_state_machine(stateMachineArn=made["Arn"])
        except ClientError:
            return True
        return False

    wait_until(is_gone, what="the deletion")


def test_a_wrong_definition_fails_the_stack(stacks, role):
    stacks.create_stack(StackName="s", TemplateBody=template(role, Definition={"StartAt": "A"}))

    def reasons() -> list[str]:
        events = stacks.describe_stack_events(StackName="s")["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
        return [event["ResourceStatusReason"] for event in failed if event["LogicalResourceId"] == "Machine"]

    assert "These fields are required: [States] at /" in wait_until(reasons, what="the failure")[0]
