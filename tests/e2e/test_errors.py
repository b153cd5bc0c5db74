"""The contract's table of errors, row by row: status, type, shape, and that nothing was started."""

import json
import time

import pytest

LIMIT = 262_144


@pytest.fixture
def nothing_starts(contract, starts_nothing):
    with starts_nothing(contract):
        yield


class Test400:
    @pytest.mark.contract("error.400.not_json", "error.400.InvalidExecutionInput", "start.refused")
    @pytest.mark.parametrize("body", ["{", "it's not JSON", "{'a': 1}", '{"a":1}}', "[1,]", '"open'])
    def test_the_body_is_not_json(self, contract, expect_error, nothing_starts, body):
        expect_error(contract.http.post(contract.url("/execution"), body=body), 400, "InvalidExecutionInput")

    @pytest.mark.contract("error.400.InvalidName")
    @pytest.mark.parametrize("name", ["a b", "a*b", "<a>", "a{b}", "a:b", 'a"b', "it\\s", "a/b", "a,b", "a\nb"])
    def test_the_name_has_characters_that_step_functions_refuses(self, contract, expect_error, name):
        expect_error(contract.http.post(contract.url("/named"), json={"order": {"id": name}}), 400, "InvalidName")

    @pytest.mark.contract("error.400.InvalidName", "start.refused")
    @pytest.mark.parametrize("body", [{}, {"order": None}, {"order": {"id": None}}, {"order": {"id": ""}}, [], "text"])
    def test_the_body_has_no_name(self, contract, expect_error, nothing_starts, body):
        expect_error(contract.http.post(contract.url("/named"), json=body), 400, "InvalidName")

    @pytest.mark.contract("error.400.not_json", "start.refused")
    def test_the_body_that_should_have_a_name_is_not_json(self, contract, nothing_starts):
        answer = contract.http.post(contract.url("/named"), body="{").expect(400)
        assert set(answer.json()) == {"message", "type", "requestId"}

    @pytest.mark.contract("error.400.ValidationException")
    def test_the_name_is_too_long(self, contract, expect_error):
        answer = contract.http.post(contract.url("/named"), json={"order": {"id": "x" * 81}})
        assert "80" in expect_error(answer, 400, "ValidationException")

    @pytest.mark.contract("error.400.InvalidArn")
    @pytest.mark.parametrize("arn", ["nonsense", "arn:aws:states:eu-west-1:000000000000:nothing:x"])
    def test_the_arn_is_none(self, contract, expect_error, arn):
        answer = contract.http.post(contract.url("/passthrough"), json={"stateMachineArn": arn})
        expect_error(answer, 400, "InvalidArn")

    @pytest.mark.contract("error.400.ValidationException", "error.400.InvalidToken")
    def test_a_required_member_is_missing(self, contract):
        answer = contract.http.post(contract.url("/task/heartbeat"), json={}).expect(400)
        assert answer.json()["type"] in ("InvalidToken", "ValidationException")


class Test403:
    @pytest.mark.contract("error.403.no_route", "error.shape.gateway")
    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/nothing"), ("PUT", "/execution"), ("GET", "/"), ("GET", "/a/b")]
    )
    def test_no_route_for_this_method_and_path(self, contract, expect_error, method, path):
        answer = contract.http.request(method, contract.url(path))
        expect_error(answer, 403, "MISSING_AUTHENTICATION_TOKEN")

    @pytest.mark.contract("error.403.no_route", "error.shape.gateway")
    def test_a_token_where_no_route_is(self, contract):
        """API Gateway takes it for a signature and says so in words of its own."""
        headers = {"Authorization": 'Bearer it\'s="x"'}
        answer = contract.http.post(contract.url("/nothing"), json={}, headers=headers).expect(403)
        assert set(answer.json()) == {"message", "type", "requestId"}
        assert answer.json()["message"]


class Test404:
    @pytest.mark.contract("error.404.ExecutionDoesNotExist", "error.shape")
    @pytest.mark.parametrize(("method", "path"), [("GET", "/execution/none"), ("DELETE", "/slow/none")])
    def test_there_is_no_such_execution(self, contract, expect_error, method, path):
        expect_error(contract.http.request(method, contract.url(path)), 404, "ExecutionDoesNotExist")

    @pytest.mark.contract("error.404.StateMachineDoesNotExist")
    def test_there_is_no_such_state_machine(self, deploy, configurations, engine, expect_error):
        """Somebody deleted it behind Terraform's back."""
        deployment = deploy(configurations / "contract", engine=engine, name="deleted")
        arn = deployment.outputs["state_machine_arn"]
        deployment.account.client("stepfunctions").delete_state_machine(stateMachineArn=arn)
        answer = deployment.http.post(deployment.url("/execution"), json={})
        if answer.status == 409:  # AWS takes a moment: until then it is StateMachineDeleting.
            expect_error(answer, 409, "StateMachineDeleting")
        else:
            expect_error(answer, 404, "StateMachineDoesNotExist")


