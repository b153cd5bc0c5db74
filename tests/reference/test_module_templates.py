"""The module's own templates, rendered by the real Velocity: any JSON document comes through them unharmed."""

import base64
import json
import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.apigateway.variables import template_variables
from sfn_harness.velocity import parse
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
    return for_java(re.sub(r"[$][{]reasons[.](\w+)[}]", r"refused: \1", text))


def for_java(text: str) -> str:
    """Return a template for the variables that Java has here."""
    # Java has no $util and no $input with methods: escapes is the same commons-lang, and the rest stands as values.
    for ours, theirs in {
        "$util.escapeJavaScript(": "$escapes.javaScript(",
        "$util.urlDecode(": "$escapes.urlDecode(",
        "$input.json('$')": "$parsedText",
        "$input.path('$')": "$parsedValue",
        '$input.json("$.$member")': "$membersAsText.get($member)",
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
    printed = velocity.render(template, {"input": {"body": document}, "context": {"extendedRequestId": "id="}})
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
            "context": {"extendedRequestId": "id="},
            "parsedText": variables["input"].json("$"),
            # Only whether it is null, and how it prints, is asked.
            "parsedValue": None if value is None else value if isinstance(value, bool) or value == "" else "a value",
        },
    )
    assert exact(json.loads(printed)["input"]) == {"body": exact(document)}


@given(fields=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), min_size=1, max_size=5))
def test_form(velocity, fields):
    template = composed("body_form.vtl", (TEMPLATES / "input_body.vtl").read_text())
    printed = velocity.render(template, {"input": {"body": urlencode(fields)}, "context": {"extendedRequestId": "id="}})
    assert json.loads(json.loads(printed)["input"]) == fields


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ("&".join("a=1" for _ in range(1000)), None),
        ("&".join("a=1" for _ in range(1001)), "refused: form_fields"),
        ("a=1&" * 20_000 + "b=2", "refused: form_fields"),
        ("a=" + "%41" * 100_000, None),
        ("a=" + "%41" * 100_000 + "%4", "refused: form_escape"),
        ("a=100%", "refused: form_escape"),
        ("%u0041=1", "refused: form_escape"),
    ],
)
def test_forms_that_are_refused(velocity, form, refusal):
    """In their own size: a regular expression that backtracks would end Java's stack."""
    template = composed("body_form.vtl", (TEMPLATES / "input_body.vtl").read_text())
    variables = {"input": {"body": form}, "context": {"extendedRequestId": "id="}}
    printed = json.loads(velocity.render(template, variables))
    assert printed["name"] == (refusal or "id")
    assert (printed["input"] == "{}") == bool(refusal)


MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:m"
_MEMBERS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10), st.just({"a": [1]}), st.just([]))


@given(
    request=st.one_of(
        _MEMBERS,
        st.dictionaries(
            st.sampled_from(["input", "name", "traceHeader", "stateMachineArn", "other"]),
            st.one_of(_MEMBERS, st.just(MACHINE), st.just(f'", "stateMachineArn": "{MACHINE}x')),
        ),
    )
)
def test_passthrough(velocity, request):
    """Whatever is sent, the state machine is the route's, and both engines write the same."""
    text = (TEMPLATES / "passthrough.vtl").read_text()
    text = text.replace("${state_machine_arn}", MACHINE).replace("${reasons.another_target}", "refused")
    variables = template_variables(
        body=json.dumps(request), path={}, querystring={}, header={}, context={}, stage_variables={}
    )
    members = {name: json.dumps(value) for name, value in request.items()} if isinstance(request, dict) else {}
    java = velocity.render(for_java(text), {"parsedValue": request, "membersAsText": members})
    written = json.loads(java)
    assert written == json.loads(parse(text).render(variables))
    if not isinstance(request, dict):
        assert written == []
    elif request.get("stateMachineArn") in (None, MACHINE):
        known = {name: request[name] for name in ("input", "name", "traceHeader") if request.get(name) is not None}
        assert written == {**known, "stateMachineArn": MACHINE}
    else:
        assert written == {"name": "refused", "stateMachineArn": MACHINE}


def test_half_a_surrogate_pair_stays_an_escape():
    """As the caller wrote it, so that Step Functions answers for itself."""
    text = (TEMPLATES / "passthrough.vtl").read_text()
    body = '{"name": "a\\ud800", "input": "\\"\\udc00\\""}'
    variables = template_variables(body=body, path={}, querystring={}, header={}, context={}, stage_variables={})
    printed = parse(text).render(variables)
    assert '"name": "a\\uD800"' in printed
    assert '"input": "\\"\\uDC00\\""' in printed


@pytest.mark.parametrize("value", [None, "", "x", "null", 0, False, True, [], {}, [None]])
def test_only_null_is_null(velocity, value):
    """To API Gateway null == "" is true, to Velocity 1.7 it is not: the template asks neither."""
    text = (TEMPLATES / "body_checked.vtl").read_text() + "$body"
    body = json.dumps(value)
    variables = template_variables(body=body, path={}, querystring={}, header={}, context={}, stage_variables={})
    assert json.loads(parse(text).render(variables)) == value
    as_api_gateway_has_it = '""' if value is None else body
    java = velocity.render(for_java(text), {"parsedText": as_api_gateway_has_it, "parsedValue": value})
    assert json.loads(java) == value


@pytest.mark.parametrize("value", [None, "", "x", 0, False, [], {}])
def test_the_output_of_a_task(velocity, value):
    text = (TEMPLATES / "send_task_success.vtl").read_text()
    request = {"taskToken": "t", "output": value}
    variables = template_variables(
        body=json.dumps(request), path={}, querystring={}, header={}, context={}, stage_variables={}
    )
    assert json.loads(json.loads(parse(text).render(variables))["output"]) == value


@given(extended=st.binary(min_size=11, max_size=20))
def test_the_name_of_a_request(velocity, extended):
    text = for_java((TEMPLATES / "name_request_id.vtl").read_text()) + "$executionName"
    context = {"extendedRequestId": base64.b64encode(extended).decode()}
    wanted = base64.urlsafe_b64encode(extended).decode().rstrip("=")
    assert velocity.render(text, {"context": context}) == wanted
    assert parse(text).render({"context": context}) == wanted


def exact(text: str) -> object:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)
