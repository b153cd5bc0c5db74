"""The flows of AWS's tutorial "Creating a Step Functions API Using API Gateway", one test each."""

import json
import time

import pytest


def test_api_gateway_assumes_a_role_that_may_start_executions(tutorial):
    assert tutorial.outputs["invoke_role_name"] == "APIGatewayToStepFunctions"
    role = tutorial.account.client("iam").get_role(RoleName="APIGatewayToStepFunctions")["Role"]
    statement = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}


def test_the_api_has_the_resource_execution_with_a_post_method_for_start_execution(tutorial):
    client = tutorial.account.client("apigateway")
    api = next(api for api in client.get_rest_apis()["items"] if api["name"] == "StartExecutionAPI")
    resource = next(r for r in client.get_resources(restApiId=api["id"])["items"] if r["path"] == "/execution")
    integration = client.get_integration(restApiId=api["id"], resourceId=resource["id"], httpMethod="POST")
    assert (integration["type"], integration["httpMethod"]) == ("AWS", "POST")
    assert integration["uri"].endswith(":states:action/StartExecution")
    [stage] = client.get_stages(restApiId=api["id"])["item"]
    assert stage["stageName"] == "alpha"
    # The role is the stage's variable, so that another one replaces no integration.
    assert integration["credentials"].endswith(":${stageVariables.invokeRole}")
    assert stage["variables"] == {"invokeRole": "role/APIGatewayToStepFunctions"}


def test_a_test_invocation_brings_the_stage_variable(tutorial):
    client = tutorial.account.client("apigateway")
    api = next(api for api in client.get_rest_apis()["items"] if api["name"] == "StartExecutionAPI")
    resource = next(r for r in client.get_resources(restApiId=api["id"])["items"] if r["path"] == "/execution")
    body = {"input": "{}", "stateMachineArn": tutorial.outputs["state_machine_arn"]}
    tested = client.test_invoke_method(
        restApiId=api["id"],
        resourceId=resource["id"],
        httpMethod="POST",
        body=json.dumps(body),
        stageVariables={"invokeRole": "role/APIGatewayToStepFunctions"},
    )
    assert tested["status"] == 200, tested["log"]
    arn = json.loads(tested["body"])["executionArn"]
    assert tutorial.executions.wait(arn, "SUCCEEDED")["name"] == arn.rpartition(":")[2]


@pytest.mark.contract("input.passthrough", "name.passthrough")
def test_pass_through_body_starts_the_execution_it_names(tutorial):
    name = f"MyExecution-{time.time_ns()}"
    body = {"input": "{}", "name": name, "stateMachineArn": tutorial.outputs["state_machine_arn"]}
    answer = tutorial.http.post(tutorial.url("/execution", "alpha"), json=body).expect(200)
    assert set(answer.json()) == {"executionArn", "startDate"}
    assert answer.json()["executionArn"].endswith(f":execution:HelloWorld:{name}")


@pytest.mark.contract("input.passthrough")
def test_curl_without_a_content_type_header_starts_one_too(tutorial, paste):
    """curl -d alone says application/x-www-form-urlencoded, and the tutorial's command is just that."""
    body = json.dumps({"input": "{}", "stateMachineArn": tutorial.outputs["state_machine_arn"]})
    url = tutorial.outputs["invoke_urls"]["alpha"]
    status, answer = paste(tutorial, f"curl -X POST -d '{body}' '{url}/execution'")
    assert (status, set(json.loads(answer))) == (200, {"executionArn", "startDate"})


def test_describe_execution_gives_the_result(tutorial):
    body = {"input": "{}", "stateMachineArn": tutorial.outputs["state_machine_arn"]}
    started = tutorial.http.post(tutorial.url("/execution", "alpha"), json=body).expect(200).json()
    tutorial.executions.wait(started["executionArn"], "SUCCEEDED")
    described = tutorial.account.client("stepfunctions").describe_execution(executionArn=started["executionArn"])
    assert described["status"] == "SUCCEEDED"
    assert json.loads(described["output"]) == "Hello World!"
    assert described["startDate"].timestamp() == pytest.approx(started["startDate"], abs=0.002)


@pytest.mark.contract("target.module")
def test_a_mapping_template_fixes_the_state_machine(contract):
    """The caller sends the input alone and can't choose another state machine."""
    body = {"stateMachineArn": contract.outputs["state_machine_arns"]["failing"], "input": "{}"}
    started = contract.http.post(contract.url("/execution"), json=body).expect(200).json()
    ended = contract.executions.wait(started["executionArn"], "SUCCEEDED")
    assert ended["stateMachineArn"] == contract.outputs["state_machine_arn"]
    assert contract.executions.input(started["executionArn"]) == body


@pytest.mark.contract("target.stage")
@pytest.mark.parametrize("stage", ["dev", "test", "prod"])
def test_a_stage_variable_picks_the_state_machine(deploy, examples, stage):
    stages = deploy(examples / "stages")
    started = stages.http.post(stages.url("/execution", stage), json={}).expect(200).json()
    ended = stages.executions.wait(started["executionArn"], "SUCCEEDED")
    assert ended["stateMachineArn"] == stages.outputs["state_machine_arns"][stage]
    assert stages.executions.output(started["executionArn"]) == f"hello from {stage}"
    name = started["executionArn"].rpartition(":")[2]
    described = stages.http.get(stages.url(f"/execution/{name}", stage)).expect(200).json()
    assert described["executionArn"] == started["executionArn"]