class Test409:
    @pytest.mark.contract("error.409.ExecutionAlreadyExists")
    def test_another_execution_had_the_name(self, contract, expect_error):
        body = {"order": {"id": f"once-{time.time_ns()}"}}
        started = contract.http.post(contract.url("/named"), json=body).expect(200).json()
        contract.executions.wait(started["executionArn"], "SUCCEEDED")
        message = expect_error(contract.http.post(contract.url("/named"), json=body), 409, "ExecutionAlreadyExists")
        assert started["executionArn"] in message

    @pytest.mark.contract("error.409.ExecutionAlreadyExists")
    def test_another_execution_has_the_name_and_another_input(self, contract, expect_error):
        name = f"running-{time.time_ns()}"
        first = contract.http.post(contract.url("/slow/named"), json={"id": name, "n": 1}).expect(200).json()
        same = contract.http.post(contract.url("/slow/named"), json={"id": name, "n": 1}).expect(200).json()
        assert same == first
        answer = contract.http.post(contract.url("/slow/named"), json={"id": name, "n": 2})
        expect_error(answer, 409, "ExecutionAlreadyExists")
        contract.account.client("stepfunctions").stop_execution(executionArn=first["executionArn"])


class Test413:
    @pytest.mark.contract("error.413.input", "start.refused")
    def test_the_input_is_over_step_functions_limit(self, contract, expect_error, nothing_starts):
        body = json.dumps("x" * (LIMIT - 1))
        assert len(body) == LIMIT + 1
        message = expect_error(contract.http.post(contract.url("/execution"), body=body), 413, "ValidationException")
        assert "262,144" in message
        assert "S3" in message

    @pytest.mark.contract("error.413.input", "start.refused")
    def test_the_limit_counts_bytes_of_utf_8(self, contract, expect_error, nothing_starts):
        body = json.dumps("é" * (LIMIT // 2), ensure_ascii=False)
        assert len(body) < LIMIT < len(body.encode())
        expect_error(contract.http.post(contract.url("/execution"), body=body), 413, "ValidationException")

    @pytest.mark.contract("error.413.input")
    def test_the_input_is_at_the_limit(self, contract):
        body = json.dumps("x" * (LIMIT - 2))
        started = contract.http.post(contract.url("/execution"), body=body).expect(200).json()
        assert contract.executions.input_text(started["executionArn"]) == body

    @pytest.mark.contract("error.413.output")
    @pytest.mark.parametrize("words", ["length less than or equal to 262144", "size less than or equal to 262144 b"])
    def test_a_tasks_output_is_over_the_limit(self, contract, faults, expect_error, words):
        said = f"Value at 'output' failed to satisfy constraint: Member must have {words}"
        with faults(contract, "SendTaskSuccess", status=400, error_type="ValidationException", message=said):
            answer = contract.http.post(contract.url("/task/success"), json={"taskToken": "t", "output": "x"})
        message = expect_error(answer, 413, "ValidationException")
        assert "output" in message
        assert "262,144" in message

    @pytest.mark.contract("error.413.input", "error.413.output")
    @pytest.mark.parametrize(
        ("path", "action", "words"),
        [
            ("/execution", "StartExecution", "262,144"),
            ("/task/success", "SendTaskSuccess", "262,144"),
            ("/task/failure", "SendTaskFailure", "1 MB"),
        ],
    )
    def test_the_request_is_over_a_megabyte(self, contract, faults, expect_error, path, action, words):
        with faults(contract, action, status=413, error_type="RequestEntityTooLargeException", message="no"):
            answer = contract.http.post(contract.url(path), json={"taskToken": "t", "output": "x"})
        assert words in expect_error(answer, 413, "RequestEntityTooLargeException")

    @pytest.mark.contract("error.413.input", "start.refused")
    @pytest.mark.parametrize("size", [1_100_000, 9_000_000])
    def test_an_input_that_makes_it_so(self, contract, expect_error, nothing_starts, size):
        """Step Functions' front end answers it, in plain text."""
        answer = contract.http.post(contract.url("/execution"), body=json.dumps("x" * size))
        assert "262,144" in expect_error(answer, 413, "RequestEntityTooLargeException")

    @pytest.mark.contract("start.refused")
    def test_the_request_is_over_api_gateways_limit(self, contract, nothing_starts):
        """API Gateway's own answer, plain text that nothing can change."""
        answer = contract.http.post(contract.url("/execution"), body=b'"' + b"x" * 10 * 1024 * 1024 + b'"').expect(413)
        assert answer.text == "HTTP content length exceeded 10485760 bytes."


class Test415:
    @pytest.mark.contract("error.415.content_type", "error.shape.gateway", "start.refused")
    @pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
    def test_a_content_type_without_a_template(self, contract, expect_error, nothing_starts, content_type):
        answer = contract.http.post(contract.url("/execution"), body=b"a=b", headers={"Content-Type": content_type})
        assert "application/json" in expect_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")

    @pytest.mark.contract("error.415.content_type", "input.request_templates")
    def test_a_route_with_its_own_template_takes_that_content_type_only(self, contract, expect_error):
        answer = contract.http.put(contract.url("/own-template"), json={})
        expect_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


class Test429:
    @pytest.mark.contract("error.429.stage", "error.shape.gateway")
    def test_the_stages_limit(self, contract, expect_error):
        """One request per second and no burst: of a few in a row, at least one is too many."""
        answers = [contract.http.post(contract.url("/execution", "throttled"), json={}) for _ in range(5)]
        refused = [answer for answer in answers if answer.status != 200]
        assert refused
        for answer in refused:
            expect_error(answer, 429, "THROTTLED")

    @pytest.mark.contract("error.429.ExecutionLimitExceeded", "error.429.ThrottlingException")
    @pytest.mark.parametrize("error_type", ["ThrottlingException", "ExecutionLimitExceeded"])
    def test_step_functions_throttles(self, contract, faults, expect_error, error_type):
        with faults(contract, "StartExecution", status=400, error_type=error_type, message="Rate exceeded"):
            answer = contract.http.post(contract.url("/execution"), json={})
        assert expect_error(answer, 429, error_type) == "Rate exceeded"


class Test500:
    @pytest.mark.contract("error.500.role")
    def test_the_role_lets_api_gateway_no_longer_in(self, deploy, configurations, engine, expect_error):
        deployment = deploy(configurations / "express", engine=engine, name="untrusted", fresh=True)
        deployment.account.client("iam").update_assume_role_policy(
            RoleName=deployment.outputs["invoke_role_name"],
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                        }
                    ],
                }
            ),
        )
        answer = deployment.http.post(deployment.url("/execution"), json={})
        expect_error(answer, 500, "API_CONFIGURATION_ERROR")


