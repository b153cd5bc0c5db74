"""Property: whatever JSON document is posted is in the execution's input, for every input mode."""

import json
from decimal import Decimal

import pytest
from hypothesis import given

from tests.json_documents import json_documents


@pytest.fixture(scope="module")
def contract(deploy, configurations):
    """One engine is enough here: both are made of the same templates."""
    return deploy(configurations / "contract", engine="resources")


def value_of(text: str) -> object:
    """JSON with numbers of any size and precision kept: 1e400 is no infinity."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def post(contract, path: str, body: str) -> str:
    """POST a body and return the text of the input of the execution that this started."""
    answer = contract.http.post(contract.url(path), body=body.encode(), headers={"Content-Type": "application/json"})
    arn = answer.expect(200).json()["executionArn"]
    # The execution is asked for where it is, and not at its end: 300 ends are not what is tested here.
    return contract.executions.input_text(arn)


@pytest.mark.contract("input.body")
@given(document=json_documents())
def test_body(contract, document):
    assert post(contract, "/generated", document) == document


@pytest.mark.contract("input.request")
@given(document=json_documents())
def test_request(contract, document):
    assert value_of(post(contract, "/envelope/t", document))["body"] == value_of(document)


@pytest.mark.contract("input.passthrough")
@given(document=json_documents())
def test_passthrough(contract, document):
    request = json.dumps({"input": document, "stateMachineArn": contract.outputs["state_machine_arn"]})
    assert post(contract, "/passthrough", request) == document


@pytest.mark.contract("input.none")
@given(document=json_documents())
def test_none(contract, document):
    assert post(contract, "/none", document) == "{}"
