"""OpenAPI documents as API Gateway reads them, without a server."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from sfn_harness.apigateway.openapi import InvalidDocument, describe

ROLE = "arn:aws:iam::111122223333:role/gateway"
START = "arn:aws:apigateway:eu-west-1:states:action/StartExecution"


def read(document: Any, **options: Any):
    body = document if isinstance(document, (str, bytes)) else json.dumps(document)
    body = body.encode() if isinstance(body, str) else body
    return describe(body, model_url=lambda name: f"https://models/{name}", **options)


def openapi(paths: dict | None = None, **members: Any) -> dict:
    return {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths or {}, **members}


def swagger(paths: dict | None = None, **members: Any) -> dict:
    return {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths or {}, **members}


def operation(**members: Any) -> dict:
    """A document with one operation, and that operation's method."""
    return openapi({"/x": {"post": members}})


def method_of(document: Any):
    [method] = read(document).methods
    return method


class TestDocument:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            '"text"',
            "{",
            "a: [",
            "swagger: 1.2",
            '{"openapi": "3.1.0", "paths": {}}',
            '{"openapi": "3.0.1", "paths": []}',
            b"\xff\xfe\x00",
            "&a [*a]",
        ],
    )
    def test_what_is_none_is_refused_in_the_words_of_aws(self, body):
        with pytest.raises(InvalidDocument, match=r"^Invalid OpenAPI input\.$"):
            read(body)

    def test_yaml_reads_like_json(self):
        text = """
swagger: 2.0
info: {title: t, version: 2024-01-31}
paths:
  /x:
    get:
      responses:
        200: {description: ok}
"""
        description = read(text)
        assert description.settings["version"] == "2024-01-31"
        assert list(description.methods[0].responses) == ["200"]

    def test_info_and_extensions_become_settings(self):
        described = read(
            openapi(
                info={"title": "orders", "description": "d", "version": "2"},
                **{
                    "x-amazon-apigateway-api-key-source": "AUTHORIZER",
                    "x-amazon-apigateway-binary-media-types": ["image/png"],
                    "x-amazon-apigateway-minimum-compression-size": 100,
                    "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": []},
                },
                servers=[{"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}],
            )
        )
        assert described.settings == {
            "name": "orders",
            "description": "d",
            "version": "2",
            "apiKeySource": "AUTHORIZER",
            "binaryMediaTypes": ["image/png"],
            "minimumCompressionSize": 100,
            "policy": '{"Version": "2012-10-17", "Statement": []}',
            "disableExecuteApiEndpoint": True,
        }

    def test_what_a_document_does_not_say_is_not_set(self):
        assert read(openapi(info={"title": "t"})).settings == {"name": "t"}

    @pytest.mark.parametrize(
        ("document", "mode", "path"),
        [
            (swagger({"/e": {}}, basePath="/a/b"), "ignore", "/e"),
            (swagger({"/e": {}}, basePath="/a/b"), "prepend", "/a/b/e"),
            (swagger({"/e": {}}, basePath="/a/b"), "split", "/b/e"),
            (swagger({"/": {}}, basePath="/a"), "prepend", "/a"),
            (openapi({"/e": {}}, servers=[{"url": "https://h/a/b"}]), "prepend", "/a/b/e"),
            (openapi({"/e": {}}, servers=[{"url": "https://h/{b}", "variables": {"basePath": {"default": "v1"}}}]),
             "prepend", "/v1/e"),
            (openapi({"/e": {}}), "prepend", "/e"),
        ],
    )  # fmt: skip
    def test_base_path(self, document, mode, path):
        assert read(document, base_path=mode).paths == (path,)

    def test_a_path_that_is_none_is_an_error(self):
        described = read(openapi({"/a b": {}, "/{p+}": {}, "/{id}": {}}))
        assert described.paths == ("/{p+}", "/{id}")
        [error] = described.findings.errors
        assert error.startswith("Unable to create resource at path '/a b': Resource's path part only allow")

    def test_a_reference_in_a_circle_leads_nowhere(self):
        circle = {"$ref": "#/components/parameters/a"}
        document = openapi({"/x": {"get": {"parameters": [circle]}}}, components={"parameters": {"a": circle}})
        assert read(document).findings.warnings == [
            "Reference to parameter '#/components/parameters/a' not found. Ignoring."
        ]


class TestIntegration:
    def test_every_member(self):
        integration = {
            "type": "aws",
            "httpMethod": "post",
            "uri": START,
            "credentials": ROLE,
            "passthroughBehavior": "when_no_templates",
            "timeoutInMillis": 5000,
            "contentHandling": "convert_to_text",
            "cacheNamespace": "n",
            "cacheKeyParameters": ["method.request.path.id"],
            "requestParameters": {"integration.request.header.X": "'x'"},
            "requestTemplates": {"application/json": '{"input": "{}"}', "text/plain": {"a": 1}},
        }
        assert method_of(operation(**{"x-amazon-apigateway-integration": integration})).integration == {
            **integration,
            "type": "AWS",
            "httpMethod": "POST",
            "passthroughBehavior": "WHEN_NO_TEMPLATES",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": '{"input": "{}"}', "text/plain": '{"a": 1}'},
        }

    def test_responses_are_chosen_by_the_pattern_that_is_their_key(self):
        responses = {
            "default": {"statusCode": 200, "responseTemplates": {"application/json": "$input.json('$')"}},
            "4\\d{2}": {"statusCode": "400", "responseParameters": {"method.response.header.X": "'x'"}},
        }
        integration = {"type": "mock", "responses": responses}
        assert method_of(operation(**{"x-amazon-apigateway-integration": integration})).integration_responses == {
            "200": {"responseParameters": {}, "responseTemplates": {"application/json": "$input.json('$')"}},
            "400": {
                "selectionPattern": "4\\d{2}",
                "responseParameters": {"method.response.header.X": "'x'"},
                "responseTemplates": {},
            },
        }

    def test_it_may_be_a_reference(self):
        document = openapi(
            {"/x": {"get": {"x-amazon-apigateway-integration": {"$ref": "#/components/x-integrations/m"}}}},
            components={"x-integrations": {"m": {"type": "mock"}}},
        )
        assert method_of(document).integration["type"] == "MOCK"

    @pytest.mark.parametrize(
        ("integration", "refusal"),
        [
            ({}, "Enumeration value for integration type must be non-empty"),
            ({"type": "soap"}, "Invalid integration type"),
            ({"type": "aws", "uri": START}, "Enumeration value for HttpMethod must be non-empty"),
            ({"type": "aws", "httpMethod": "POST", "uri": "x"}, "Invalid ARN specified in the request"),
            ({"type": "aws", "httpMethod": "POST", "uri": START.replace("action/", "")},
             "AWS ARN for integration must contain path or action"),
            ({"type": "http", "httpMethod": "GET", "uri": "nowhere"}, "Invalid HTTP endpoint specified for URI"),
            ({"type": "mock", "timeoutInMillis": 300_001}, "Timeout should be between 50 ms and 300000 ms"),
            ({"type": "mock", "passthroughBehavior": "maybe"}, "Invalid passthrough behavior specified"),
        ],
    )  # fmt: skip
    def test_a_bad_one_is_an_error(self, integration, refusal):
        described = read(operation(**{"x-amazon-apigateway-integration": integration}))
        assert described.findings.errors == [
            f"Unable to put integration on 'POST' for resource at path '/x': {refusal}"
        ]

    @pytest.mark.parametrize("uri", ["https://${stageVariables.host}/x", "${stageVariables.url}", "http://h/x"])
    def test_an_http_address_may_have_stage_variables(self, uri):
        integration = {"type": "http_proxy", "httpMethod": "GET", "uri": uri}
        assert read(operation(**{"x-amazon-apigateway-integration": integration})).findings.errors == []


class TestRequest:
    def test_any_method(self):
        assert method_of(openapi({"/x": {"x-amazon-apigateway-any-method": {}}})).verb == "ANY"

    def test_parameters_of_the_path_item_and_of_the_operation(self):
        shared = [
            {"name": "id", "in": "path"},
            {"name": "q", "in": "query"},
            {"$ref": "#/components/parameters/trace"},
        ]
        own = [{"name": "q", "in": "query", "required": True}, {"name": "session", "in": "cookie", "required": True}]
        document = openapi(
            {"/{id}": {"parameters": shared, "get": {"parameters": own}}},
            components={"parameters": {"trace": {"name": "X-Trace", "in": "header"}}},
        )
        assert method_of(document).settings["requestParameters"] == {
            "method.request.path.id": True,
            "method.request.querystring.q": True,
            "method.request.header.X-Trace": False,
        }

    def test_a_request_body_names_its_models(self):
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}, "text/plain": {}}
        document = openapi(
            {"/x": {"post": {"requestBody": {"$ref": "#/components/requestBodies/b"}}}},
            components={"schemas": {"Order": {"type": "object"}}, "requestBodies": {"b": {"content": content}}},
        )
        assert method_of(document).settings["requestModels"] == {"application/json": "Order"}

    def test_a_body_parameter_does_so_in_swagger(self):
        body = {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/Order"}}
        document = swagger(
            {"/x": {"post": {"parameters": [body], "consumes": ["application/json", "application/xml"]}}},
            definitions={"Order": {"type": "object"}},
        )
        method = method_of(document)
        assert method.settings["requestModels"] == {"application/json": "Order", "application/xml": "Order"}
        assert method.settings["requestParameters"] == {}

    def test_validators(self):
        document = openapi(
            {"/a": {"post": {}, "get": {"x-amazon-apigateway-request-validator": "params"}}},
            **{
                "x-amazon-apigateway-request-validator": "all",
                "x-amazon-apigateway-request-validators": {
                    "all": {"validateRequestBody": True, "validateRequestParameters": True},
                    "params": {"validateRequestParameters": True},
                },
            },
        )
        described = read(document)
        assert {method.verb: method.validator for method in described.methods} == {"POST": "all", "GET": "params"}
        assert described.validators["params"] == {
            "name": "params",
            "validateRequestBody": False,
            "validateRequestParameters": True,
        }

    def test_an_unknown_validator_is_an_error(self):
        described = read(operation(**{"x-amazon-apigateway-request-validator": "nobody"}))
        assert "Invalid Request Validator identifier specified: nobody" in described.findings.errors[0]


class TestResponses:
    def test_headers_and_models(self):
        response = {
            "headers": {"X-A": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
        }
        document = openapi(
            {"/x": {"get": {"responses": {"200": response}}}}, components={"schemas": {"Order": {"type": "object"}}}
        )
        assert method_of(document).responses == {
            "200": {
                "responseModels": {"application/json": "Order"},
                "responseParameters": {"method.response.header.X-A": False},
            }
        }

    def test_swagger_takes_the_types_it_produces(self):
        response = {"schema": {"$ref": "#/definitions/Order"}}
        document = swagger(
            {"/x": {"get": {"responses": {"200": response}}}},
            produces=["application/xml"],
            definitions={"Order": {}},
        )
        assert method_of(document).responses["200"]["responseModels"] == {"application/xml": "Order"}

    def test_a_response_without_a_status_is_left_out_with_a_warning(self):
        described = read(operation(responses={"default": {"description": "d"}}))
        assert described.methods[0].responses == {}
        assert "'default' is not a status code" in described.findings.warnings[0]


class TestModels:
    def test_references_become_addresses_of_models(self):
        schemas = {
            "Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}, "description": "all"},
            "Pet": {"type": "object", "properties": {"$ref": {"type": "string"}}},
        }
        models = read(openapi(components={"schemas": schemas})).models
        assert models["Pets"].schema["items"] == {"$ref": "https://models/Pet"}
        assert models["Pets"].description == "all"
        assert models["Pet"].schema == schemas["Pet"]

    def test_a_schema_in_place_gets_a_model_whose_name_follows_from_it(self):
        content = {"application/json": {"schema": {"type": "object", "required": ["a"]}}}
        first, second = (read(operation(requestBody={"content": content})) for _ in range(2))
        name = first.methods[0].settings["requestModels"]["application/json"]
        assert name.startswith("MODEL")
        assert name.isalnum()
        assert first.models[name].schema == {"type": "object", "required": ["a"]}
        assert list(second.models) == [name]

    def test_an_unknown_one_is_a_warning(self):
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/No"}}}
        described = read(operation(requestBody={"content": content}))
        assert described.findings.warnings == ["Reference to model 'No' not found. Ignoring."]
        assert described.methods[0].settings["requestModels"] == {}

    def test_a_name_that_is_not_alphanumeric_is_an_error(self):
        described = read(openapi(components={"schemas": {"body_1": {}}}))
        assert described.findings.errors == [
            "Unable to create model for 'body_1': Model name must be alphanumeric: body_1"
        ]


SCHEMES = {
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    "iam": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "function": {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "token",
            "authorizerUri": "arn:f",
            "authorizerResultTtlInSeconds": 0,
            "identityValidationExpression": "^x",
        },
    },
    "pool": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:p"]},
    },
    "other": {"type": "http", "scheme": "basic"},
}


