"""The example of four Lambda functions: Start, two waits at the same time, End."""

import json

import pytest
from openapi_spec_validator import validate

from tests.e2e.roles import LOGS, logged, permissions_of, refusal_of_a_task, without


@pytest.fixture(scope="module")
def parallel(deploy, examples):
    return deploy(examples / "parallel-workflow")


@pytest.fixture(scope="module")
def run(parallel):
    """An execution that has ended: its ARN and its output. Another one has been before, so no function starts cold."""
    first = parallel.http.post(parallel.url("/execute"), json={"order": 1}).expect(200).json()
    parallel.executions.wait(first["executionArn"], timeout=60)
    started = parallel.http.post(parallel.url("/execute"), json={"order": 7, "note": "it's"}).expect(200).json()
    return started["executionArn"], parallel.executions.output(started["executionArn"], timeout=60)


def test_the_output_has_what_each_function_returned(run):
    _, output = run
    assert output["input"] == {"order": 7, "note": "it's"}
    assert [branch["waitedMilliseconds"] for branch in output["branches"]] == [3000, 500]
    assert output["end"]["result"]["longestMilliseconds"] == 3000
    assert output["end"]["result"]["branches"] == output["branches"]
    assert output["startedAt"] <= output["branches"][0]["beganAt"]
    assert output["branches"][0]["endedAt"] <= output["end"]["result"]["endedAt"]


def test_the_branches_run_at_the_same_time(parallel, run):
    arn, output = run
    states = {state.name: state for state in parallel.executions.states(arn)}
    assert {"Start", "Parallel", "End"} <= states.keys()
    total = (states["Parallel"].exited - states["Parallel"].entered).total_seconds()
    assert 3.0 <= total < 3.5, f"one after the other they would take 3.5 s; together they took {total} s"
    long, short = output["branches"]
    assert short["beganAt"] < long["endedAt"]
    assert long["beganAt"] < short["endedAt"]
    # The local sandbox's history has no states of branches; AWS's has.
    if {"Wait3000", "Wait500"} <= states.keys():
        assert states["Wait500"].entered < states["Wait3000"].exited
        assert states["Wait3000"].entered < states["Wait500"].exited


def test_each_function_logs_json_to_its_own_group(parallel, run):
    logs = parallel.account.client("logs")
    for key, name in parallel.outputs["function_names"].items():
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        lines = [json.loads(event["message"]) for event in events if event["message"].startswith('{"timestamp"')]
        assert lines, (key, events)
        assert all("order" not in json.dumps(line) for line in lines)


FUNCTIONS = ("start", "wait3000", "wait500", "end")


class TestRolesAllowExactlyWhatIsNeeded:
    @staticmethod
    def start(parallel) -> str:
        return parallel.http.post(parallel.url("/execute"), json={"order": 1}).expect(200).json()["executionArn"]

    @staticmethod
    def role_of_function(parallel, key: str) -> str:
        name = parallel.outputs["function_names"][key]
        configuration = parallel.account.client("lambda").get_function_configuration(FunctionName=name)
        return configuration["Role"].rpartition("/")[2]

    def test_the_state_machines(self, parallel):
        [[action, arns]] = permissions_of(parallel, parallel.outputs["state_machine_role_name"]).items()
        assert action == "lambda:InvokeFunction"
        assert {arn.rpartition(":function:")[2] for arn in arns} == set(parallel.outputs["function_names"].values())

    @pytest.mark.parametrize("key", FUNCTIONS)
    def test_without_one_function_its_task_fails(self, parallel, key):
        function = f":function:{parallel.outputs['function_names'][key]}"
        with without(parallel, parallel.outputs["state_machine_role_name"], "lambda:InvokeFunction", function):
            refusal = refusal_of_a_task(parallel, lambda: self.start(parallel))
        assert refusal["error"] == "Lambda.AWSLambdaException"
        assert f"{function} because no identity-based policy allows" in refusal["cause"]
        parallel.executions.wait(self.start(parallel), timeout=60)

    @pytest.mark.parametrize("key", FUNCTIONS)
    def test_a_functions(self, parallel, key):
        permissions = permissions_of(parallel, self.role_of_function(parallel, key))
        assert permissions.keys() == set(LOGS)
        for [arn] in permissions.values():
            assert arn.endswith(f":log-group:/aws/lambda/{parallel.outputs['function_names'][key]}:log-stream:*")

    @pytest.mark.local_only
    @pytest.mark.parametrize("key", FUNCTIONS)
    def test_without_logging(self, parallel, key):
        def call():
            event = [{"waitedMilliseconds": 1}] if key == "end" else {}
            parallel.account.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())

        name = parallel.outputs["function_names"][key]
        for action in LOGS:
            with without(parallel, self.role_of_function(parallel, key), action):
                assert not logged(parallel, f"/aws/lambda/{name}", call), action
        assert logged(parallel, f"/aws/lambda/{name}", call)


def test_the_api_may_start_this_state_machine_and_nothing_else(parallel):
    allowed = permissions_of(parallel, parallel.outputs["invoke_role_name"])
    assert allowed == {"states:StartExecution": {parallel.outputs["state_machine_arn"]}}


def test_a_body_that_is_no_order_starts_nothing(parallel, expect_error):
    before = parallel.executions.list(parallel.outputs["state_machine_arn"])
    for body in ({}, {"order": 0}, {"order": "7"}, []):
        expect_error(parallel.http.post(parallel.url("/execute"), json=body), 400, "BAD_REQUEST_BODY")
    assert parallel.executions.list(parallel.outputs["state_machine_arn"]) == before


@pytest.mark.parametrize("body", [{"order": 7}, {}])
def test_the_page_in_development_may_call(parallel, body):
    headers = {"Origin": "http://localhost:3000"}
    answer = parallel.http.post(parallel.url("/execute"), json=body, headers=headers)
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    preflight = parallel.http.request("OPTIONS", parallel.url("/execute"), headers=headers).expect(204)
    assert preflight.headers["access-control-allow-methods"] == "OPTIONS,POST"


@pytest.mark.parametrize(
    ("error_type", "status", "expected"),
    [("ThrottlingException", 400, 429), ("ExecutionLimitExceeded", 400, 429), ("InternalServerError", 500, 502)],
)
def test_errors_are_mapped_by_pattern(parallel, faults, expect_error, error_type, status, expected):
    with faults(parallel, "StartExecution", status=status, error_type=error_type, message='It\'s "full"'):
        answer = parallel.http.post(parallel.url("/execute"), json={"order": 7})
    assert expect_error(answer, expected, error_type) == 'It\'s "full"'


def test_the_curl_command_brings_the_schemas_example(parallel, paste):
    status, body = paste(parallel, parallel.outputs["curl_commands"]["alpha"]["POST /execute"])
    assert status == 200, body
    assert parallel.executions.input(json.loads(body)["executionArn"]) == {"order": 7, "note": "for the window table"}


def test_the_document_is_valid(parallel):
    document = json.loads(parallel.outputs["openapi_document"])
    validate(document)
    assert document["components"]["schemas"]["PostExecute"]["required"] == ["order"]


def test_a_second_plan_shows_no_change(parallel):
    plan = parallel.plan()
    assert plan.is_empty, plan.changes
