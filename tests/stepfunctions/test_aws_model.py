"""A service as AWS publishes it, and its JSON protocol."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sfn_harness.aws.errors import ApiError
from sfn_harness.aws.json_protocol import JsonProtocol
from sfn_harness.stepfunctions.model import service_model
from sfn_harness.stepfunctions.operations import OPERATIONS

NAMESPACE = "com.amazonaws.swf.service.v2.model"


@pytest.fixture
def protocol() -> JsonProtocol:
    return JsonProtocol(service_model(), NAMESPACE)


def test_every_operation_of_the_model_is_there():
    assert set(OPERATIONS) == service_model().operation_names


class TestOperation:
    def test_several_violations(self):
        with pytest.raises(ApiError) as caught:
            service_model().operation("StartExecution").check({"name": "a" * 81})
        assert caught.value.message == (
            "2 validation errors detected: Value null at 'stateMachineArn' failed to satisfy constraint: "
            f"Member must not be null; Value '{'a' * 81}' at 'name' failed to satisfy constraint: "
            "Member must have length less than or equal to 80"
        )

    def test_an_unknown_one(self):
        with pytest.raises(ApiError) as caught:
            service_model().operation("DoAnything")
        assert caught.value.code == "UnknownOperationException"

    def test_dates_as_sdks_have_them(self):
        answer = {"executions": [{"executionArn": "a", "startDate": 0.5}]}
        parsed = service_model().operation("ListExecutions").parsed(answer)
        assert parsed["executions"][0]["startDate"] == datetime(1970, 1, 1, 0, 0, 0, 500_000, UTC)

    @pytest.mark.parametrize(
        ("answer", "faults"),
        [
            ({"executionArn": "a", "startDate": 1.0}, []),
            ({"executionArn": "a"}, ["StartExecution.startDate: missing"]),
            ({"executionArn": 1, "startDate": 1.0}, ["StartExecution.executionArn: 1 is no string"]),
            ({"executionArn": "a", "startDate": 1.0, "x": 1}, ["StartExecution.x: unknown"]),
        ],
    )
    def test_faults_of_an_answer(self, answer, faults):
        assert service_model().operation("StartExecution").faults(answer) == faults


class TestProtocol:
    def test_a_request(self, protocol):
        assert protocol.read("AWSStepFunctions.StartExecution", b'{"name": "a"}') == ("StartExecution", {"name": "a"})
        assert protocol.read("AWSStepFunctions.ListActivities", b"") == ("ListActivities", {})

    def test_a_lone_surrogate(self, protocol):
        # From memory: Java writes a question mark for it.
        assert protocol.read("AWSStepFunctions.StartExecution", rb'{"name": "a\ud800\u00e9"}')[1] == {"name": "a?é"}

    @pytest.mark.parametrize(
        ("target", "body", "code"),
        [
            ("AWSStepFunctions.StartExecution", b"{", "SerializationException"),
            ("AWSStepFunctions.StartExecution", b"[]", "SerializationException"),
            ("AWSStepFunctions.Nothing", b"{}", "UnknownOperationException"),
        ],
    )
    def test_a_request_that_can_not_be_read(self, protocol, target, body, code):
        with pytest.raises(ApiError) as caught:
            protocol.read(target, body)
        assert caught.value.code == code

    def test_an_answer(self, protocol):
        response = protocol.answer({"startDate": 1.5, "name": "é"})
        assert (response.status, response.headers["Content-Type"]) == (200, "application/x-amz-json-1.0")
        assert response.body == '{"startDate":1.5,"name":"é"}'.encode()

    @pytest.mark.parametrize(
        ("code", "type_"),
        [
            ("InvalidArn", f"{NAMESPACE}#InvalidArn"),
            ("ValidationException", "com.amazon.coral.validate#ValidationException"),
            ("SerializationException", "com.amazon.coral.service#SerializationException"),
        ],
    )
    def test_a_refusal(self, protocol, code, type_):
        response = protocol.refusal(ApiError(code, "words", resourceName="a"))
        assert response.status == 400
        assert json.loads(response.body) == {"__type": type_, "message": "words", "resourceName": "a"}

    def test_a_refusal_without_words(self, protocol):
        response = protocol.refusal(ApiError("UnknownOperationException", reason=None), status=404, qualified=False)
        assert (response.status, json.loads(response.body)) == (404, {"__type": "UnknownOperationException"})