class TestSecurity:
    def method(self, security: Any, **members: Any):
        document = openapi({"/x": {"post": {"security": security}}}, components={"securitySchemes": SCHEMES}, **members)
        return method_of(document)

    @pytest.mark.parametrize(
        ("security", "expected", "authorizer"),
        [
            ([], {"authorizationType": "NONE", "apiKeyRequired": False}, None),
            ([{"key": []}], {"authorizationType": "NONE", "apiKeyRequired": True}, None),
            ([{"iam": [], "key": []}], {"authorizationType": "AWS_IAM", "apiKeyRequired": True}, None),
            ([{"function": []}], {"authorizationType": "CUSTOM", "apiKeyRequired": False}, "function"),
            ([{"pool": ["a/b"]}], {"authorizationType": "COGNITO_USER_POOLS", "authorizationScopes": ["a/b"]}, "pool"),
        ],
    )  # fmt: skip
    def test_what_a_method_asks_for(self, security, expected, authorizer):
        method = self.method(security)
        assert {name: method.settings[name] for name in expected} == expected
        assert method.authorizer == authorizer

    def test_authorizers(self):
        authorizers = read(openapi(components={"securitySchemes": SCHEMES})).authorizers
        assert authorizers == {
            "function": {
                "name": "function",
                "type": "TOKEN",
                "identitySource": "method.request.header.X-Token",
                "authType": "custom",
                "authorizerUri": "arn:f",
                "authorizerResultTtlInSeconds": 0,
                "identityValidationExpression": "^x",
            },
            "pool": {
                "name": "pool",
                "type": "COGNITO_USER_POOLS",
                "identitySource": "method.request.header.Authorization",
                "authType": "cognito_user_pools",
                "providerARNs": ["arn:p"],
            },
        }

    def test_the_document_s_security_is_the_default(self):
        document = openapi(
            {"/x": {"get": {}, "post": {"security": []}}},
            components={"securitySchemes": SCHEMES},
            security=[{"key": []}],
        )
        keys = {method.verb: method.settings["apiKeyRequired"] for method in read(document).methods}
        assert keys == {"GET": True, "POST": False}

    def test_the_auth_extension(self):
        method = method_of(operation(**{"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}))
        assert method.settings["authorizationType"] == "AWS_IAM"

    def test_a_scheme_that_api_gateway_cannot_do_is_a_warning(self):
        document = openapi({"/x": {"post": {"security": [{"other": []}]}}}, components={"securitySchemes": SCHEMES})
        described = read(document)
        assert described.methods[0].settings["authorizationType"] == "NONE"
        assert "'other'" in described.findings.warnings[0]


def test_gateway_responses():
    document = openapi(
        **{
            "x-amazon-apigateway-gateway-responses": {
                "DEFAULT_4XX": {
                    "statusCode": 418,
                    "responseParameters": {"gatewayresponse.header.X": "'x'"},
                    "responseTemplates": {"application/json": "{}"},
                },
                "THROTTLED": {},
            }
        }
    )
    assert read(document).gateway_responses == {
        "DEFAULT_4XX": {
            "statusCode": "418",
            "responseParameters": {"gatewayresponse.header.X": "'x'"},
            "responseTemplates": {"application/json": "{}"},
        },
        "THROTTLED": {"responseParameters": {}, "responseTemplates": {}},
    }


FULL = openapi(
    {
        "/{id}": {
            "parameters": [{"in": "path", "name": "id"}],
            "post": {
                "security": [{"function": ["scope"]}],
                "parameters": [{"in": "query", "name": "q"}],
                "requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/M"}}}},
                "responses": {"200": {"headers": {"X": {}}, "content": {"a/b": {"schema": {"type": "object"}}}}},
                "x-amazon-apigateway-request-validator": "all",
                "x-amazon-apigateway-auth": {"type": "NONE"},
                "x-amazon-apigateway-integration": {
                    "type": "aws",
                    "httpMethod": "POST",
                    "uri": START,
                    "requestTemplates": {"a/b": "x"},
                    "timeoutInMillis": 50,
                    "cacheKeyParameters": ["x"],
                    "responses": {"default": {"statusCode": "200", "responseTemplates": {"a/b": "x"}}},
                },
            },
        }
    },
    servers=[{"url": "https://h/a", "variables": {"basePath": {"default": "v"}}}],
    components={"schemas": {"M": {"type": "object"}}, "securitySchemes": SCHEMES},
    **{
        "x-amazon-apigateway-binary-media-types": ["a/b"],
        "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"statusCode": 400}},
        "x-amazon-apigateway-minimum-compression-size": 1,
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}},
    },
)


def places(node: Any, path: tuple = ()):
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(node[key], (*path, key))


@pytest.mark.parametrize(
    "junk", [None, 0, "", "x", True, [], ["x"], [[1]], [None], {}, {"a": None}, {"$ref": "#/no"}, {"$ref": 1}], ids=repr
)
def test_whatever_stands_in_a_place_it_is_described_or_refused(junk):
    assert read(FULL).findings.errors == []
    for *above, last in places(FULL):
        document = copy.deepcopy(FULL)
        node = document
        for key in above:
            node = node[key]
        node[last] = junk
        try:
            read(document, base_path="split")
        except InvalidDocument:
            assert (*above, last) in (("openapi",), ("paths",))
