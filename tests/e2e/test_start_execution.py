"""POST -> StartExecution: what the answer says, and what input and name the execution has."""

import json
import re
import time
import uuid

import pytest

from tests.e2e.names import default_name

JSON_BODIES = {
    "apostrophe": '{"a":"it\'s"}',
    "quote, backslash, apostrophe, slash": r'{"a":"\"\\' + "'" + '/"}',
    "backslash before an apostrophe": r'{"a":"\\' + "'" + r'","b":"\\\\' + "''" + '"}',
    "unicode": '{"a":"é😀\u2028"}',
    "list": "[1,2]",
    "text": '"text"',
    "null": "null",
    "true": "true",
    "numbers": '{"n":12345678901234567890,"f":1e400,"small":-0.0000000001}',
    "control characters": r'{"a":"\u0000\u0001\b\f\n\r\t\u001f\u007f"}',
    "lone surrogate": r'{"a":"\ud800"}',
    "template syntax": '{"a":"#set($x = 1)$x ${y} #if(true)no#end ## $input.body \\\\#"}',
    "spaces around": ' {\n  "a" : [ 1 , 2 ]\n}\n',
    "no keys": "{}",
    "nested 200 deep": "[" * 200 + "]" * 200,
    "200 kB": json.dumps(
        {"items": [{"id": i, "text": 'it\'s "number" é', "tags": ["a", {"b": [i]}]} for i in range(3200)]}
    ),
}


def as_written(text: str) -> object:
    """JSON with its numbers kept as they are written: 12345678901234567890 and 1e400 are compared digit by digit."""
    return json.loads(text, parse_int=lambda n: ("number", n), parse_float=lambda n: ("number", n))


@pytest.mark.contract("input.body")
@pytest.mark.parametrize("body", JSON_BODIES.values(), ids=JSON_BODIES.keys())
def test_the_input_equals_the_body(contract, body):
    started = contract.http.post(contract.url("/execution"), body=body).expect(200).json()
    assert as_written(contract.executions.input_text(started["executionArn"])) == as_written(body)


def test_200_kb_is_200_kb():
    assert 200_000 <= len(JSON_BODIES["200 kB"].encode()) <= 262_144


@pytest.mark.contract("input.body.empty")
@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "application/json"}, {"Content-Type": "application/json; charset=utf-8"}]
)
def test_an_empty_body_is_an_empty_object(contract, headers):
    started = contract.http.post(contract.url("/execution"), body=b"", headers=headers).expect(200).json()
    assert contract.executions.input_text(started["executionArn"]) == "{}"


@pytest.mark.contract("action.StartExecution", "target.module")
def test_the_answer_is_the_arn_and_the_date_in_epoch_seconds(contract):
    before = time.time()
    answer = contract.http.post(contract.url("/execution"), json={}).expect(200)
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"executionArn", "startDate"}
    assert answer.json()["executionArn"].startswith(
        contract.outputs["state_machine_arn"].replace(":stateMachine:", ":execution:") + ":"
    )
    assert before - 60 < answer.json()["startDate"] < time.time() + 60


@pytest.mark.contract("action.StartExecution", "start.answered")
def test_the_execution_runs_and_ends_with_the_state_machines_output(contract):
    started = contract.http.post(contract.url("/execution"), json={"a": 1}).expect(200).json()
    contract.executions.wait(started["executionArn"], "SUCCEEDED")
    assert contract.executions.output(started["executionArn"]) == {"a": 1}
    assert [name for name, *_ in contract.executions.states(started["executionArn"])] == ["Echo"]


def name_of(answer) -> str:
    return answer.expect(200).json()["executionArn"].rpartition(":")[2]


@pytest.mark.contract("name.request_id")
def test_the_name_is_the_id_that_api_gateway_gives(contract):
    answer = contract.http.post(contract.url("/execution"), json={})
    assert name_of(answer) == default_name(answer)


@pytest.mark.contract("name.request_id", "start.answered")
@pytest.mark.parametrize("path", ["/execution", "/slow", "/envelope/t1"])
def test_a_client_that_repeats_its_request_id_starts_another_execution(contract, path):
    """API Gateway takes $context.requestId from this header; see docs/traps.md."""
    headers = {"x-amzn-requestid": str(uuid.uuid4())}
    answers = [contract.http.post(contract.url(path), json={"a": 1}, headers=headers) for _ in range(2)]
    assert name_of(answers[0]) != name_of(answers[1])
    for answer in answers:
        assert name_of(answer) == default_name(answer)
        assert headers["x-amzn-requestid"] not in answer.json()["executionArn"]


@pytest.mark.contract("name.request_id", "error.shape.valid_json")
@pytest.mark.parametrize("value", ['foo"bar', '", "input": "1', "'", "\\", "$context.stage", "x" * 300])
def test_no_value_of_that_header_breaks_anything(contract, expect_error, value):
    headers = {"x-amzn-requestid": value}
    answer = contract.http.post(contract.url("/execution"), json={"a": 1}, headers=headers)
    assert contract.executions.input(answer.expect(200).json()["executionArn"]) == {"a": 1}
    assert name_of(answer) == default_name(answer)
    refused = contract.http.post(contract.url("/execution"), body="{", headers=headers).expect(400)
    assert set(refused.json()) == {"message", "type", "requestId"}


