"""The module's own templates, rendered by the real Velocity: any JSON document comes through them unharmed."""

import json
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.apigateway.variables import template_variables
from tests.json_documents import json_documents

from .velocity import RealVelocity, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"the real Velocity is {missing()}")

TEMPLATES = Path(__file__).parents[2] / "modules" / "integrations" / "templates"


def composed(body: str, input_template: str) -> str:
    """Return the template of a start, put together as the module does, for the variables that Java has here."""
    text = (TEMPLATES / "start_execution.vtl").read_text()
    for name, value in {
        "body": (TEMPLATES / body).read_text(),
        "input": input_template,
        "name": (TEMPLATES / "name_request_id.vtl").read_text(),
        "state_machine_arn": "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
        "wait_members": "",
    }.items():
        text = text.replace(f"${{{name}}}", value)
    # Java has no $util and no $input with methods: escapes is the same commons-lang, and the rest stands as values.
    for ours, theirs in {
        "$util.escapeJavaScript(": "$escapes.javaScript(",
        "$util.urlDecode(": "$escapes.urlDecode(",
        "$input.json('$')": "$parsedText",
        "$input.path('$')": "$parsedValue",
    }.items():
        text = text.replace(ours, theirs)
    return text


@pytest.fixture(scope="module")
def velocity(tmp_path_factory):
    with RealVelocity(tmp_path_factory.mktemp("velocity")) as running:
        yield running


@given(document=json_documents())
def test_body(velocity, document):
    template = composed("body_json.vtl", (TEMPLATES / "input_body.vtl").read_text())
    printed = velocity.render(template, {"input": {"body": document}, "context": {"requestId": "id"}})
    request = json.loads(printed)
    assert request == {
        "input": document,
        "name": "id",
        "stateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
    }


@given(document=json_documents())
def test_request(velocity, document):
    """The envelope's first line and last, around the body; the rest of it is made of the request's other parts."""
    envelope = "".join(
        line + "\n"
        for line in (TEMPLATES / "input_request.vtl").read_text().splitlines()
        if "$envelope.concat($body)" in line or "'{\"body\":'" in line or "$executionInput" in line
    ).replace("#set($executionInput", "#set($envelope = $envelope.concat('}'))\n#set($executionInput")
    variables = template_variables(body=document, path={}, querystring={}, header={}, context={}, stage_variables={})
    value = json.loads(document)
    printed = velocity.render(
        composed("body_checked.vtl", envelope),
        {
            "context": {"requestId": "id"},
            "parsedText": variables["input"].json("$"),
            # Only whether it is null, and how it prints, is asked.
            "parsedValue": None if value is None else value if isinstance(value, bool) or value == "" else "a value",
        },
    )
    assert exact(json.loads(printed)["input"]) == {"body": exact(document)}


@given(fields=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), min_size=1, max_size=5))
def test_form(velocity, fields):
    template = composed("body_form.vtl", (TEMPLATES / "input_body.vtl").read_text())
    printed = velocity.render(template, {"input": {"body": urlencode(fields)}, "context": {"requestId": "id"}})
    assert json.loads(json.loads(printed)["input"]) == fields


def exact(text: str) -> object:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)
