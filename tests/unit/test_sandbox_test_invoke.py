"""TestInvokeMethod, on a real server."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_server import PASS, REGION, World, running

from sfn_harness.apigateway.execution_log import ExecutionLog, address, reason
from sfn_harness.apigateway.request import BackendRequest, GatewayFailure

ACCOUNTS = itertools.count(220000000001)
START = '{"stateMachineArn": "%s", "name": "$context.requestId", "input": "{}"}'
LINE = re.compile(r"\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} : (.*)")


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    return World(server, str(next(ACCOUNTS)))


@pytest.fixture
def api(world):
    return world.api()


def invoke(api, path: str = "/x", verb: str = "POST", **options: Any) -> dict[str, Any]:
    return api.gateway.test_invoke_method(restApiId=api.id, resourceId=api.resource(path), httpMethod=verb, **options)


def lines(answer: dict[str, Any]) -> list[str]:
    """The log's lines, without their times; its title is left out."""
    title, *rest = answer["log"].splitlines()
    assert title.startswith("Execution log for request ")
    return [LINE.fullmatch(line)[1] for line in rest]


def test_an_execution_starts_and_the_log_tells_how(world, api):
    machine = world.machine("m", PASS)
    api.states("/x", "StartExecution", START % machine)
    answer = invoke(api, body='{"a": 1}', headers={"X-Given": "g"})
    started = json.loads(answer["body"])["executionArn"]
    assert world.sfn.describe_execution(executionArn=started)["name"] == started.rpartition(":")[2]
    request_id = started.rpartition(":")[2]
    rendered = START.replace("$context.requestId", request_id) % machine
    where = f"https://states.{REGION}.amazonaws.com/?Action=StartExecution"
    assert answer["log"].startswith(f"Execution log for request {request_id}\n")
    found = [re.sub(r"latency: \d+ ms", "latency: N ms", line) for line in lines(answer)]
    assert found == [
        f"Starting execution for request: {request_id}",
        "HTTP Method: POST, Resource Path: /x",
        "Method request path: {}",
        "Method request query string: {}",
        "Method request headers: {X-Given=g}",
        'Method request body before transformations: {"a": 1}',
        f"Endpoint request URI: {where}",
        "Endpoint request headers: {content-type=application/json}",
        f"Endpoint request body after transformations: {rendered}",
        f"Sending request to {where}",
        "Received response. Status: 200, Integration latency: N ms",
        "Endpoint response headers: {Content-Type=application/x-amz-json-1.0}",
        f"Endpoint response body before transformations: {answer['body']}",
        f"Method response body after transformations: {answer['body']}",
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]
    assert answer["status"] == 200
    assert answer["headers"] == {"Content-Type": "application/json"}
    assert answer["multiValueHeaders"] == {"Content-Type": ["application/json"]}
    assert isinstance(answer["latency"], int)


def test_it_runs_the_method_as_it_is_now(api):
    def answers(text: str) -> None:
        api.mock("/x", responses={"200": {"responseTemplates": {"application/json": text}}})

    answers("deployed")
    api.deploy()
    answers("live")
    assert invoke(api)["body"] == "live"
    assert api.call("/x", "{}").body == b"deployed"


def test_path_query_headers_body_and_stage_variables_reach_the_template(api):
    template = (
        "$input.params('id')|$input.params('q')|$input.params('X-Many')|$input.path('$.a')|$stageVariables.v"
        "|$context.stage|$context.identity.sourceIp|$context.identity.apiKey|$context.resourcePath"
    )
    echo = {"200": {"responseTemplates": {"application/json": template}}}
    api.mock("/x/{id}/{rest+}", responses=echo, template='{"statusCode": 200, "a": 1}')
    answer = invoke(
        api,
        "/x/{id}/{rest+}",
        pathWithQueryString="/x/a%20b/c/d?q=1&q=2",
        multiValueHeaders={"x-many": ["one", "two"]},
        headers={"X-Many": "none"},
        body="{}",
        stageVariables={"v": "variable"},
    )
    assert answer["body"] == (
        "a b|2|two||variable|test-invoke-stage|test-invoke-source-ip|test-invoke-api-key|/x/{id}/{rest+}"
    )
    assert "Method request path: {id=a b, rest=c/d}" in lines(answer)
    assert "Method request query string: {q=1, 2}" in lines(answer)
    assert "Method request headers: {x-many=one, two}" in lines(answer)


