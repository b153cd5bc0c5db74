"""The document of the engine "openapi": valid OpenAPI, with and without API Gateway's extensions."""

import json

import pytest
from openapi_spec_validator import validate


@pytest.fixture(scope="module")
def documented(deploy, configurations):
    return deploy(configurations / "contract", engine="openapi")


@pytest.mark.parametrize("output", ["openapi_document", "openapi_document_extended"])
def test_it_is_valid(documented, output):
    document = json.loads(documented.outputs[output])
    assert document["openapi"] == "3.0.1"
    validate(document)


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
    outputs = deploy(configurations / "contract").outputs
    assert outputs.get("openapi_document") is None