class Test502And504:
    @pytest.mark.contract("error.502")
    def test_step_functions_answers_500(self, contract, faults, expect_error):
        with faults(contract, "StartExecution", status=500, error_type="InternalServerError", message='It\'s "down"'):
            answer = contract.http.post(contract.url("/execution"), json={})
        assert expect_error(answer, 502, "InternalServerError") == 'It\'s "down"'

    @pytest.mark.contract("error.504.timeout")
    def test_step_functions_answers_too_late(self, deploy, configurations, faults, expect_error):
        impatient = deploy(configurations / "impatient")
        with faults(impatient, "StartExecution", delay_seconds=2):
            answer = impatient.http.post(impatient.url("/execution"), json={})
        expect_error(answer, 504, "INTEGRATION_TIMEOUT")


@pytest.mark.parametrize(
    ("path", "action", "status", "error_type"),
    [
        pytest.param(*case, marks=pytest.mark.contract(f"error.{case[2]}.{case[3]}"))
        for case in (
            ("/task/success", "SendTaskSuccess", 400, "InvalidOutput"),
            ("/task/success", "SendTaskSuccess", 404, "TaskDoesNotExist"),
            ("/execution", "StartExecution", 403, "AccessDeniedException"),
            ("/execution", "StartExecution", 403, "KmsAccessDeniedException"),
            ("/execution", "StartExecution", 409, "KmsInvalidStateException"),
            ("/execution", "StartExecution", 409, "StateMachineDeleting"),
            ("/execution", "StartExecution", 429, "KmsThrottlingException"),
        )
    ],
)
def test_what_no_request_brings_step_functions_to(contract, faults, expect_error, path, action, status, error_type):
    with faults(contract, action, status=400, error_type=error_type, message="It's so"):
        answer = contract.http.post(contract.url(path), json={"taskToken": "t", "output": {}})
    assert expect_error(answer, status, error_type) == "It's so"


@pytest.mark.contract("error.type", "start.refused")
@pytest.mark.parametrize("namespace", ["com.amazonaws.swf.service.v2.model#", "com.amazon.coral.service#", ""])
def test_the_type_is_the_name_without_its_namespace(contract, faults, expect_error, nothing_starts, namespace):
    name = f"{namespace}ExecutionAlreadyExists"
    with faults(contract, "StartExecution", status=400, error_type=name, message="no", qualified=False):
        answer = contract.http.post(contract.url("/execution"), json={})
    expect_error(answer, 409, "ExecutionAlreadyExists")


@pytest.mark.contract("start.answered", "start.refused")
def test_as_many_executions_as_answers_of_200(contract):
    """Some of these calls are throttled."""
    arn = contract.outputs["state_machine_arn"]
    before = {execution["executionArn"] for execution in contract.executions.list(arn)}
    answers = [contract.http.post(contract.url("/execution", stage), json={}) for stage in ("alpha", "throttled") * 5]
    started = [answer.json()["executionArn"] for answer in answers if answer.status == 200]
    assert len(started) < len(answers)
    after = {execution["executionArn"] for execution in contract.executions.list(arn)}
    assert sorted(after - before) == sorted(started)


@pytest.mark.contract("route.header_names")
@pytest.mark.parametrize("header", ["content-type", "CONTENT-TYPE"])
def test_the_name_of_a_header_counts_in_any_case(contract, expect_error, header):
    answer = contract.http.post(contract.url("/execution"), body="{}", headers={header: "text/plain"})
    expect_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