@pytest.mark.contract("name.generated")
def test_a_generated_name_is_not_the_request_id(contract):
    answer = contract.http.post(contract.url("/generated"), json={})
    assert re.fullmatch(r"[A-Za-z0-9-]{1,80}", name_of(answer))
    assert name_of(answer) != default_name(answer)


@pytest.mark.contract("name.json_path")
@pytest.mark.parametrize("value", ["order_1-x", "é", "a.b"])
def test_the_name_is_taken_from_the_body(contract, value):
    body = {"order": {"id": f"{value}{time.time_ns()}"}}
    answer = contract.http.post(contract.url("/named"), json=body)
    assert name_of(answer) == body["order"]["id"]
    assert contract.executions.input(answer.json()["executionArn"]) == body


@pytest.mark.contract("name.json_path")
def test_a_number_can_be_the_name(contract):
    number = time.time_ns()
    assert name_of(contract.http.post(contract.url("/named"), json={"order": {"id": number}})) == str(number)


@pytest.mark.contract("name.json_path")
def test_the_name_is_taken_from_a_list_in_the_body(contract):
    name = f"first-{time.time_ns()}"
    answer = contract.http.post(contract.url("/named/from/list"), json={"orders": [{"id": name}, {"id": "second"}]})
    assert name_of(answer) == name


@pytest.mark.contract("input.none")
def test_no_input_is_an_empty_object_whatever_is_sent(contract):
    for body in (b"", b'{"a": 1}'):
        started = contract.http.post(contract.url("/none"), body=body).expect(200).json()
        assert contract.executions.input_text(started["executionArn"]) == "{}"


@pytest.mark.contract("input.passthrough", "name.passthrough")
def test_a_body_that_is_passed_through_brings_input_and_name(contract):
    body = {"input": '{"a": "it\'s"}', "stateMachineArn": contract.outputs["state_machine_arn"]}
    name = f"passed-{time.time_ns()}"
    named = contract.http.post(contract.url("/passthrough"), json={**body, "name": name})
    assert name_of(named) == name
    assert contract.executions.input_text(named.json()["executionArn"]) == body["input"]
    unnamed = contract.http.post(contract.url("/passthrough"), json=body)
    assert name_of(unnamed) not in (name, default_name(unnamed))


@pytest.mark.contract("route.any_length")
def test_a_route_eight_segments_deep(deploy, configurations):
    deep = deploy(configurations / "contract", engine="openapi")
    started = deep.http.post(deep.url("/a/b/c/d/e/f/g/x"), json={"deep": True}).expect(200).json()
    assert deep.executions.input(started["executionArn"]) == {"deep": True}


@pytest.mark.contract("route.six_segments")
def test_a_route_six_segments_deep(contract):
    started = contract.http.post(contract.url("/a/b/c/d/e/f"), json={"deep": True}).expect(200).json()
    assert contract.executions.input(started["executionArn"]) == {"deep": True}


@pytest.mark.contract("target.route")
def test_a_routes_own_state_machine(contract):
    started = contract.http.post(contract.url("/failing"), json={}).expect(200).json()
    ended = contract.executions.wait(started["executionArn"], "FAILED")
    assert ended["stateMachineArn"] == contract.outputs["state_machine_arns"]["failing"]
    assert (ended["error"], ended["cause"]) == ("Kitchen.Closed", 'It\'s "closed"\nuntil 9')


@pytest.mark.contract("input.request_templates")
def test_a_routes_own_template(contract):
    started = (
        contract.http.put(contract.url("/own-template"), body="it's text", headers={"Content-Type": "text/plain"})
        .expect(200)
        .json()
    )
    assert contract.executions.input(started["executionArn"]) == {"text": "it's text"}


@pytest.mark.contract("action.StartExecution.express")
def test_an_express_state_machine_is_started(express):
    started = express.http.post(express.url("/execution"), json={"a": "it's"}).expect(200).json()
    assert started["executionArn"].split(":")[5] == "express"
    assert set(started) == {"executionArn", "startDate"}


def test_every_curl_command_can_be_pasted(contract, paste):
    """Each command of the output is run by a shell; only the address is the sandbox's."""
    for stage, commands in contract.outputs["curl_commands"].items():
        if stage == "throttled":
            continue
        for route, command in commands.items():
            # Two routes take the name example-1 for the same state machine.
            status, body = paste(contract, command.replace("example-1", f"example-{time.time_ns()}"))
            if route == "GET /executions":
                assert (status, set(json.loads(body)) - {"nextToken"}) == (200, {"executions"}), (command, body)
            elif route.startswith(("GET", "DELETE")) or route.endswith("/redrive"):
                assert (status, json.loads(body)["type"]) == (404, "ExecutionDoesNotExist"), (command, body)
            elif route.startswith("POST /task/"):
                assert (status, json.loads(body)["type"]) == (400, "InvalidToken"), (command, body)
            elif route == "POST /named/from/list":
                assert (status, json.loads(body)["type"]) == (400, "InvalidName"), (command, body)
            elif route == "PUT /own-template":
                assert status == 200, (command, body)
            else:
                assert (status, set(json.loads(body))) == (200, {"executionArn", "startDate"}), (command, body)
