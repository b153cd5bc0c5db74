"""POST -> StartSyncExecution on an EXPRESS state machine: the end of the execution is the answer."""

import json

import pytest

# Written as no JSON library would write them: only the bytes themselves can be equal.
OUTPUTS = [
    '{"b": 1,\n "a":[1.50, 1e3]}',
    '"it\'s \\"text\\" \\u00e9/\\/"',
    "[ ]",
    "null",
    "12345678901234567890",
    "true",
]


@pytest.mark.contract("action.StartSyncExecution")
@pytest.mark.parametrize("output", OUTPUTS)
def test_the_answer_is_the_output(express, output):
    answer = express.http.post(express.url("/sync"), body=output).expect(200)
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == json.loads(output)


@pytest.mark.contract("action.StartSyncExecution")
def test_byte_for_byte(express):
    """The output as Step Functions has it, compared with what it says itself when it is asked directly."""
    client = express.account.client("stepfunctions")
    body = json.dumps({"a": ["it's", 'é "x"', 1.5, None], "b": {}})
    direct = client.start_sync_execution(stateMachineArn=express.outputs["state_machine_arn"], input=body)
    answer = express.http.post(express.url("/sync"), body=body).expect(200)
    assert answer.body == direct["output"].encode()


@pytest.mark.contract("error.500.FAILED", "error.shape.valid_json")
@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("Kitchen.Closed", 'It\'s "closed"'),
        ("Kitchen.Closed", "two\nlines\tand a \\ backslash"),
        ("Lambda.Unknown", '{"errorMessage": "it\'s \\"JSON\\"", "trace": ["a\\nb"]}'),
        ("é", "😀\u2028"),
    ],
)
def test_failed_is_500_with_error_and_cause(express, expect_error, error, cause):
    answer = express.http.post(express.url("/sync"), json={"fail": {"error": error, "cause": cause}})
    assert expect_error(answer, 500, error) == cause


@pytest.mark.contract("error.500.FAILED")
def test_failed_without_error_and_cause(express, expect_error):
    answer = express.http.post(express.url("/sync"), json={"fail_quietly": True})
    assert "FAILED" in expect_error(answer, 500, answer.json()["type"])
    assert answer.json()["type"]


@pytest.mark.contract("error.504.TIMED_OUT")
def test_timed_out_is_504(express, expect_error):
    answer = express.http.post(express.url("/sync"), json={"wait": 60})
    expect_error(answer, 504, "States.Timeout")


@pytest.mark.contract("error.504.timeout", "error.shape.gateway")
def test_api_gateway_gives_up_before_the_execution_ends(express, expect_error):
    answer = express.http.post(express.url("/impatient"), json={"wait": 1})
    expect_error(answer, 504, "INTEGRATION_TIMEOUT")


@pytest.mark.contract("error.400.not_json", "error.400.InvalidExecutionInput")
def test_input_that_is_no_json(express, expect_error):
    expect_error(express.http.post(express.url("/sync"), body="{"), 400, "InvalidExecutionInput")


@pytest.mark.contract("action.StartSyncExecution", "input.request")
def test_the_envelope_goes_in_and_comes_out(express):
    answer = express.http.post(express.url("/sync/7?x=1"), json={"a": 1}).expect(200).json()
    assert (answer["body"], answer["path"], answer["querystring"]) == ({"a": 1}, {"id": "7"}, {"x": "1"})
