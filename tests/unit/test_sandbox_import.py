"""ImportRestApi and PutRestApi: an OpenAPI document becomes an API that answers, on a real server."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_server import FAIL, PASS, REGION, World, http, running, trust

ACCOUNTS = itertools.count(210000000001)
POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abcdefghi"
TEMPLATE = (
    '{"stateMachineArn": "MACHINE", "name": "$input.path(\'$.name\')", "input": "'
    '$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'", "\'")"}'
)
ERROR = '{"message": $input.json(\'$.message\'), "status": 409}'


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    return World(server, str(next(ACCOUNTS)))


@pytest.fixture
def api(world):
    return world.api("before")


def document(paths: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {"openapi": "3.0.1", "info": {"title": "imported", "version": "7"}, "paths": paths or {}, **members}


def start(world: World, machine: str, **members: Any) -> dict[str, Any]:
    """An operation that starts an execution."""
    integration = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{REGION}:states:action/StartExecution",
        "credentials": f"arn:aws:iam::{world.account}:role/gateway",
        "passthroughBehavior": "never",
        "requestTemplates": {
            "application/json": TEMPLATE.replace("MACHINE", machine),
        },
        "responses": {
            "default": {"statusCode": "200"},
            "4\\d{2}": {
                "statusCode": "409",
                "responseTemplates": {"application/json": ERROR},
                "responseParameters": {"method.response.header.X-Kind": "'conflict'"},
            },
        },
    }
    return {
        "responses": {
            "200": {"description": "started"},
            "409": {"description": "refused", "headers": {"X-Kind": {"schema": {"type": "string"}}}},
        },
        "x-amazon-apigateway-integration": integration,
        **members,
    }


def mock(body: str = "{}", **members: Any) -> dict[str, Any]:
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": body}}},
    }
    return {"responses": {"200": {}}, "x-amazon-apigateway-integration": integration, **members}


def put(api, described: dict[str, Any] | str | bytes, mode: str | None = "overwrite", **options: Any) -> dict[str, Any]:
    body = described if isinstance(described, (str, bytes)) else json.dumps(described)
    options |= {"mode": mode} if mode else {}
    return api.gateway.put_rest_api(restApiId=api.id, body=body, **options)


def resources(api) -> dict[str, dict[str, Any]]:
    items = api.gateway.get_resources(restApiId=api.id, limit=500)["items"]
    return {item["path"]: item for item in items}


def state(api) -> list[Any]:
    """Everything an import may change."""
    gateway, where = api.gateway, {"restApiId": api.id}
    calls = (
        gateway.get_rest_api,
        gateway.get_resources,
        gateway.get_models,
        gateway.get_authorizers,
        gateway.get_request_validators,
        gateway.get_gateway_responses,
    )
    return [{**call(**where), "ResponseMetadata": None} for call in calls]


def refusal(error) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_an_imported_method_answers_like_an_explicit_one(world, api):
    machine = world.machine("m", PASS)
    api.states("/explicit", "StartExecution", TEMPLATE.replace("MACHINE", machine))
    put(api, document({"/execution": {"post": start(world, machine)}}), mode="merge")
    api.deploy()
    body = {"name": "one", "text": 'it\'s "quoted" \\ ☃'}
    answer, explicit = (
        api.call(path, json.dumps({**body, "name": name})) for path, name in (("/execution", "a"), ("/explicit", "b"))
    )
    assert answer.status == explicit.status == 200
    assert set(answer.json()) == set(explicit.json()) == {"executionArn", "startDate"}
    found = world.sfn.describe_execution(executionArn=answer.json()["executionArn"])
    assert json.loads(found["input"]) == {**body, "name": "a"}


def test_errors_are_mapped_by_the_pattern_that_is_the_key(world, api):
    put(api, document({"/execution": {"post": start(world, world.machine("m", FAIL) + "x")}}))
    api.deploy()
    answer = api.call("/execution", '{"name": "a"}')
    assert (answer.status, answer.headers["x-kind"]) == (409, "conflict")
    assert answer.json()["status"] == 409
    assert "Does Not Exist" in answer.json()["message"]


def test_any_method_path_parameters_and_the_resources_above(api):
    operation = mock('{"id": "$input.params(\'id\')"}', parameters=[{"name": "id", "in": "path", "required": True}])
    put(api, document({"/a/{id}": {"x-amazon-apigateway-any-method": operation}}))
    api.deploy()
    assert set(resources(api)) == {"/", "/a", "/a/{id}"}
    assert api.call("/a/x", "{}", "PATCH").json() == {"id": "x"}


def test_validation_with_models_that_refer_to_each_other(api):
    order = {"type": "object", "required": ["item"], "properties": {"item": {"$ref": "#/components/schemas/Item"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    operation = mock(
        requestBody={"content": content},
        parameters=[{"name": "q", "in": "query", "required": True}],
        **{"x-amazon-apigateway-request-validator": "all"},
    )
    put(
        api,
        document(
            {"/order": {"post": operation}},
            components={"schemas": {"Order": order, "Item": {"type": "string"}}},
            **{
                "x-amazon-apigateway-request-validators": {
                    "all": {"validateRequestBody": True, "validateRequestParameters": True}
                },
                "x-amazon-apigateway-gateway-responses": {
                    "BAD_REQUEST_BODY": {
                        "statusCode": 422,
                        "responseTemplates": {"application/json": '{"why": "$context.error.validationErrorString"}'},
                    }
                },
            },
        ),
    )
    api.deploy()
    assert api.call("/order?q=1", '{"item": "x"}').status == 200
    assert api.call("/order", '{"item": "x"}').status == 400
    assert api.call("/order?q=1", '{"item": 1}').status == 422
    schema = json.loads(api.gateway.get_model(restApiId=api.id, modelName="Order")["schema"])
    assert schema["properties"]["item"] == {"$ref": f"https://apigateway.amazonaws.com/restapis/{api.id}/models/Item"}


def test_keys_and_authorizers_guard_methods(world, api):
    schemes = {
        "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        "iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
        "pool": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
        },
    }
    paths = {f"/{name}": {"post": mock(security=[{name: []}])} for name in schemes}
    put(api, document(paths, components={"securitySchemes": schemes}))
    api.deploy()
    assert {name: api.call(f"/{name}", "{}").status for name in schemes} == {"key": 403, "iam": 403, "pool": 401}
    [authorizer] = api.gateway.get_authorizers(restApiId=api.id)["items"]
    method = api.gateway.get_method(restApiId=api.id, resourceId=resources(api)["/pool"]["id"], httpMethod="POST")
    assert (method["authorizationType"], method["authorizerId"]) == ("COGNITO_USER_POOLS", authorizer["id"])


def test_yaml_and_swagger(api):
    text = """
