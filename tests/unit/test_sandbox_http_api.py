"""HTTP APIs that call Step Functions, on a server that runs."""

import json
import re
import time

import pytest
from botocore.exceptions import ClientError
from sandbox_server import PASS, REGION, WAIT, World, allow, http, policy, running, trust, wait_until

ACCOUNT = "333344445555"


class HttpApi:
    def __init__(self, world: World, name: str, variables: dict | None = None) -> None:
        self.world = world
        self.gateway = world.server.client("apigatewayv2", world.account)
        self.id = self.gateway.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
        self.gateway.create_stage(ApiId=self.id, StageName="$default", AutoDeploy=True, StageVariables=variables or {})

    def integration(self, action: str, parameters: dict, **changes):
        settings = {
            "IntegrationType": "AWS_PROXY",
            "IntegrationSubtype": f"StepFunctions-{action}",
            "CredentialsArn": f"arn:aws:iam::{self.world.account}:role/gateway",
            "PayloadFormatVersion": "1.0",
            "RequestParameters": parameters,
            **changes,
        }
        return self.gateway.create_integration(ApiId=self.id, **settings)

    def route(self, key: str, action: str, parameters: dict, **changes) -> str:
        found = self.integration(action, parameters, **changes)["IntegrationId"]
        self.gateway.create_route(ApiId=self.id, RouteKey=key, Target=f"integrations/{found}")
        return found

    def call(self, path: str, body: str | bytes | None = "{}", verb: str = "POST", **headers: str):
        # A stage of that name serves at the root, as on AWS.
        return http(f"{self.world.server.endpoint}/_aws/execute-api/{self.id}{path}", body, verb, **headers)


@pytest.fixture(scope="module")
def server():
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def world(server) -> World:
    return World(server, ACCOUNT)


@pytest.fixture(scope="module")
def machine(world) -> str:
    return world.machine("orders", PASS)


@pytest.fixture(scope="module")
def express(world) -> str:
    return world.machine("quick", PASS, "EXPRESS")


@pytest.fixture(scope="module")
def api(world, machine) -> HttpApi:
    return HttpApi(world, "api", {"machine": machine})


def execution(world, answer):
    return world.sfn.describe_execution(executionArn=answer.json()["executionArn"])


def test_post_starts_an_execution_with_the_body_as_its_input(world, api, machine):
    api.route("POST /start", "StartExecution", {"StateMachineArn": machine, "Input": "$request.body"})
    sent = {"text": 'it\'s "é" \\ \u2028', "n": 12345678901234567890}
    answer = api.call("/start", json.dumps(sent))
    assert answer.status == 200
    assert set(answer.json()) == {"executionArn", "startDate"}
    assert isinstance(answer.json()["startDate"], float | int)
    assert json.loads(execution(world, answer)["input"]) == sent
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"


def test_the_machine_may_come_from_a_stage_variable_and_the_name_from_the_context(world, api, machine):
    parameters = {
        "StateMachineArn": "$stageVariables.machine",
        "Name": "$context.requestId",
        "Input": "$request.body",
        "Region": REGION,
    }
    api.route("POST /named", "StartExecution", parameters)
    answer = api.call("/named")
    assert answer.status == 200, answer.body
    name = answer.json()["executionArn"].rpartition(":")[2]
    assert name == answer.headers["apigw-requestid"]
    assert re.fullmatch(r"[\w-]{15}=", name)
    assert answer.json()["executionArn"].startswith(machine.replace(":stateMachine:", ":execution:"))


def test_expressions(world, api, machine):
    mapped = {
        "header": "${request.header.X-One}",
        "query": "${request.querystring.q}",
        "path": "${request.path.id}",
        "whole": "${request.path}",
        "part": "${request.body.a.b[1]}",
        "tree": "${request.body.a}",
        "missing": "${request.body.none}",
        "stage": "${context.stage}",
        "route": "${context.routeKey}",
        "verb": "$context.httpMethod",
    }
    text = json.dumps({key: value for key, value in mapped.items() if key != "tree"})
    text = text[:-1] + ', "tree": ${request.body.a}}'
    api.route("POST /map/{id}", "StartExecution", {"StateMachineArn": machine, "Input": text})
    answer = api.call("/map/7?q=1&q=2", '{"a": {"b": [1, "two"]}}', x_one="h")
    assert json.loads(execution(world, answer)["input"]) == {
        "header": "h",
        "query": "1,2",
        "path": "7",
        "whole": "/map/7",
        "part": "two",
        "tree": {"b": [1, "two"]},
        "missing": "",
        "stage": "$default",
        "route": "POST /map/{id}",
        "verb": "$context.httpMethod",  # a part of a text needs braces
    }


