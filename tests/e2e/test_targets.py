"""Which state machine is called, by the stage, and in the partitions that are not aws."""

import pytest

pytestmark = pytest.mark.local_only  # one AWS account is in one partition


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("cn-north-1", "aws-cn"), id="aws-cn", marks=pytest.mark.contract("target.aws-cn")),
        pytest.param(("us-gov-west-1", "aws-us-gov"), id="aws-us-gov", marks=pytest.mark.contract("target.aws-us-gov")),
    ],
)
def partition(request) -> tuple[str, str]:
    """A region of the partition, and its name."""
    return request.param


@pytest.fixture(scope="module")
def targets(deploy, configurations, engine, partition):
    return deploy(configurations / "targets", engine=engine, region=partition[0])


@pytest.mark.contract("route.default", "target.module", "target.region_and_account", "target.stage")
@pytest.mark.parametrize("stage", ["alpha", "beta"])
def test_each_stage_calls_its_own(targets, partition, stage):
    started = targets.http.post(targets.url("/execution", stage), json={"a": 1}).expect(200).json()
    machine = targets.outputs["state_machine_arns"][stage]
    assert started["executionArn"].startswith(machine.replace(":stateMachine:", ":execution:") + ":")
    assert started["executionArn"].split(":")[3] == partition[0]
    targets.executions.wait(started["executionArn"], "SUCCEEDED")


def test_the_two_are_not_one(targets):
    assert len(set(targets.outputs["state_machine_arns"].values())) == 2


def test_the_integration_is_in_the_partition(targets, partition):
    """The sandbox's other ARNs are of the partition aws everywhere."""
    gateway, api = targets.account.client("apigateway"), targets.outputs["rest_api_id"]
    [resource] = [each for each in gateway.get_resources(restApiId=api)["items"] if each["path"] == "/execution"]
    uri = gateway.get_integration(restApiId=api, resourceId=resource["id"], httpMethod="POST")["uri"]
    assert uri == f"arn:{partition[1]}:apigateway:{partition[0]}:states:action/StartExecution"