swagger: "2.0"
info: {title: yaml, version: 1.0}
basePath: /v1
paths:
  /x:
    get:
      responses:
        200: {description: ok}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default: {statusCode: 200, responseTemplates: {application/json: '{"from": "yaml"}'}}
"""
    answer = put(api, text, parameters={"basepath": "prepend"})
    assert (answer["name"], answer["version"]) == ("yaml", "1.0")
    api.deploy()
    assert api.call("/v1/x", verb="GET").json() == {"from": "yaml"}


class TestModes:
    FIRST = document({"/a": {"get": mock(), "post": mock()}, "/b": {"get": mock()}})
    SECOND = document({"/a": {"get": mock('{"new": true}')}, "/c": {"get": mock()}})

    def methods(self, api):
        return {path: set(item.get("resourceMethods", {})) for path, item in resources(api).items()}

    def test_overwriting_leaves_only_what_the_document_has(self, api):
        put(api, self.FIRST)
        before = resources(api)
        put(api, self.SECOND)
        assert self.methods(api) == {"/": set(), "/a": {"GET"}, "/c": {"GET"}}
        assert {path: resources(api)[path]["id"] for path in ("/", "/a")} == {
            path: before[path]["id"] for path in ("/", "/a")
        }

    @pytest.mark.parametrize("mode", ["merge", None])
    def test_merging_keeps_the_rest(self, api, mode):
        put(api, self.FIRST)
        put(api, self.SECOND, mode=mode)
        assert self.methods(api) == {"/": set(), "/a": {"GET", "POST"}, "/b": {"GET"}, "/c": {"GET"}}
        api.deploy()
        assert api.call("/a", verb="GET").json() == {"new": True}

    def test_settings(self, api):
        settings = {
            "x-amazon-apigateway-binary-media-types": ["image/png"],
            "x-amazon-apigateway-minimum-compression-size": 5,
            "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": []},
            "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"statusCode": 418}},
        }
        full = put(api, {**document(**settings), "info": {"title": "n", "description": "d", "version": "1"}})
        assert (full["name"], full["description"], full["binaryMediaTypes"]) == ("n", "d", ["image/png"])
        assert full["minimumCompressionSize"] == 5
        merged = put(api, document(), mode="merge")
        assert (merged["name"], merged["description"], merged["binaryMediaTypes"]) == ("imported", "d", ["image/png"])
        empty = put(api, document())
        assert "description" not in empty
        assert not empty.get("binaryMediaTypes")
        assert "minimumCompressionSize" not in empty
        assert not empty.get("policy")
        response = api.gateway.get_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX")
        assert response["defaultResponse"] is True

    def test_names_keep_their_ids(self, api):
        described = document(
            components={
                "schemas": {"Order": {"type": "object"}},
                "securitySchemes": {
                    "f": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "arn"}}
                },
            },
            **{"x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}}},
        )
        put(api, described)
        before = state(api)
        put(api, described)
        assert state(api) == before
        put(api, document())
        lists = [part.get("items") for part in state(api)[2:5]]
        assert lists == [[], [], []]

    def test_a_stage_serves_its_deployment_until_the_next(self, api):
        put(api, document({"/a": {"get": mock('{"n": 1}')}}))
        api.deploy()
        put(api, document({"/a": {"get": mock('{"n": 2}')}}))
        assert api.call("/a", verb="GET").json() == {"n": 1}
        api.deploy()
        assert api.call("/a", verb="GET").json() == {"n": 2}


class TestRefusals:
    @pytest.mark.parametrize("body", ["{", "[]", "openapi: 2.0", "\x00"])
    def test_a_document_that_is_none(self, api, body):
        before = state(api)
        with pytest.raises(ClientError) as error:
            put(api, body)
        assert refusal(error) == ("BadRequestException", "Invalid OpenAPI input.")
        assert state(api) == before

    def test_an_unknown_api(self, world, api):
        with pytest.raises(ClientError) as error:
            world.gateway.put_rest_api(restApiId="nobody", body="{}")
        assert refusal(error) == ("NotFoundException", "Invalid API identifier specified")

    @pytest.mark.parametrize("mode", ["overwrite", "merge"])
    def test_a_bad_integration_changes_nothing(self, world, api, mode):
        put(api, document({"/old": {"get": mock()}}, **{"x-amazon-apigateway-binary-media-types": ["a/b"]}))
        before = state(api)
        bad = start(world, "arn")
        del bad["x-amazon-apigateway-integration"]["credentials"]
        undeclared = start(world, "arn")
        undeclared["x-amazon-apigateway-integration"]["requestParameters"] = {
            "integration.request.header.X": "method.request.header.X"
        }
        wrong = start(world, "arn", responses={"200": {}})
        with pytest.raises(ClientError) as error:
            put(api, document({"/a": {"get": mock(), "post": bad}, "/b": {"post": undeclared, "put": wrong}}), mode)
        assert refusal(error) == (
            "BadRequestException",
            "Errors found during import:\n"
            "\tUnable to put integration on 'POST' for resource at path '/a': "
            "Role ARN must be specified for AWS integrations\n"
            "\tUnable to put integration on 'POST' for resource at path '/b': Invalid mapping expression specified: "
            "Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: "
            "method.request.header.X]\n"
            "\tUnable to put integration response on 'PUT' for resource at path '/b': "
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Invalid mapping expression parameter specified: method.response.header.X-Kind]",
        )
        assert state(api) == before

    def test_warnings_count_only_when_asked(self, api):
        described = document({"/a": {"get": mock(security=[{"nobody": []}])}})
        before = state(api)
        with pytest.raises(ClientError) as error:
            put(api, described, failOnWarnings=True)
        code, message = refusal(error)
        assert code == "BadRequestException"
        assert message.startswith("Warnings found during import:\n\tSecurity scheme 'nobody'")
        assert state(api) == before
        assert len(put(api, described)["warnings"]) == 1
        assert "warnings" not in put(api, document({"/a": {"get": mock()}}), failOnWarnings=True)

    @pytest.mark.parametrize("options", [{"mode": "replace"}, {"parameters": {"basepath": "keep"}}])
    def test_unknown_options(self, api, options):
        with pytest.raises(ClientError) as error:
            put(api, document(), **{"mode": "merge", **options})
        assert refusal(error)[0] == "BadRequestException"


class TestImport:
    def test_it_makes_an_api(self, world):
        created = world.gateway.import_rest_api(
            body=json.dumps(document({"/a": {"get": mock('{"a": 1}')}})),
            parameters={"endpointConfigurationTypes": "REGIONAL"},
        )
        assert created["ResponseMetadata"]["HTTPStatusCode"] == 201
        assert (created["name"], created["version"]) == ("imported", "7")
        assert created["endpointConfiguration"]["types"] == ["REGIONAL"]
        world.gateway.create_deployment(restApiId=created["id"], stageName="alpha")
        assert http(world.server.url(created["id"], "alpha", "/a")).json() == {"a": 1}

    def test_it_leaves_none_when_it_fails(self, world):
        with pytest.raises(ClientError) as error:
            world.gateway.import_rest_api(body="{}")
        assert refusal(error) == ("BadRequestException", "Invalid OpenAPI input.")
        assert world.gateway.get_rest_apis()["items"] == []

    def test_creating_one_without_a_document_is_as_before(self, world):
        assert world.gateway.create_rest_api(name="plain")["name"] == "plain"


def test_a_role_that_does_not_trust_api_gateway_fails_when_called(world, api):
    operation = start(world, world.machine("m", PASS))
    role = world.role("other", trust("lambda.amazonaws.com"))
    operation["x-amazon-apigateway-integration"]["credentials"] = role
    put(api, document({"/execution": {"post": operation}}))
    api.deploy()
    assert api.call("/execution", '{"name": "a"}').status == 500


class TestExport:
    """Recorded on AWS, 2025-05-06 (localstack, test_export_oas30_openapi)."""

    def exported(self, world, api, **parameters: str) -> dict:
        answer = world.gateway.get_export(
            restApiId=api.id, stageName="alpha", exportType="oas30", parameters=parameters
        )
        assert answer["contentType"] == "application/octet-stream"
        assert re.fullmatch(r'attachment; filename="oas30_[0-9TZ:-]+\.json"', answer["contentDisposition"])
        return json.loads(answer["body"].read())

    def test_is_of_the_stages_deployment(self, world, api):
        pet = {"type": "object", "properties": {"kind": {"$ref": "#/components/schemas/Kind"}}}
        schemas = {"Kind": {"type": "string"}, "Pet": pet}
        body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
        operation = {**mock(), "requestBody": body, "parameters": [{"name": "q", "in": "query", "required": True}]}
        put(api, document({"/pets/{id}": {"post": operation}}, components={"schemas": schemas}))
        api.deploy()
        put(api, document({"/later": {"get": mock()}}))
        found = self.exported(world, api)
        assert found["openapi"] == "3.0.1"
        (server,) = found["servers"]
        assert server["url"].startswith(f"https://{api.id}.execute-api.") and server["url"].endswith("/{basePath}")
        assert server["variables"] == {"basePath": {"default": "alpha"}}
        assert found["components"]["schemas"] == schemas
        assert {path: set(methods) for path, methods in found["paths"].items()} == {"/pets/{id}": {"post"}}
        post = found["paths"]["/pets/{id}"]["post"]
        assert post["requestBody"] == {**body, "required": True}
        assert {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}} in post["parameters"]
        assert post["responses"]["200"]["content"] == {}
        assert "x-amazon-apigateway-integration" not in post
        api.deploy()
        assert list(self.exported(world, api)["paths"]) == ["/later"]

    def test_has_the_integrations_on_request(self, world, api):
        put(api, document({"/x": {"get": mock()}}))
        api.deploy()
        found = self.exported(world, api, extensions="integrations")["paths"]["/x"]["get"]
        assert found["x-amazon-apigateway-integration"]["type"] == "mock"


class TestModelsOfADocument:
    """Source: "Amazon API Gateway important notes", API Gateway guide, 2023-06."""

    SCHEMA = {  # noqa: RUF012
        "type": "object",
        "properties": {
            "minItems": {"type": "array", "minItems": 1, "items": {"type": "number", "minimum": 0}},
            "price": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        },
        "required": ["minItems"],
    }

    @pytest.fixture
    def call(self, api):
        body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}
        validators = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
        extensions = {
            "x-amazon-apigateway-request-validators": validators,
            "x-amazon-apigateway-request-validator": "all",
        }
        described = document(
            {"/x": {"post": mock(requestBody=body)}}, components={"schemas": {"Order": self.SCHEMA}}, **extensions
        )
        put(api, described)
        api.deploy()
        return lambda request: api.call("/x", json.dumps(request)).status

    def test_are_validated_but_for_some_keywords(self, call):
        assert [call(request) for request in ({}, {"minItems": "x"}, {"minItems": [-1]})] == [400] * 3
        assert [call(request) for request in ({"minItems": []}, {"minItems": [1], "price": 0})] == [200] * 2
        assert call({"minItems": [], "price": -1}) == 400

    def test_keep_those_keywords(self, api, call):
        """Recorded on AWS, 2025-07-02 (localstack, test_import_with_circular_models)."""
        model = api.gateway.get_model(restApiId=api.id, modelName="Order")
        assert json.loads(model["schema"]) == self.SCHEMA

    def test_are_validated_altogether_once_they_are_updated(self, api, call):
        operation = {"op": "replace", "path": "/schema", "value": json.dumps(self.SCHEMA)}
        api.gateway.update_model(restApiId=api.id, modelName="Order", patchOperations=[operation])
        api.deploy()
        assert [call(request) for request in ({"minItems": []}, {"minItems": [1], "price": 0})] == [400] * 2


def test_a_second_variable_part_is_refused(api):
    """Recorded on AWS, 2024-04-15, for CreateResource (localstack, test_create_proxy_resource_validation)."""
    put(api, document({"/orders/{id}": {"get": mock()}}))
    put(api, document({"/orders/{order}": {"get": mock()}}))
    assert set(resources(api)) == {"/", "/orders", "/orders/{order}"}
    both = document({"/orders/{id}": {"get": mock()}, "/orders/{order}/x": {"get": mock()}})
    for described, mode in ((both, "overwrite"), (document({"/orders/{id}": {"get": mock()}}), "merge")):
        with pytest.raises(ClientError, match="already has a variable path part -- only one is allowed"):
            put(api, described, mode)
        assert set(resources(api)) == {"/", "/orders", "/orders/{order}"}