def test_an_optional_parameter_without_a_value_is_left_out_and_a_required_one_is_400(world, api, machine):
    parameters = {"StateMachineArn": machine, "Name": "$request.header.x-name", "Input": "$request.body.order"}
    api.route("POST /optional", "StartExecution", parameters)
    answer = api.call("/optional", "not json")
    assert answer.status == 200, answer.body
    assert execution(world, answer)["input"] == "{}"
    api.route("POST /required", "StartExecution", {"StateMachineArn": "$request.body.machine"})
    answer = api.call("/required", "{}")
    assert (answer.status, answer.json()) == (400, {"message": "Bad Request"})


def test_a_path_into_a_body_over_100_kb_finds_nothing(world, api, machine):
    api.route("POST /long", "StartExecution", {"StateMachineArn": machine, "Input": "$request.body.order"})
    body = json.dumps({"order": {"n": 1}, "filler": "x" * 100_000})
    assert json.loads(execution(world, api.call("/long", body[:-30] + '"}'))["input"]) == {"n": 1}
    assert execution(world, api.call("/long", json.dumps({"order": 1, "filler": "x" * 110_000})))["input"] == "{}"


def test_a_synchronous_call_answers_the_execution(api, express):
    api.route("POST /sync", "StartSyncExecution", {"StateMachineArn": express, "Input": "$request.body"})
    answer = api.call("/sync", '{"n": 1}')
    assert answer.status == 200, answer.body
    assert answer.json()["status"] == "SUCCEEDED"
    assert json.loads(answer.json()["output"]) == {"n": 1}


def test_a_synchronous_call_that_takes_too_long_is_503(world, api):
    slow = world.machine(
        "slow", {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3, "End": True}}}, "EXPRESS"
    )
    api.route("POST /slow", "StartSyncExecution", {"StateMachineArn": slow}, TimeoutInMillis=300)
    began = time.monotonic()
    answer = api.call("/slow")
    assert (answer.status, answer.json()) == (503, {"message": "Service Unavailable"})
    assert time.monotonic() - began < 2


def test_delete_stops_an_execution(world, api):
    world.machine("waits", WAIT)
    waiting = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:waits"
    arn = world.sfn.start_execution(stateMachineArn=waiting, name="one")["executionArn"]
    prefix = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:waits"
    parameters = {
        "ExecutionArn": prefix + ":${request.path.name}",
        "Error": "$request.querystring.error",
        "Cause": "$request.body",
    }
    api.route("DELETE /stop/{name}", "StopExecution", parameters)
    answer = api.call("/stop/one?error=Enough", "because", "DELETE")
    assert answer.status == 200, answer.body
    assert set(answer.json()) == {"stopDate"}
    stopped = world.sfn.describe_execution(executionArn=arn)
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "Enough", "because")
    answer = api.call("/stop/none", verb="DELETE")
    assert answer.status == 400
    assert answer.json()["__type"] == "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist"


def test_the_role_decides(world, api, machine):
    world.role("elsewhere", trust("lambda.amazonaws.com"), allow("states:*"))
    world.role("bare", trust("apigateway.amazonaws.com"), allow("states:StopExecution"))
    parameters = {"StateMachineArn": machine}
    before = len(world.sfn.list_executions(stateMachineArn=machine)["executions"])
    for role in ("elsewhere", "absent"):
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
        api.route(f"POST /{role}", "StartExecution", parameters, CredentialsArn=arn)
        answer = api.call(f"/{role}")
        assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
        assert answer.headers["apigw-requestid"]
    found = api.route("POST /bare", "StartExecution", parameters, CredentialsArn=f"arn:aws:iam::{ACCOUNT}:role/bare")
    answer = api.call("/bare")
    assert answer.status == 400
    assert answer.json()["__type"] == "com.amazon.coral.service#AccessDeniedException"
    assert len(world.sfn.list_executions(stateMachineArn=machine)["executions"]) == before
    # What a role may do is looked up at every call, not remembered.
    world.iam.put_role_policy(RoleName="bare", PolicyName="allowed", PolicyDocument=allow("states:StartExecution"))
    assert api.call("/bare").status == 200
    world.iam.put_role_policy(RoleName="bare", PolicyName="allowed", PolicyDocument=allow("states:StopExecution"))
    assert api.call("/bare").status == 400
    gateway_role = f"arn:aws:iam::{ACCOUNT}:role/gateway"
    api.gateway.update_integration(ApiId=api.id, IntegrationId=found, CredentialsArn=gateway_role)
    assert api.call("/bare").status == 200