def test_authorization_and_keys_do_not_apply(api):
    api.mock("/x", authorizationType="AWS_IAM", apiKeyRequired=True)
    assert invoke(api)["status"] == 200


FUNCTION = """
def handler(event, context):
    if event["headers"].get("x-fail"):
        raise ValueError("no")
    return {"statusCode": 201, "headers": {"X-Id": event["requestContext"]["requestId"]}, "body": event["body"]}
"""


def test_a_proxy_integration(world, api):
    function = world.function("f", FUNCTION)
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    integration = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}
    api.method("/x", integration=integration, responses={})
    answer = invoke(api, body="sent")
    assert (answer["status"], answer["body"]) == (201, "sent")
    assert answer["log"].startswith(f"Execution log for request {answer['headers']['X-Id']}\n")
    assert "Method response body after transformations: sent" in lines(answer)
    failed = invoke(api, body="sent", headers={"X-Fail": "yes"})
    assert failed["status"] == 502
    assert lines(failed)[-2].startswith("Execution failed due to configuration error: ")


class TestFailures:
    def test_validation(self, api):
        api.gateway.create_model(
            restApiId=api.id, name="M", contentType="application/json", schema='{"type": "object", "required": ["a"]}'
        )
        validator = api.gateway.create_request_validator(restApiId=api.id, name="v", validateRequestBody=True)["id"]
        api.mock("/x", requestValidatorId=validator, requestModels={"application/json": "M"})
        answer = invoke(api, body="{}")
        assert (answer["status"], json.loads(answer["body"])) == (400, {"message": "Invalid request body"})
        assert lines(answer)[-2:] == [
            "Request body does not match model schema for content type application/json: "
            '[object has missing required properties (["a"])]',
            "Method completed with status: 400",
        ]

    def test_a_role_that_cannot_be_assumed(self, world, api):
        role = f"arn:aws:iam::{world.account}:role/nobody"
        api.states("/x", "StartExecution", "{}", credentials=role)
        answer = invoke(api)
        assert (answer["status"], json.loads(answer["body"])) == (500, {"message": "Internal server error"})
        assert lines(answer)[-2:] == [
            f"Execution failed due to configuration error: The role {role} does not exist",
            "Method completed with status: 500",
        ]

    def test_no_response_for_the_endpoint_s_status(self, api):
        api.states("/x", "Nonsense", "{}", responses={"200": {"selectionPattern": "200"}})
        assert lines(invoke(api))[-3:] == [
            "Endpoint response body before transformations: "
            '{"__type": "com.amazon.coral.service#UnknownOperationException"}',
            "Execution failed due to configuration error: No match for output mapping and no default output mapping "
            "configured. Endpoint Response Status Code: 400",
            "Method completed with status: 500",
        ]

    def test_a_template_that_does_not_render(self, api):
        api.states("/x", "StartExecution", "#set($x =")
        answer = invoke(api)
        assert answer["status"] == 500
        assert "configuration error: Unable to transform request" in lines(answer)[-2]

    def test_a_media_type_without_a_template(self, api):
        api.states("/x", "StartExecution", "{}", passthroughBehavior="NEVER")
        answer = invoke(api, headers={"Content-Type": "text/plain"})
        assert answer["status"] == 415
        assert lines(answer)[-2] == "Execution failed: Unsupported Media Type"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"restApiId": "nobody"}, "Invalid API identifier specified"),
            ({"resourceId": "nobody"}, "Invalid Resource identifier specified"),
            ({"httpMethod": "GET"}, "Invalid Method identifier specified"),
        ],
    )
    def test_what_there_is_not(self, api, change, message):
        api.mock("/x")
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        with pytest.raises(ClientError) as error:
            api.gateway.test_invoke_method(**{**where, **change})
        assert error.value.response["Error"] == {"Code": "NotFoundException", "Message": message}


