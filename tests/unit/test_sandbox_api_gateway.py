"""REST APIs in the sandbox: what a caller gets, over HTTP, from a real server."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re

import pytest
from botocore.exceptions import ClientError
from sandbox_server import PASS, REGION, World, allow, http, policy, running, trust, wait_until

ACCOUNTS = itertools.count(200000000001)
START = '{"stateMachineArn": "%s", "name": "$context.requestId", "input": "{}"}'


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


def code_of(error) -> str:
    return error.value.response["Error"]["Code"]


def test_a_post_starts_an_execution_named_by_the_request_id(world, api):
    machine = world.machine("m", PASS)
    api.states("/execution", "StartExecution", START % machine)
    api.deploy()
    answer = api.call("/execution", '{"a": 1}')
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["executionArn"].rpartition(":")[2] == answer.headers["x-amzn-requestid"]
    assert isinstance(answer.json()["startDate"], float)
    arn = answer.json()["executionArn"]
    wait_until(lambda: world.sfn.describe_execution(executionArn=arn)["status"] == "SUCCEEDED")


def test_apis_of_every_account_are_reached_without_a_signature(server):
    for _ in range(2):
        api = World(server, str(next(ACCOUNTS))).api()
        api.mock("/here", responses={"200": {"responseTemplates": {"application/json": '{"here": true}'}}})
        api.deploy()
        assert api.call("/here", "{}").json() == {"here": True}


def test_http_apis_of_every_account_are_reached_too(world):
    gateway = world.server.client("apigatewayv2", world.account)
    api_id = gateway.create_api(Name="h", ProtocolType="HTTP")["ApiId"]
    gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    # Only an API that is found names its answer so.
    assert "apigw-requestid" in http(world.server.url(api_id, "x", "/")).headers


def test_the_action_may_come_from_the_target_header(world, api):
    machine = world.machine("m", PASS)
    api.states(
        "/execution",
        "",
        START % machine,
        uri=f"arn:aws:apigateway:{REGION}:states:path//",
        requestParameters={},
        passthroughBehavior="NEVER",
    )
    where = {"restApiId": api.id, "resourceId": api.resource("/execution"), "httpMethod": "POST"}
    api.gateway.update_integration(
        **where,
        patchOperations=[
            {
                "op": "add",
                "path": "/requestParameters/integration.request.header.X-Amz-Target",
                "value": "'AWSStepFunctions.StartExecution'",
            }
        ],
    )
    api.deploy()
    assert "executionArn" in api.call("/execution", "{}").json()


class TestRole:
    def denied(self, world, api, role, machine):
        api.states("/execution", "StartExecution", START % machine, credentials=role)
        api.deploy()
        return api.call("/execution", "{}")

    def test_one_that_does_not_exist_is_a_configuration_error(self, world, api):
        role = f"arn:aws:iam::{world.account}:role/nobody"
        answer = self.denied(world, api, role, world.machine("m", PASS))
        assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})
        assert answer.headers["x-amzn-errortype"] == "InternalServerErrorException"

    def test_one_that_trusts_somebody_else_is_a_configuration_error(self, world, api):
        role = world.role("other", trust("lambda.amazonaws.com"), allow("states:*"))
        assert self.denied(world, api, role, world.machine("m", PASS)).status == 500

    @pytest.mark.parametrize(("source", "status"), [("{api}/*", 200), ("other/*", 500)])
    def test_its_trust_conditions_count(self, world, api, source, status):
        arn = f"arn:aws:execute-api:{REGION}:{world.account}:{source.format(api=api.id)}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnLike": {"aws:SourceArn": arn}},
        }
        role = world.role("careful", policy([statement]), allow("states:*"))
        assert self.denied(world, api, role, world.machine("m", PASS)).status == status

    def test_a_trust_policy_must_not_ask_for_the_account(self, world, api):
        """Source: aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws#479, 2026-07-13."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": world.account}},
        }
        role = world.role("hardened", policy([statement]), allow("states:*"))
        assert self.denied(world, api, role, world.machine("m", PASS)).status == 500

    @pytest.mark.parametrize("written", ["role/${stageVariables.name}", "${stageVariables.whole}"])
    def test_a_stage_variable_names_it(self, world, api, written):
        """Source: "AWS integration credentials", API Gateway stage variables reference, 2023-06."""
        world.role("poor", trust("apigateway.amazonaws.com"), allow("s3:*"))
        credentials = f"arn:aws:iam::{world.account}:{written}"
        api.states("/execution", "StartExecution", START % world.machine("m", PASS), credentials=credentials)
        variables = {
            stage: {"name": role, "whole": f"role/{role}"} for stage, role in (("good", "gateway"), ("bad", "poor"))
        }
        for stage, values in variables.items():
            api.deploy(stage, variables=values)
        assert "executionArn" in api.call("/execution", "{}", stage="good").json()
        assert "assumed-role/poor/" in api.call("/execution", "{}", stage="bad").json()["Message"]
        where = {"restApiId": api.id, "resourceId": api.resource("/execution"), "httpMethod": "POST"}
        tested = api.gateway.test_invoke_method(**where, body="{}", stageVariables=variables["bad"])
        assert "assumed-role/poor/" in tested["body"]
        assert api.gateway.test_invoke_method(**where, body="{}")["status"] == 500

    def test_one_that_may_not_do_it_is_refused_by_the_service(self, world, api):
        machine = world.machine("m", PASS)
        role = world.role("poor", trust("apigateway.amazonaws.com"), allow("states:StartExecution", machine + "-other"))
        answer = self.denied(world, api, role, machine)
        assert answer.json() == {
            "__type": "com.amazon.coral.service#AccessDeniedException",
            "Message": f"User: arn:aws:sts::{world.account}:assumed-role/poor/BackplaneAssumeRoleSession is not "
            f"authorized to perform: states:StartExecution on resource: {machine} because no identity-based policy "
            "allows the states:StartExecution action",
        }

    def test_a_boundary_limits_it(self, world, api):
        machine = world.machine("m", PASS)
        boundary = world.iam.create_policy(PolicyName="b", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        role = world.role("bound", trust("apigateway.amazonaws.com"), allow("states:*"))
        world.iam.put_role_permissions_boundary(RoleName="bound", PermissionsBoundary=boundary)
        assert "no permissions boundary allows" in self.denied(world, api, role, machine).json()["Message"]

    @pytest.mark.parametrize(
        ("allowed", "answer"), [("machine", {"executionArn", "startDate"}), ("version", {"__type", "Message"})]
    )
    def test_a_version_is_asked_about_as_its_state_machine(self, world, api, allowed, answer):
        arns = {"machine": world.machine("m", PASS)}
        published = world.sfn.publish_state_machine_version(stateMachineArn=arns["machine"])
        arns["version"] = published["stateMachineVersionArn"]
        role = world.role("plain", trust("apigateway.amazonaws.com"), allow("states:StartExecution", arns[allowed]))
        assert self.denied(world, api, role, arns["version"]).json().keys() == answer


class TestResponses:
    def test_patterns_match_the_whole_status_and_templates_are_rendered(self, world, api):
        api.states(
            "/execution",
            "StartExecution",
            START % f"arn:aws:states:{REGION}:{world.account}:stateMachine:none",
            responses={
                "200": {},
                "404": {
                    "selectionPattern": "4\\d{2}",
                    "responseTemplates": {"application/json": '{"message": $input.json("$.message")}'},
                    "responseParameters": {
                        "method.response.header.X-Type": "integration.response.body.__type",
                        "method.response.header.X-Fixed": "'fixed'",
                        "method.response.header.X-Stage": "context.stage",
                        "method.response.header.X-Variable": "stageVariables.colour",
                    },
                },
            },
        )
        api.deploy(variables={"colour": "green"})
        answer = api.call("/execution", "{}")
        assert answer.status == 404
        assert answer.json()["message"].startswith("State Machine Does Not Exist: 'arn:")
        assert answer.headers["x-type"] == "com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist"
        assert [answer.headers[name] for name in ("x-fixed", "x-stage", "x-variable")] == ["fixed", "alpha", "green"]

    def test_without_a_match_and_a_default_it_is_a_configuration_error(self, world, api):
        api.states("/execution", "StartExecution", "{}", responses={"200": {"selectionPattern": "200"}})
        api.deploy()
        assert api.call("/execution", "{}").status == 500

    def test_overrides_win(self, world, api):
        api.mock(
            "/teapot",
            responses={
                "200": {
                    "responseTemplates": {
                        "application/json": "#set($context.responseOverride.status = 418)"
                        '#set($context.responseOverride.header.X-Tea = "green"){}'
                    }
                }
            },
        )
        api.deploy()
        answer = api.call("/teapot", "{}")
        assert (answer.status, answer.headers["x-tea"], answer.json()) == (418, "green", {})


class TestRequestIds:
    """Source: "Set up CloudWatch logging for REST APIs" and the reference of ``$context``, API Gateway guide."""

    CLIENTS = "0a1b2c3d-0000-4000-8000-0123456789ab"

    @pytest.fixture
    def ids(self, api):
        """Call with these headers; returns the two ids that a template sees, and the two headers."""
        template = '{"ids": ["$context.requestId", "$context.extendedRequestId"]}'
        api.mock("/x", responses={"200": {"responseTemplates": {"application/json": template}}})
        api.deploy()

        def call(**headers: str) -> list[str]:
            answer = api.call("/x", "{}", **headers)
            sent = [answer.headers["x-amzn-requestid"], answer.headers["x-amz-apigw-id"]]
            assert answer.json()["ids"] == sent
            return sent

        return call

    def test_a_client_may_choose_the_id_but_not_the_extended_one(self, ids):
        answers = [ids(x_amzn_requestid=self.CLIENTS, x_amz_apigw_id="mine") for _ in range(2)]
        assert [answer[0] for answer in answers] == [self.CLIENTS] * 2
        extended = [answer[1] for answer in answers]
        assert extended[0] != extended[1]
        assert all(re.fullmatch(r"[A-Za-z0-9+/]{15}=", each) for each in extended)

    def test_what_is_no_uuid_is_replaced(self, ids):
        for wrong in ('a","input":"b', self.CLIENTS[:-1], f"{self.CLIENTS}0"):
            assert ids(x_amzn_requestid=wrong)[0] == "UUID_REPLACED_INVALID_REQUEST_ID"

    def test_without_one_each_request_has_its_own(self, ids):
        first, second = ids(), ids()
        assert first[0] != second[0] and first[1] != second[1]

    def test_gateway_responses_have_it_too(self, api):
        api.mock("/x", authorizationType="AWS_IAM")
        api.deploy()
        for path in ("/x", "/nowhere"):
            assert api.call(path, "{}", x_amzn_requestid=self.CLIENTS).headers["x-amzn-requestid"] == self.CLIENTS


def test_a_header_overrides_the_method(api):
    """Source: ``X-HTTP-Method-Override`` in API Gateway's important notes."""
    for verb in ("POST", "DELETE"):
        template = {"application/json": f'{{"verb": "{verb}"}}'}
        api.mock("/x", verb, responses={"200": {"responseTemplates": template}})
    api.deploy()
    assert api.call("/x", "{}", x_http_method_override="delete").json() == {"verb": "DELETE"}
    assert api.call("/x", "{}", x_http_method_override="nonsense").json() == {"verb": "POST"}


class TestContentTypes:
    @pytest.mark.parametrize(
        ("behaviour", "templates", "content_type", "status"),
        [
            ("NEVER", {"application/json": '{"statusCode": 200}'}, "text/plain", 415),
            ("NEVER", {}, "application/json", 415),
            ("WHEN_NO_TEMPLATES", {"application/json": '{"statusCode": 200}'}, "text/plain", 415),
            ("WHEN_NO_TEMPLATES", {}, "text/plain", 200),
            ("WHEN_NO_MATCH", {"application/json": "{}"}, "text/plain", 200),
            ("NEVER", {"application/json": '{"statusCode": 200}'}, "Application/JSON; charset=utf-8", 200),
        ],
    )
    def test_passthrough(self, api, behaviour, templates, content_type, status):
        integration = {"type": "MOCK", "requestTemplates": templates, "passthroughBehavior": behaviour}
        api.method("/x", integration=integration)
        api.deploy()
        answer = api.call("/x", '{"statusCode": 200}', content_type=content_type)
        assert answer.status == status
        if status == 415:
            assert answer.json() == {"message": "Unsupported Media Type"}

    def test_no_content_type_is_json(self, api):
        api.mock("/x", "OPTIONS")
        api.deploy()
        assert api.call("/x", verb="OPTIONS").status == 200

    def test_a_model_for_another_content_type_does_not_judge_the_body(self, api):
        validator = api.gateway.create_request_validator(restApiId=api.id, name="v", validateRequestBody=True)["id"]
        schema = json.dumps({"type": "object", "required": ["a"]})
        api.gateway.create_model(restApiId=api.id, name="M", contentType="application/json", schema=schema)
        api.method(
            "/x",
            integration={
                "type": "MOCK",
                "requestTemplates": {"application/json": '{"statusCode": 200}'},
                "passthroughBehavior": "NEVER",
            },
            requestValidatorId=validator,
            requestModels={"application/json": "M"},
        )
        api.deploy()
        assert api.call("/x", '{"a": 1}').status == 200
        assert api.call("/x", "{}").status == 400
        assert api.call("/x", "{}", content_type="text/plain").status == 415


class TestDeployments:
    def test_a_stage_serves_what_was_deployed(self, api):
        api.mock("/x", responses={"200": {"responseTemplates": {"application/json": '{"version": 1}'}}})
        api.deploy()
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST", "statusCode": "200"}
        api.gateway.put_integration_response(**where, responseTemplates={"application/json": '{"version": 2}'})
        api.mock("/new")
        assert api.call("/x", "{}").json() == {"version": 1}
        assert api.call("/new", "{}").status == 403
        api.deploy("beta")
        assert api.call("/x", "{}", stage="beta").json() == {"version": 2}
        assert api.call("/x", "{}").json() == {"version": 1}
        assert api.call("/new", "{}", stage="beta").status == 200

    def test_models_validators_and_gateway_responses_are_part_of_it(self, api):
        validator = api.gateway.create_request_validator(restApiId=api.id, name="v", validateRequestBody=True)["id"]
        api.gateway.create_model(
            restApiId=api.id, name="M", contentType="application/json", schema='{"type": "object", "required": ["a"]}'
        )
        api.mock("/x", requestValidatorId=validator, requestModels={"application/json": "M"})
        api.deploy()
        patch = [{"op": "replace", "path": "/schema", "value": '{"type": "object"}'}]
        api.gateway.update_model(restApiId=api.id, modelName="M", patchOperations=patch)
        template = {"application/json": '{"mine": true}'}
        api.gateway.put_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX", responseTemplates=template)
        assert api.call("/x", "{}").json() == {"message": "Invalid request body"}
        api.deploy()
        assert api.call("/x", "{}").status == 200
        assert api.call("/y", "{}").json() == {"mine": True}

    def test_validators_and_authorizers_are_part_of_it(self, world, api):
        settings = {"name": "v", "validateRequestParameters": True}
        validator = api.gateway.create_request_validator(restApiId=api.id, **settings)["id"]
        required = {"method.request.querystring.q": True}
        api.mock("/x", requestValidatorId=validator, requestParameters=required)
        function = f"arn:aws:lambda:{REGION}:{world.account}:function:f"
        authorizer = api.gateway.create_authorizer(
            restApiId=api.id,
            name="a",
            type="REQUEST",
            authorizerUri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
            identitySource="method.request.header.X-Token",
        )["id"]
        api.mock("/y", authorizationType="CUSTOM", authorizerId=authorizer)
        api.deploy()
        api.gateway.delete_request_validator(restApiId=api.id, requestValidatorId=validator)
        api.gateway.delete_authorizer(restApiId=api.id, authorizerId=authorizer)
        assert api.call("/x", "{}").json() == {"message": "Missing required request parameters: [q]"}
        assert (api.call("/y", "{}").status, api.call("/x?q=1", "{}").status) == (401, 200)

    def test_the_resource_policy_is_part_of_it(self, api):
        api.mock("/x")
        api.deploy()
        deny = policy([{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}])
        patch = [{"op": "replace", "path": "/policy", "value": deny}]
        api.gateway.update_rest_api(restApiId=api.id, patchOperations=patch)
        assert api.call("/x", "{}").status == 200
        api.deploy()
        assert api.call("/x", "{}").status == 403

    def test_an_unsigned_call_is_judged_by_the_deployed_method(self, api):
        api.mock("/x", authorizationType="AWS_IAM")
        api.deploy()
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        patch = [{"op": "replace", "path": "/authorizationType", "value": "NONE"}]
        api.gateway.update_method(**where, patchOperations=patch)
        assert api.call("/x", "{}").status == 403
        api.deploy()
        assert api.call("/x", "{}").status == 200

    def test_a_foreign_authorization_header_means_nothing_to_an_open_method_that_is_deployed(self, api):
        api.mock("/x")
        api.deploy()
        where = {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}
        patch = [{"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}]
        api.gateway.update_method(**where, patchOperations=patch)
        assert api.call("/x", "{}", authorization="Bearer token").status == 200

    def test_there_must_be_methods_with_integrations(self, api):
        with pytest.raises(ClientError, match="doesn't contain any methods") as error:
            api.deploy()
        assert code_of(error) == "BadRequestException"
        api.gateway.put_method(
            restApiId=api.id, resourceId=api.resources[""], httpMethod="GET", authorizationType="NONE"
        )
        with pytest.raises(ClientError, match="No integration defined for method"):
            api.deploy()

    def test_one_that_a_stage_points_to_stays(self, api):
        api.mock("/x")
        first = api.deploy()
        with pytest.raises(ClientError, match="Active stages pointing to this deployment must be moved or deleted"):
            api.gateway.delete_deployment(restApiId=api.id, deploymentId=first)
        api.deploy()
        api.gateway.delete_deployment(restApiId=api.id, deploymentId=first)


class TestControlPlane:
    def test_a_stage_without_access_logs_has_no_settings_for_them(self, api):
        api.mock("/x")
        api.gateway.create_stage(restApiId=api.id, stageName="beta", deploymentId=api.deploy())
        for name in ("alpha", "beta"):
            assert "accessLogSettings" not in api.gateway.get_stage(restApiId=api.id, stageName=name)
        stages = api.gateway.get_stages(restApiId=api.id)["item"]
        assert not any("accessLogSettings" in stage for stage in stages)

    def test_a_usage_plan_has_no_limits_unless_given(self, world):
        plan = world.gateway.create_usage_plan(name="p")
        assert not {"quota", "throttle"} & plan.keys()

    def test_an_empty_key_value_is_made(self, world):
        assert len(world.gateway.create_api_key(name="k", value="")["value"]) >= 20

    def test_a_stage_is_created_once_and_with_a_deployment(self, api):
        api.mock("/x")
        deployment = api.deploy()
        with pytest.raises(ClientError) as error:
            api.gateway.create_stage(restApiId=api.id, stageName="alpha", deploymentId=deployment)
        assert code_of(error) == "ConflictException"
        with pytest.raises(ClientError) as error:
            api.gateway.create_stage(restApiId=api.id, stageName="beta", deploymentId="none")
        assert code_of(error) == "NotFoundException"

    def test_a_service_integration_needs_a_role(self, api):
        with pytest.raises(ClientError, match="Role ARN must be specified for AWS integrations"):
            api.states("/x", "StartExecution", "{}", credentials=None)

    def test_a_mapped_request_parameter_must_be_declared(self, api):
        integration = {"type": "MOCK", "requestParameters": {"integration.request.header.A": "method.request.header.A"}}
        with pytest.raises(ClientError, match="Invalid mapping expression"):
            api.method("/x", integration=integration)
        api.method("/y", integration=integration, requestParameters={"method.request.header.a": False})

    def test_a_usage_plans_stages_change(self, world, api):
        api.mock("/x")
        api.gateway.create_stage(restApiId=api.id, stageName="beta", deploymentId=api.deploy())
        plan = world.gateway.create_usage_plan(name="p", apiStages=[{"apiId": api.id, "stage": "alpha"}])["id"]

        def update(op: str, path: str, value: str) -> list[dict]:
            operation = {"op": op, "path": path, "value": value}
            return world.gateway.update_usage_plan(usagePlanId=plan, patchOperations=[operation])["apiStages"]

        assert [each["stage"] for each in update("add", "/apiStages", f"{api.id}:beta")] == ["alpha", "beta"]
        limited = update("replace", f"/apiStages/{api.id}:beta/throttle/~1x~1POST/rateLimit", "5")
        assert [each["apiId"] for each in limited] == [api.id, api.id]
        assert [each["stage"] for each in update("remove", "/apiStages", f"{api.id}:alpha")] == ["beta"]
        assert [each["stage"] for each in world.gateway.get_usage_plan(usagePlanId=plan)["apiStages"]] == ["beta"]
        with pytest.raises(ClientError, match="API Stage not found"):
            update("add", "/apiStages", f"{api.id}:gamma")

    def test_a_model_of_unknown_keywords_is_refused(self, api):
        model = {"restApiId": api.id, "name": "Order", "contentType": "application/json"}
        with pytest.raises(ClientError, match=r"Unsupported keyword\(s\): \[\"example\"\]"):
            api.gateway.create_model(**model, schema='{"example": 1}')
        api.gateway.create_model(**model, schema='{"title": "an order"}')

    def test_a_model_that_a_method_names_stays(self, api):
        for name in ("Order", "Unused"):
            api.gateway.create_model(restApiId=api.id, name=name, contentType="application/json", schema="{}")
        api.mock("/x", requestModels={"application/json": "Order"})
        with pytest.raises(ClientError, match="Cannot delete model 'Order'"):
            api.gateway.delete_model(restApiId=api.id, modelName="Order")
        api.gateway.delete_model(restApiId=api.id, modelName="Unused")


class TestGatewayResponses:
    def put(self, api, response_type, template, **more):
        api.gateway.put_gateway_response(
            restApiId=api.id, responseType=response_type, responseTemplates={"application/json": template}, **more
        )

    def test_templates_and_parameters(self, api):
        self.put(
            api,
            "DEFAULT_4XX",
            '{"m": $context.error.messageString, "raw": "$context.error.message", "t": "$context.error.responseType", '
            '"v": "$context.error.validationErrorString", "id": "$context.requestId", "s": "${context.stage}", '
            '"c": "$stageVariables.colour", "q": "$method.request.querystring.q", "ip": "$context.identity.sourceIp"}',
            responseParameters={
                "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.example'",
                "gatewayresponse.header.X-Origin": "method.request.header.Origin",
                "gatewayresponse.header.X-Query": "method.request.querystring.q",
                "gatewayresponse.header.X-Colour": "stageVariables.colour",
                "gatewayresponse.header.X-Stage": "context.stage",
                "gatewayresponse.header.X-Absent": "method.request.header.Absent",
            },
        )
        api.mock("/x")
        api.deploy(variables={"colour": "green"})
        answer = api.call("/none?q=1", "{}", origin="https://b.example")
        assert answer.status == 403
        assert answer.json() == {
            "m": "Missing Authentication Token",
            "raw": "Missing Authentication Token",
            "t": "MISSING_AUTHENTICATION_TOKEN",
            "v": "",
            "id": answer.headers["x-amzn-requestid"],
            "s": "alpha",
            "c": "green",
            "q": "1",
            "ip": "127.0.0.1",
        }
        assert answer.headers["access-control-allow-origin"] == "https://a.example"
        assert answer.headers["x-origin"] == "https://b.example"
        assert [answer.headers[f"x-{name}"] for name in ("query", "colour", "stage")] == ["1", "green", "alpha"]
        assert "x-absent" not in answer.headers

    def test_a_type_of_its_own_comes_before_the_default_and_may_change_the_status(self, api):
        self.put(api, "DEFAULT_4XX", "{}")
        self.put(api, "UNSUPPORTED_MEDIA_TYPE", '{"own": true}', statusCode="400")
        api.method("/x", integration={"type": "MOCK", "passthroughBehavior": "NEVER"})
        api.deploy()
        answer = api.call("/x", "{}", content_type="text/plain")
        assert (answer.status, answer.json()) == (400, {"own": True})

    def test_a_body_that_does_not_fit_its_model_is_told_why(self, api):
        validator = api.gateway.create_request_validator(restApiId=api.id, name="v", validateRequestBody=True)["id"]
        schema = json.dumps({"type": "object", "required": ["name"], "properties": {"n": {"type": "integer"}}})
        api.gateway.create_model(restApiId=api.id, name="M", contentType="application/json", schema=schema)
        api.mock("/x", requestValidatorId=validator, requestModels={"application/json": "M"})
        self.put(api, "BAD_REQUEST_BODY", '{"why": "$context.error.validationErrorString"}')
        api.deploy()
        assert api.call("/x", '{"n": "1"}').json()["why"] == (
            '[object has missing required properties (["name"]), instance type (string) does not match any allowed '
            'primitive type (allowed: ["integer"])]'
        )
        assert api.call("/x", "{").json()["why"] == ""

    def test_a_body_that_is_not_json_where_a_template_needs_json(self, world, api):
        api.states("/x", "StartExecution", '{"input": $input.json("$")}')
        self.put(api, "DEFAULT_4XX", '{"message": $context.error.messageString}')
        api.deploy()
        answer = api.call("/x", '{"a": "b')
        assert answer.status == 400
        assert answer.json()["message"].startswith("Could not parse request body into json: ")

    def test_a_template_that_cannot_be_rendered(self, api):
        self.put(api, "API_CONFIGURATION_ERROR", '{"t": "$context.error.responseType"}')
        api.mock("/x", template="#if(")
        api.deploy()
        answer = api.call("/x", "{}")
        assert (answer.status, answer.json()) == (500, {"t": "API_CONFIGURATION_ERROR"})

    def test_a_request_over_the_quota_is_not_one(self, api):
        """Source: API Gateway's important notes; measured on AWS by others, 2026-10-03 (no headers either)."""
        api.mock("/x", responses={"200": {}})
        for kind in ("DEFAULT_4XX", "REQUEST_TOO_LARGE"):
            header = {"gatewayresponse.header.X-Own": "'yes'"}
            api.gateway.put_gateway_response(restApiId=api.id, responseType=kind, responseParameters=header)
        api.deploy()
        assert api.call("/x", b" " * 10 * 1024 * 1024).status == 200
        answer = api.call("/x", b" " * (10 * 1024 * 1024 + 1))
        assert (answer.status, answer.body) == (413, b"HTTP content length exceeded 10485760 bytes.")
        assert answer.headers["content-type"] == "text/plain"
        assert "x-own" not in answer.headers
        assert api.call("/nowhere", "{}").headers["x-own"] == "yes"

    def test_a_token_that_is_no_signature_on_a_route_that_is_not_there(self, api):
        """Measured on AWS by others: HumanCellAtlas/data-store#328; a parity probe of 2026-10-03 has these words."""
        api.mock("/x")
        api.deploy()
        answer = api.call("/nowhere", "{}", authorization="Bearer abc")
        digest = base64.b64encode(hashlib.sha256(b"Bearer abc").digest()).decode()
        assert (answer.status, answer.json()) == (
            403,
            {
                "message": "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 "
                f"and encoded with Base64): '{digest}'."
            },
        )
        assert answer.headers["x-amzn-errortype"] == "IncompleteSignatureException"
        assert api.call("/x", "{}", authorization="Bearer abc").status == 200
        assert api.call("/nowhere", "{}").json() == {"message": "Missing Authentication Token"}

    def test_a_backend_that_is_too_slow(self, world, api):
        slow = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": True}}}
        machine = world.machine("m", slow, "EXPRESS")
        api.states("/x", "StartSyncExecution", json.dumps({"stateMachineArn": machine}), timeoutInMillis=100)
        api.deploy()
        answer = api.call("/x", "{}")
        assert (answer.status, answer.json()) == (504, {"message": "Endpoint request timed out"})

    def test_a_stage_that_does_not_exist(self, api):
        api.mock("/x")
        api.deploy()
        answer = api.call("/x", "{}", stage="none")
        assert (answer.status, answer.json()) == (403, {"message": "Forbidden"})
        assert answer.headers["x-amzn-requestid"]

    def test_a_signature_that_is_wrong(self, world, api):
        self.put(api, "DEFAULT_4XX", '{"id": "$context.requestId", "c": "$stageVariables.colour"}')
        api.mock("/x", authorizationType="AWS_IAM")
        api.deploy(variables={"colour": "green"})
        answer = api.call("/x", "{}", authorization="Basic abc")
        assert (answer.status, answer.json()) == (403, {"id": answer.headers["x-amzn-requestid"], "c": "green"})


FUNCTION = """
import json
def handler(event, context):
    if isinstance(event, dict) and event.get("fail"):
        raise ValueError("refused: " + event["fail"])
    if isinstance(event, dict) and "requestContext" in event:
        if event["headers"].get("x-fail"):
            raise ValueError("no")
        return {"statusCode": 201, "body": json.dumps(event["requestContext"]["requestId"])}
    return {"echo": event}
"""


AUTHORIZER = """
def handler(event, context):
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


class TestAuthorizer:
    @pytest.fixture
    def function(self, world):
        return world.function("f", AUTHORIZER)

    @pytest.fixture
    def authorized(self, world, api, function):
        """Call a method that the authorizer guards, which is made with these settings, if it has been made."""

        def call(**settings) -> int:
            if settings:
                authorizer = api.gateway.create_authorizer(
                    restApiId=api.id,
                    name="a",
                    type="REQUEST",
                    authorizerUri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
                    authorizerResultTtlInSeconds=0,
                    **settings,
                )
                api.mock("/x", authorizationType="CUSTOM", authorizerId=authorizer["id"])
                api.deploy()
            return api.call("/x", "{}").status

        return call

    def test_its_role_may_call_the_function(self, world, function, authorized):
        role = world.role(
            "caller", trust("apigateway.amazonaws.com"), allow("lambda:InvokeFunction", f"{function}-other")
        )
        assert authorized(authorizerCredentials=role) == 500
        world.permit("caller", allow("lambda:InvokeFunction", function))
        assert authorized() == 200
        world.iam.update_assume_role_policy(RoleName="caller", PolicyDocument=trust("lambda.amazonaws.com"))
        assert authorized() == 500

    def test_stage_variables_name_the_role_and_the_function(self, world, api, function):
        """Source: "AWS integration credentials" and "AWS integration URIs", API Gateway stage variables reference."""
        world.role("caller", trust("apigateway.amazonaws.com"), allow("lambda:InvokeFunction", function))
        invoke = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions"
        authorizer = api.gateway.create_authorizer(
            restApiId=api.id,
            name="a",
            type="REQUEST",
            authorizerUri=f"{invoke}/{function[:-1]}${{stageVariables.name}}/invocations",
            authorizerCredentials=f"arn:aws:iam::{world.account}:role/${{stageVariables.role}}",
            authorizerResultTtlInSeconds=0,
        )
        api.mock("/x", authorizationType="CUSTOM", authorizerId=authorizer["id"])
        for stage, role, name in (("alpha", "caller", "f"), ("beta", "gateway", "f"), ("gamma", "caller", "g")):
            api.deploy(stage, variables={"role": role, "name": name})
        assert [api.call("/x", "{}", stage=stage).status for stage in ("alpha", "beta", "gamma")] == [200, 500, 500]

    def test_without_a_role_the_functions_policy_decides(self, world, api, function, authorized):
        assert authorized(identitySource="method.request.querystring.q") == 500
        world.server.client("lambda", world.account).add_permission(
            FunctionName="f",
            StatementId="s",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{world.account}:{api.id}/authorizers/*",
        )
        assert authorized() == 200


class TestLambda:
    @pytest.fixture
    def function(self, world):
        self.client = world.server.client("lambda", world.account)
        return world.function("f", FUNCTION)

    def uri(self, function):
        return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"

    def permit(self, api):
        self.client.add_permission(
            FunctionName="f",
            StatementId="s",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{api.world.account}:{api.id}/*/POST/*",
        )

    def test_templates_and_errors_by_pattern(self, api, function):
        self.permit(api)
        api.method(
            "/f",
            integration={
                "type": "AWS",
                "integrationHttpMethod": "POST",
                "uri": self.uri(function),
                "requestTemplates": {"application/json": "$input.body"},
            },
            responses={
                "200": {},
                "422": {
                    "selectionPattern": "refused.*",
                    "responseTemplates": {"application/json": '{"m": $input.json("$.errorMessage")}'},
                },
            },
        )
        api.deploy()
        assert api.call("/f", '{"a": [1]}').json() == {"echo": {"a": [1]}}
        answer = api.call("/f", '{"fail": "x"}')
        assert (answer.status, answer.json()) == (422, {"m": "refused: x"})

    def test_one_that_is_throttled_is_a_failed_integration(self, api, function):
        """Source: stackoverflow.com/questions/36363280, an engineer of AWS: no pattern sees Lambda's 429."""
        self.permit(api)
        integration = {"integrationHttpMethod": "POST", "uri": self.uri(function)}
        patterns = {"200": {}, "429": {"selectionPattern": "(.|\\n)+"}}
        api.method("/f", integration={"type": "AWS", **integration}, responses=patterns)
        api.method("/g", integration={"type": "AWS_PROXY", **integration}, responses={})
        api.gateway.put_gateway_response(
            restApiId=api.id,
            responseType="INTEGRATION_FAILURE",
            statusCode="503",
            responseTemplates={"application/json": '{"type": "$context.error.responseType"}'},
        )
        self.client.add_permission(
            FunctionName="f", StatementId="all", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
        )
        self.client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
        api.deploy()
        for path in ("/f", "/g"):
            answer = api.call(path, "{}")
            assert (answer.status, answer.json()) == (503, {"type": "INTEGRATION_FAILURE"})

    def test_it_must_be_allowed(self, api, function):
        api.method("/f", integration={"type": "AWS", "integrationHttpMethod": "POST", "uri": self.uri(function)})
        api.deploy()
        assert api.call("/f", "{}").status == 500

    def test_a_proxy_sees_the_request_id_and_fails_as_on_aws(self, api, function):
        self.permit(api)
        integration = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": self.uri(function)}
        api.method("/f", integration=integration, responses={})
        api.deploy()
        answer = api.call("/f", "{}")
        assert (answer.status, answer.json()) == (201, answer.headers["x-amzn-requestid"])
        answer = api.call("/f", "{}", x_fail="yes")
        assert (answer.status, answer.json()) == (502, {"message": "Internal server error"})