def test_the_role_may_be_limited_to_the_api(world, api, machine):
    source = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.id}/$default/POST/scoped"
    for name, arn, status in (("scoped", source, 200), ("other", source + "/other", 500)):
        condition = {"ArnLike": {"aws:SourceArn": arn}}
        statement = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}}
        trusted = policy([{**statement, "Action": "sts:AssumeRole", "Condition": condition}])
        world.role(name, trusted, allow("states:*"))
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        api.route(f"POST /{name}", "StartExecution", {"StateMachineArn": machine}, CredentialsArn=role)
        assert api.call(f"/{name}").status == status


def test_response_parameters(api, machine, express):
    parameters = {
        "200": {
            "overwrite:statuscode": "202",
            "append:header.x-started": "$response.body.executionArn",
            "append:header.content-type": "twice",
            "overwrite:header.x-text": "at ${context.stage}${stageVariables.none}!",
            "append:header.x-absent": "$response.header.none",
            "overwrite:header.x-amzn-reserved": "no",
        },
        "400": {"overwrite:statuscode": "422", "remove:header.content-type": "''"},
    }
    start = {"StateMachineArn": machine, "Input": "$request.body"}
    api.route("POST /mapped", "StartExecution", start, ResponseParameters=parameters)
    answer = api.call("/mapped")
    assert answer.status == 202
    assert answer.headers["x-started"] == answer.json()["executionArn"]
    assert answer.headers["content-type"] == "application/x-amz-json-1.0,twice"
    assert answer.headers["x-text"] == "at $default!"
    assert not {"x-absent", "x-amzn-reserved"} & answer.headers.keys()
    answer = api.call("/mapped", "no json")
    assert answer.status == 422
    assert answer.json()["__type"].endswith("#InvalidExecutionInput")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("action", "parameters", "changes", "message"),
    [
        (
            "StartSyncExecution",
            {"stateMachineArn": "arn"},
            {},
            "Parameter: stateMachineArn does not fit schema for Operation: StepFunctions-StartSyncExecution.",
        ),
        ("StartExecution", {"Input": "{}"}, {}, "StateMachineArn"),
        ("StopExecution", {"Cause": "x"}, {}, "ExecutionArn"),
        ("StartExecution", {"StateMachineArn": "arn", "TraceHeader": "x"}, {}, "TraceHeader does not fit"),
        ("StartExecution", {"StateMachineArn": "arn"}, {"PayloadFormatVersion": "2.0"}, "PayloadFormatVersion"),
        ("StartExecution", {"StateMachineArn": "arn"}, {"CredentialsArn": ""}, "CredentialsArn"),
        ("ListExecutions", {}, {}, "StepFunctions-ListExecutions"),
    ],
)
def test_what_an_integration_is_refused_for(api, action, parameters, changes, message):
    with pytest.raises(ClientError, match=re.escape(message)) as caught:
        api.integration(action, parameters, **changes)
    assert caught.value.response["Error"]["Code"] == "BadRequestException"


def test_an_update_changes_what_it_names_and_an_empty_value_takes_a_parameter_away(world, api, machine):
    found = api.route("POST /update", "StartExecution", {"StateMachineArn": machine, "Name": "$request.body"})
    where = {"ApiId": api.id, "IntegrationId": found}
    parameters = {"StateMachineArn": machine, "Name": "", "Input": "$request.body"}
    api.gateway.update_integration(**where, RequestParameters=parameters)
    kept = api.gateway.get_integration(**where)
    assert kept["RequestParameters"] == {"StateMachineArn": machine, "Input": "$request.body"}
    assert kept["IntegrationSubtype"] == "StepFunctions-StartExecution"
    assert not {"IntegrationUri", "IntegrationMethod"} & kept.keys()
    assert execution(world, api.call("/update", '{"n": 2}'))["input"] == '{"n": 2}'
    with pytest.raises(ClientError, match="Missing required"):
        api.gateway.update_integration(**where, RequestParameters={"StateMachineArn": ""})


def test_an_unsigned_call_reaches_any_account(server):
    other = World(server, "444455556666")
    machine = other.machine("orders", PASS)
    api = HttpApi(other, "other")
    api.route("$default", "StartExecution", {"StateMachineArn": machine, "Input": "$request.body"})
    answer = api.call("/anything/at/all", '{"n": 3}')
    assert answer.status == 200, answer.body
    assert f":{other.account}:" in answer.json()["executionArn"]
    arn = answer.json()["executionArn"]

    def ended():
        return other.sfn.describe_execution(executionArn=arn)["status"] == "SUCCEEDED"

    wait_until(ended, what="the end of the execution")
