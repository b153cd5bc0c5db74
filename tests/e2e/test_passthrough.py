"""A body that is passed through chooses input, name and trace header, and never which state machine is started."""

import json
import time

import pytest

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
STANDARD = ("dev", "payroll", "prod")


@pytest.fixture(scope="session")
def api(deploy, configurations, engine):
    return deploy(configurations / "passthrough", engine=engine)


@pytest.fixture
def post(api):
    def send(body, path="/staged", stage="dev", content_type=JSON):
        text = body if isinstance(body, str) else json.dumps(body)
        return api.http.post(api.url(path, stage), body=text, headers={"Content-Type": content_type})

    return send


@pytest.fixture
def machines(api):
    return api.outputs["state_machine_arns"]


@pytest.fixture
def started(api, machines):
    """What of executions there is of every STANDARD state machine: name of the machine => ARNs."""

    def look() -> dict[str, set[str]]:
        return {
            name: {execution["executionArn"] for execution in api.executions.list(machines[name])} for name in STANDARD
        }

    return look


@pytest.mark.contract("input.passthrough.target", "start.refused")
@pytest.mark.parametrize("content_type", [JSON, FORM])
@pytest.mark.parametrize(
    ("path", "stage", "other"),
    [
        ("/staged", "dev", "payroll"),  # of a route that only signed requests may call
        ("/staged", "dev", "prod"),  # of another stage
        ("/staged", "prod", "dev"),
        ("/staged", "prod", "payroll"),
        ("/express", "dev", "dev"),
        ("/sync", "dev", "payroll"),
    ],
)
def test_another_state_machine_is_refused(post, machines, started, expect_error, path, stage, other, content_type):
    before = started()
    answer = post({"input": "{}", "stateMachineArn": machines[other]}, path, stage, content_type)
    assert "Leave stateMachineArn out" in expect_error(answer, 400, "InvalidArn")
    assert started() == before


@pytest.mark.contract("input.passthrough.target", "error.400.InvalidArn", "start.refused")
@pytest.mark.parametrize("suffix", [":1", ":PROD", "-other", " ", "x"])
def test_nothing_but_the_routes_own_arn_is_taken(post, machines, started, expect_error, suffix):
    """Neither its aliases nor its versions: a route on one of those has that for its own ARN."""
    before = started()
    expect_error(post({"stateMachineArn": machines["dev"] + suffix}), 400, "InvalidArn")
    assert started() == before


@pytest.mark.contract("input.passthrough.target", "error.400.InvalidArn", "start.refused")
@pytest.mark.parametrize("arn", ["", "nonsense", 1, True, {}, [], ["arn"], {"a": "b"}])
def test_what_is_no_arn_is_refused(post, started, expect_error, arn):
    before = started()
    expect_error(post({"stateMachineArn": arn}), 400, "InvalidArn")
    assert started() == before


@pytest.mark.contract("input.passthrough.target", "start.refused")
def test_of_two_arns_none_gets_past(post, machines, started):
    """The last one counts, and what is started is the route's own in any case."""
    before = started()
    own, other = (json.dumps(machines[name]) for name in ("dev", "payroll"))
    post(f'{{"stateMachineArn": {own}, "stateMachineArn": {other}}}').expect(400)
    assert started() == before
    post(f'{{"stateMachineArn": {other}, "stateMachineArn": {own}}}').expect(200, 400)
    assert started()["payroll"] == before["payroll"]


@pytest.mark.contract("input.passthrough", "name.passthrough", "target.stage")
@pytest.mark.parametrize("content_type", [JSON, FORM])
@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("named", [True, False])
def test_the_routes_own_is_started_named_or_not(api, post, machines, content_type, stage, named):
    name, text = f"it-{time.time_ns()}", '{"a": "it\'s \\"é\\" 😀", "n": 12345678901234567890.10}'
    body = {"input": text, "name": name, "unknown": 1} | ({"stateMachineArn": machines[stage]} if named else {})
    arn = post(body, stage=stage, content_type=content_type).expect(200).json()["executionArn"]
    assert arn == machines[stage].replace(":stateMachine:", ":execution:") + f":{name}"
    assert api.executions.input_text(arn) == text


@pytest.mark.contract("input.passthrough")
def test_missing_members_and_null_are_left_out(api, post):
    for body in ("", "{}", '{"stateMachineArn": null, "input": null, "name": null}'):
        arn = post(body).expect(200).json()["executionArn"]
        assert api.executions.input_text(arn) == "{}"


@pytest.mark.contract("input.passthrough", "action.StartSyncExecution")
def test_a_synchronous_one(post, machines):
    answer = post({"input": '{"b":1}', "stateMachineArn": machines["express"]}, "/sync").expect(200)
    assert answer.json() == {"b": 1}
    post({"input": "{}"}, "/express").expect(200)


@pytest.mark.contract("input.passthrough", "error.400.SerializationException", "start.refused")
@pytest.mark.parametrize("body", ["[]", '[{"input": "{}"}]', "1", '"text"', "true", "null", '""'])
def test_a_body_that_is_not_an_object(post, started, expect_error, body):
    before = started()
    expect_error(post(body), 400, "SerializationException")
    assert started() == before


@pytest.mark.contract("input.passthrough", "error.400.not_json", "start.refused")
@pytest.mark.parametrize("body", ["{", "it's", '{"input": "{}",}', "{}}"])
def test_a_body_that_is_not_json(post, started, expect_error, body):
    before = started()
    expect_error(post(body), 400, "BAD_REQUEST_BODY")
    assert started() == before


@pytest.mark.contract("input.passthrough", "start.refused")
@pytest.mark.parametrize("member", ["input", "name", "traceHeader"])
@pytest.mark.parametrize("value", [{"a": "it's"}, ["a", 1], 1, False])
def test_a_member_that_is_not_a_text(post, started, member, value):
    """As StartExecution itself answers."""
    before = started()
    answer = post({member: value}).expect(400)
    assert set(answer.json()) == {"message", "type", "requestId"}
    assert started() == before


@pytest.mark.contract("input.passthrough.target", "start.refused")
@pytest.mark.parametrize("member", ["input", "name", "traceHeader"])
def test_no_member_can_write_another(post, machines, started, member):
    """A value that ends its own text and goes on with a state machine."""
    payroll = machines["payroll"]
    before = started()["payroll"]
    for value in (f'", "stateMachineArn": "{payroll}', f'{{}}", "stateMachineArn": "{payroll}", "x": "', "$machine"):
        answer = post({member: value})
        assert answer.status in (200, 400), answer.report()
    assert started()["payroll"] == before


@pytest.mark.contract("input.passthrough", "error.413.input", "start.refused")
def test_an_input_over_the_limit(post, started, expect_error):
    before = started()
    message = expect_error(post({"input": json.dumps("x" * 262_144)}), 413, "ValidationException")
    assert "262,144" in message
    assert started() == before
