"""The document of the engine "openapi": valid OpenAPI, with and without API Gateway's extensions."""

import json

import pytest
from openapi_spec_validator import validate


@pytest.fixture(scope="module")
def documented(deploy, configurations):
    return deploy(configurations / "contract", engine="openapi")


@pytest.mark.parametrize("output", ["openapi_document", "openapi_document_extended"])
@pytest.mark.parametrize("configuration", ["contract", "guarded"])
def test_it_is_valid(deploy, configurations, configuration, output):
    document = json.loads(deploy(configurations / configuration, engine="openapi").outputs[output])
    assert document["openapi"] == "3.0.1"
    validate(document)


@pytest.fixture
def document(deploy, configurations) -> dict:
    return json.loads(deploy(configurations / "guarded", engine="openapi").outputs["openapi_document"])


class TestWhatIsAskedOfACaller:
    def test_the_schema_is_the_bodys(self, document):
        body = document["paths"]["/schema"]["post"]["requestBody"]
        assert body["required"] is True
        reference = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][reference]
        assert schema["required"] == ["dish"]
        assert "$schema" not in schema

    def test_required_parameters(self, document):
        parameters = document["paths"]["/orders"]["post"]["parameters"]
        assert {(each["in"], each["name"], each["required"]) for each in parameters} == {
            ("header", "X-Tenant", True),
            ("query", "table", True),
        }

    def test_two_schemes_are_asked_for_together(self, document):
        assert document["paths"]["/both"]["post"]["security"] == [{"token": [], "api_key": []}]
        assert document["components"]["securitySchemes"]["api_key"]["name"] == "x-api-key"

    def test_a_route_for_everybody_asks_for_nothing(self, document):
        assert "security" not in document["paths"]["/schema"]["post"]


def test_the_plain_one_has_every_route_and_no_extension(documented):
    document = json.loads(documented.outputs["openapi_document"])
    routes = {f"{verb.upper()} {path}" for path, item in document["paths"].items() for verb in item}
    assert routes == set(documented.outputs["curl_commands"]["alpha"])
    assert "x-amazon" not in documented.outputs["openapi_document"]


def test_operation_ids_are_unique(documented):
    document = json.loads(documented.outputs["openapi_document"])
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(ids)) == len(ids)


def test_the_other_engine_has_none(deploy, configurations):
    outputs = deploy(configurations / "contract", engine="resources").outputs
    assert outputs.get("openapi_document") is None