class TestCredentials:
    def test_none_is_in_the_log(self, world, api):
        machine = world.machine("m", PASS)
        template = '{"stateMachineArn": "%s", "input": "{\\"t\\": \\"$input.params(\'Authorization\')\\"}"}'
        api.states(
            "/x",
            "StartExecution",
            template % machine,
            requestParameters={"method.request.header.Authorization": False},
        )
        secrets = ["Bearer s3cr3t/t0ken+x", "sessionid=abcdef", "key-0123456789", "query-0123456789"]
        answer = invoke(
            api,
            headers={"Authorization": secrets[0], "Cookie": secrets[1], "X-API-Key": secrets[2], "X-Open": "shown"},
            pathWithQueryString=f"/x?access_token={secrets[3]}&open=shown",
            body=json.dumps({"also": "s3cr3t/t0ken+x"}),
        )
        assert answer["status"] == 200
        for secret in (*secrets, "s3cr3t"):
            assert secret not in answer["log"]
        assert "Authorization=****" in answer["log"]
        assert "open=shown" in answer["log"]
        assert "X-Open=shown" in answer["log"]
        execution = world.sfn.describe_execution(executionArn=json.loads(answer["body"])["executionArn"])
        assert json.loads(execution["input"]) == {"t": secrets[0]}, "only the log is to be without it"

    def test_a_static_one_is_hidden_too(self, world, api):
        mapping = {"integration.request.header.Authorization": "'Basic c2VjcmV0OnNlY3JldA=='"}
        api.states("/x", "StartExecution", START % world.machine("m", PASS), requestParameters=None)
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        operations = [{"op": "add", "path": f"/requestParameters/{name}", "value": v} for name, v in mapping.items()]
        api.gateway.update_integration(**where, patchOperations=operations)
        log = invoke(api)["log"]
        assert "c2VjcmV0" not in log
        assert "authorization=****" in log


def test_a_long_line_ends_after_1024_characters():
    log = ExecutionLog("r")
    log.add("x" * 1025)
    log.add("y" * 1024)
    *_, long, short = log.text.splitlines()
    assert long.endswith(f" : {'x' * 1024} [TRUNCATED]")
    assert short.endswith(f" : {'y' * 1024}")


def test_a_short_secret_is_hidden_where_its_name_is():
    log = ExecutionLog("r")
    log.add_values("Headers", {"X-Api-Key": "abc", "Cookie": ["d", "e"], "X": "abc"})
    assert log.text.endswith("Headers: {X-Api-Key=****, Cookie=****, X=abc}\n")


def test_a_secret_is_hidden_before_a_line_is_cut():
    log = ExecutionLog("r")
    log.hide(["secret-secret"])
    log.add("x" * 1020 + "secret-secret")
    assert "secr" not in log.text


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://h/x", "https://h/x?q=1&q=2"),
        ("arn:aws:apigateway:r:states:action/StopExecution", "https://states.r.amazonaws.com/?Action=StopExecution"),
        ("arn:aws-cn:apigateway:r:lambda:path/2015/f", "https://lambda.r.amazonaws.com.cn/2015/f"),
    ],
)
def test_where_a_request_goes(uri, expected):
    assert address(BackendRequest(uri, "POST", {}, {"q": ["1", "2"]}, b"")) == expected


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("INTEGRATION_TIMEOUT", "Execution failed due to a timeout error"),
        ("INTEGRATION_FAILURE", "Execution failed due to a network error communicating with endpoint: why"),
        ("DEFAULT_5XX", "Execution failed due to configuration error: why"),
    ],
)
def test_reasons(kind, line):
    assert reason(GatewayFailure(kind, detail="why"), content_type="application/json") == line
