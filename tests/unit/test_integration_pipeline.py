"""The integration pipeline by itself: no emulator, no network."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading

import pytest

from sfn_harness.apigateway.backends import functions, mock, states
from sfn_harness.apigateway.backends import http as http_backend
from sfn_harness.apigateway.backends.services import parse_service_uri
from sfn_harness.apigateway.gateway_responses import render_gateway_response
from sfn_harness.apigateway.parameters import (
    map_response_headers,
    request_value,
    response_value,
    set_request_parameters,
    text_of,
)
from sfn_harness.apigateway.pipeline import map_request, run
from sfn_harness.apigateway.request import (
    BackendRequest,
    BackendResponse,
    GatewayFailure,
    GatewayRequest,
    Integration,
    IntegrationResponse,
)
from sfn_harness.apigateway.responses import map_response, select, set_header
from sfn_harness.apigateway.templates import media_type, request_template, response_template

REQUEST = GatewayRequest(
    method="POST",
    body=b'{"order": {"id": 7, "tags": ["a", "b"]}, "name": "n"}',
    headers={"x-trace": "t", "content-type": "application/json"},
    querystring={"q": ["first", "last"]},
    path_parameters={"id": "a/b"},
    context={"requestId": "r", "identity": {"sourceIp": "192.0.2.1"}},
    stage_variables={"machine": "arn:m"},
)


def integration(**changes) -> Integration:
    values = {"type": "AWS", "responses": (IntegrationResponse(200),), "method_statuses": frozenset({"200"})}
    return Integration(**{**values, **changes})


def backend_request(**changes) -> BackendRequest:
    values = {"uri": "", "http_method": "POST", "headers": {}, "querystring": {}, "body": b""}
    return BackendRequest(**{**values, **changes})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'fixed'", "fixed"),
        ("''", ""),
        ("method.request.header.X-Trace", "t"),
        ("method.request.header.Absent", None),
        ("method.request.querystring.q", "last"),
        ("method.request.querystring.none", None),
        ("method.request.path.id", "a/b"),
        ("method.request.body", REQUEST.text),
        ("method.request.body.order.id", "7"),
        ("method.request.body.order.tags", '["a","b"]'),
        ("method.request.body.name", "n"),
        ("method.request.body.none", None),
        ("method.request.nowhere.x", None),
        ("context.requestId", "r"),
        ("context.identity.sourceIp", "192.0.2.1"),
        ("context.identity.none", None),
        ("stageVariables.machine", "arn:m"),
        ("stageVariables.none", None),
        ("nonsense", None),
    ],
)
def test_request_values(expression, value):
    assert request_value(expression, REQUEST) == value


def test_request_parameters_reach_headers_query_and_path():
    mapping = {
        "integration.request.header.X-Amz-Target": "'AWSStepFunctions.StartExecution'",
        "integration.request.querystring.all": "method.request.multivaluequerystring.q",
        "integration.request.querystring.one": "method.request.querystring.q",
        "integration.request.path.id": "method.request.path.id",
        "integration.request.header.Absent": "method.request.header.Absent",
    }
    assert set_request_parameters(mapping, REQUEST) == (
        {"x-amz-target": "AWSStepFunctions.StartExecution"},
        {"all": ["first", "last"], "one": ["last"]},
        {"id": "a/b"},
    )


RESPONSE = BackendResponse(400, b'{"__type": "a#B", "n": {"deep": true}}', {"X-Id": "1"})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("integration.response.header.x-id", "1"),
        ("integration.response.header.none", None),
        ("integration.response.body", RESPONSE.text),
        ("integration.response.body.__type", "a#B"),
        ("integration.response.body.n", '{"deep":true}'),
        ("integration.response.body.n.deep", "true"),
        ("integration.response.body.none", None),
        ("integration.response.nowhere.x", None),
        ("'x'", "x"),
        ("context.requestId", "r"),
    ],
)
def test_response_values(expression, value):
    assert response_value(expression, RESPONSE, REQUEST) == value


def test_absent_sources_make_no_header():
    mapping = {"method.response.header.A": "'a'", "method.response.header.B": "integration.response.header.none"}
    assert map_response_headers(mapping, RESPONSE, REQUEST) == {"A": "a"}
    assert response_value("integration.response.body.x", BackendResponse(200, b"no json"), REQUEST) is None


def test_values_as_text():
    assert [text_of(value) for value in ("x", None, 1, True, {"a": "é"})] == ["x", None, "1", "true", '{"a":"é"}']


def test_media_types():
    assert media_type(None) == media_type("") == "application/json"
    assert media_type("Text/Plain; charset=utf-8") == "text/plain"


@pytest.mark.parametrize(
    ("passthrough", "templates", "content_type", "expected"),
    [
        ("WHEN_NO_MATCH", {"application/json": "t"}, "application/json", "t"),
        ("WHEN_NO_MATCH", {"application/json": "t"}, None, "t"),
        ("WHEN_NO_MATCH", {"application/json": "t"}, "text/plain", None),
        ("WHEN_NO_TEMPLATES", {}, "text/plain", None),
        ("WHEN_NO_TEMPLATES", {"application/json": "t"}, "text/plain", GatewayFailure),
        ("NEVER", {}, "application/json", GatewayFailure),
        ("NEVER", {"Application/JSON": "t"}, "application/json;charset=utf-8", "t"),
        ("NEVER", {"application/json": ""}, "application/json", ""),
    ],
)
def test_request_templates(passthrough, templates, content_type, expected):
    chosen = integration(passthrough=passthrough, request_templates=templates)
    if expected is GatewayFailure:
        with pytest.raises(GatewayFailure) as failure:
            request_template(chosen, content_type)
        assert failure.value.response_type == "UNSUPPORTED_MEDIA_TYPE"
    else:
        assert request_template(chosen, content_type) == expected


@pytest.mark.parametrize(
    ("templates", "accept", "expected"),
    [
        ({}, "text/html", ("application/json", None)),
        ({"application/json": "j", "text/html": "h"}, None, ("application/json", "j")),
        ({"application/json": "j", "text/html": "h"}, "text/html", ("text/html", "h")),
        ({"application/json": "j", "text/html": "h"}, "image/png, text/html;q=0.5", ("text/html", "h")),
        ({"application/json": "j", "text/html": "h"}, "*/*", ("application/json", "j")),
        ({"text/html": "h"}, "application/json", ("text/html", "h")),
    ],
)
def test_response_templates(templates, accept, expected):
    assert response_template(templates, accept) == expected


def test_stage_variables_and_path_parameters_go_into_the_uri():
    chosen = integration(
        uri="http://${stageVariables.machine}/{id}",
        credentials="role/${stageVariables.machine}",
        request_parameters={"integration.request.path.id": "method.request.path.id"},
    )
    mapped = map_request(chosen, REQUEST)
    assert (mapped.uri, mapped.credentials) == ("http://arn:m/a%2Fb", "role/arn:m")


def test_request_overrides_win_over_mappings():
    template = (
        '#set($context.requestOverride.header.X-Amz-Target = "override")'
        '#set($context.requestOverride.querystring.q = "override")'
        '#set($context.requestOverride.path.id = "override")body'
    )
    chosen = integration(
        uri="http://host/{id}",
        request_templates={"application/json": template},
        request_parameters={
            "integration.request.header.x-amz-target": "'mapped'",
            "integration.request.querystring.q": "'mapped'",
            "integration.request.path.id": "'mapped'",
        },
    )
    mapped = map_request(chosen, REQUEST)
    assert mapped.headers["x-amz-target"] == "override"
    assert (mapped.querystring, mapped.uri, mapped.body) == ({"q": ["override"]}, "http://host/override", b"body")


def test_an_empty_body_is_an_empty_object_to_the_template():
    chosen = integration(request_templates={"application/json": "$input.json('$')"})
    assert map_request(chosen, GatewayRequest(method="POST")).body == b"{}"


def test_a_body_that_is_not_json_is_refused_only_when_it_is_read_as_json():
    broken = GatewayRequest(method="POST", body=b"{")
    chosen = integration(request_templates={"application/json": "$input.json('$')"})
    with pytest.raises(GatewayFailure) as failure:
        map_request(chosen, broken)
    assert failure.value.response_type == "BAD_REQUEST_BODY"
    assert failure.value.message.startswith("Could not parse request body into json: ")
    fine = integration(request_templates={"application/json": "$input.body"})
    assert map_request(fine, broken).body == b"{"


def test_an_answer_that_is_not_json_is_the_configurations_fault():
    chosen = integration(responses=(IntegrationResponse(200, templates={"application/json": "$input.json('$.a')"}),))
    with pytest.raises(GatewayFailure) as failure:
        map_response(chosen, REQUEST, BackendResponse(200, b"<html>"))
    assert (failure.value.response_type, failure.value.message) == ("API_CONFIGURATION_ERROR", "Internal server error")


RESPONSES = (
    IntegrationResponse(200),
    IntegrationResponse(400, "4\\d{2}"),
    IntegrationResponse(500, "5.."),
    IntegrationResponse(502, "("),
)
DECLARED = frozenset({"200", "400", "500"})


@pytest.mark.parametrize(
    ("selector", "status"), [("200", 200), ("400", 400), ("4000", 200), ("503", 500), ("", 200), ("x", 200)]
)
def test_selection(selector, status):
    assert select(integration(responses=RESPONSES, method_statuses=DECLARED), selector).status == status


def test_selection_needs_a_match_or_a_default_and_a_method_response():
    for responses, declared in (((), DECLARED), (RESPONSES[1:2], DECLARED), (RESPONSES, frozenset({"400"}))):
        with pytest.raises(GatewayFailure) as failure:
            select(integration(responses=responses, method_statuses=declared), "200")
        assert failure.value.response_type == "API_CONFIGURATION_ERROR"


def test_response_overrides():
    template = '#set($context.responseOverride.status = 201)#set($context.responseOverride.header.a = "b")x'
    response = IntegrationResponse(
        200, parameters={"method.response.header.A": "'a'"}, templates={"text/plain": template}
    )
    answer = map_response(integration(responses=(response,)), REQUEST, BackendResponse(200, b"{}"))
    assert (answer.status, answer.headers, answer.body) == (201, {"Content-Type": "text/plain", "a": "b"}, b"x")


class TestOverridesOfTheRequestsTemplate:
    """Recorded on AWS, 2025-05-16 and 2024-11-06 (localstack, test_apigateway_integrations.snapshot.json:
    test_integration_mock_with_response_override_in_request_template and
    test_integration_mock_with_request_overrides_in_response_template).
    """

    REQUESTED = (
        "#set($context.responseOverride.status = 444)"
        '#set($context.responseOverride.header.foo = "bar")'
        '#set($context.responseOverride.custom = "is also passed around")'
        '#set($context.requestOverride.path.body = $input.path("$.name"))'
        '{"statusCode": 200}'
    )

    def answer(self, **templates: str):
        response = IntegrationResponse(200, templates=templates)
        chosen = integration(type="MOCK", responses=(response,), request_templates={"application/json": self.REQUESTED})
        return asyncio.run(run(chosen, REQUEST, mock.answer))

    def test_reach_the_response(self):
        answer = self.answer()
        assert (answer.status, answer.headers["foo"], answer.body) == (444, "bar", b"")

    def test_are_there_for_its_template(self):
        seen = "$context.responseOverride.status $context.responseOverride.header.foo $context.responseOverride.custom"
        answer = self.answer(**{"application/json": seen + " $context.requestOverride.path.body"})
        assert (answer.status, answer.headers["foo"]) == (444, "bar")
        assert answer.body == b"444 bar is also passed around n"

    def test_are_final(self):
        """Source: "Override your API's request and response parameters", API Gateway guide: once for each parameter."""
        with pytest.raises(GatewayFailure, match="overridden more than once"):
            self.answer(**{"application/json": "#set($context.responseOverride.status = 200)"})


class TestHeadersThatAreNotTheIntegrations:
    """Recorded on AWS, 2024-12-11 (localstack, test_apigateway_header_remapping_aws)."""

    @pytest.mark.parametrize("name", ["Content-Length", "Date", "Server", "WWW-Authenticate", "Connection", "Host"])
    def test_are_renamed(self, name):
        response = IntegrationResponse(200, parameters={f"method.response.header.{name}": "'a'"})
        answer = map_response(integration(responses=(response,)), REQUEST, BackendResponse(200, b"{}"))
        assert answer.headers == {"Content-Type": "application/json", f"x-amzn-Remapped-{name}": "a"}

    def test_or_left_out(self):
        parameters = {"method.response.header.Transfer-Encoding": "'a'", "method.response.header.Via": "'v'"}
        response = IntegrationResponse(200, parameters=parameters)
        answer = map_response(integration(responses=(response,)), REQUEST, BackendResponse(200, b"{}"))
        assert answer.headers == {"Content-Type": "application/json", "Via": "v"}

    @pytest.mark.parametrize("name", ["Content-Length", "Transfer-Encoding"])
    def test_a_request_that_maps_them_fails(self, name):
        chosen = integration(request_parameters={f"integration.request.header.{name}": "'1'"})
        with pytest.raises(GatewayFailure) as error:
            map_request(chosen, REQUEST)
        assert error.value.response_type == "API_CONFIGURATION_ERROR"


@pytest.mark.parametrize(
    "body",
    ["{statusCode: 200}", "{ statusCode:200 }", "{'statusCode': 200, message: no quotes}", '{"statusCode": "200"}'],
)
def test_a_mock_reads_what_is_nearly_json(body):
    """Recorded on AWS, 2024-11-29 (localstack, test_integration_mock_with_path_param): ``{statusCode: 200}``."""
    assert mock.answer(backend_request(body=body.encode())).status == 200


@pytest.mark.parametrize("body", ["", "statusCode: 200", "{status: 200}", "{statusCode: x}", "{statusCode: 200"])
def test_a_mock_needs_a_status(body):
    with pytest.raises(GatewayFailure, match="Unable to parse statusCode"):
        mock.answer(backend_request(body=body.encode()))


def test_headers_are_set_once_whatever_their_case():
    headers = {"Content-Type": "a"}
    set_header(headers, "content-type", "b")
    assert headers == {"content-type": "b"}


def test_the_whole_pipeline():
    async def backend(request):
        return BackendResponse(200, request.body)

    assert asyncio.run(run(integration(), REQUEST, backend)).body == REQUEST.body
    at_once = asyncio.run(run(integration(), REQUEST, lambda request: BackendResponse(200, b"now")))
    assert at_once.body == b"now"


def test_a_slow_backend_times_out_and_goes_on():
    finished = []

    async def slow(_request):
        await asyncio.sleep(0.05)
        finished.append(True)
        return BackendResponse(200, b"")

    async def scenario():
        with pytest.raises(GatewayFailure) as failure:
            await run(integration(timeout=0.01), REQUEST, slow)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others)
        return failure.value.response_type

    assert asyncio.run(scenario()) == "INTEGRATION_TIMEOUT"
    assert finished == [True]


def test_integrations_from_the_control_plane():
    built = Integration.from_method(
        {
            "methodIntegration": {
                "type": "aws",
                "uri": "u",
                "httpMethod": "POST",
                "timeoutInMillis": 1500,
                "passthroughBehavior": "never",
                "integrationResponses": {"400": {"statusCode": "400", "selectionPattern": "400"}, "200": {}},
            },
            "methodResponses": {"200": {}, "400": {}},
        }
    )
    assert (built.type, built.timeout, built.passthrough) == ("AWS", 1.5, "NEVER")
    assert [response.status for response in built.responses] == [200, 400]
    assert built.method_statuses == {"200", "400"}


class TestServices:
    def test_uris(self):
        uri = parse_service_uri("arn:aws-cn:apigateway:cn-north-1:states:action/StartExecution&Version=1")
        assert (uri.partition, uri.region, uri.service, uri.action) == (
            "aws-cn",
            "cn-north-1",
            "states",
            "StartExecution",
        )
        function = "arn:aws:lambda:eu-west-1:111122223333:function:f:live"
        uri = parse_service_uri(f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations")
        assert uri.lambda_function == function
        assert parse_service_uri("arn:aws:apigateway:eu-west-1:states:path//").action is None
        assert parse_service_uri("arn:aws:apigateway:eu-west-1:runtime.sagemaker:path/x").service == "sagemaker"
        for other in ("http://x", "arn:aws:lambda:eu-west-1:111122223333:function:f", "arn:aws:apigateway:r:s:x"):
            assert parse_service_uri(other) is None
        assert parse_service_uri("arn:aws:apigateway:eu-west-1:states:path/x").lambda_function is None

    def test_states_actions(self):
        by_path = parse_service_uri("arn:aws:apigateway:eu-west-1:states:path//")
        named = backend_request(headers={"x-amz-target": "AWSStepFunctions.StopExecution"})
        assert states.action_of(by_path, named) == "StopExecution"
        assert states.action_of(by_path, backend_request()) is None
        assert states.action_of(by_path, backend_request(headers={"x-amz-target": "DynamoDB.X"})) is None

    def test_states_payloads_and_resources(self):
        assert states.payload_of(b"") == {}
        assert states.payload_of(b"[]") is None
        assert states.payload_of(b"{") is None
        assert states.resource_of("StartExecution", {"stateMachineArn": "m"}) == "m"
        assert states.resource_of("StopExecution", {"executionArn": "e"}) == "e"
        assert states.resource_of("SendTaskSuccess", {"taskToken": "t"}) == "*"
        assert states.resource_of("StartExecution", {"stateMachineArn": 1}) == "*"

    def test_states_errors(self):
        assert json.loads(states.error("k", None).body) == {"__type": "k"}
        assert json.loads(states.error("k", "m").body) == {"__type": "k", "message": "m"}


class TestMock:
    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"statusCode": "x"}', b"text"])
    def test_without_a_status(self, body):
        with pytest.raises(GatewayFailure):
            mock.answer(backend_request(body=body))

    def test_with_one(self):
        assert mock.answer(backend_request(body=b'{"statusCode": 404}')).selected_by == "404"


class TestFunctions:
    def test_events(self):
        assert functions.event_from(b" ") == {}
        assert functions.event_from(b"[1]") == [1]
        with pytest.raises(GatewayFailure):
            functions.event_from(b"{")

    def test_results(self):
        assert functions.response_from({"a": 1}, failed=False).selected_by == ""
        assert functions.response_from(None, failed=False).body == b"null"
        assert functions.response_from("x", failed=False).body == b'"x"'
        failed = functions.response_from(b'{"errorMessage": "no"}', failed=True)
        assert (failed.selected_by, failed.body) == ("no", b'{"errorMessage": "no"}')
        assert functions.response_from(b"text", failed=True).selected_by == ""


class TestHttp:
    @pytest.fixture
    def endpoint(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(302 if self.path == "/moved" else 404)
                self.send_header("X-Path", self.path)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()

    def call(self, **request):
        return asyncio.run(http_backend.call(backend_request(**request)))

    def test_errors_and_redirects_are_answers(self, endpoint):
        answer = self.call(uri=f"{endpoint}/x", body=b"sent", querystring={"a": ["1", "2"]})
        assert (answer.status, answer.body, answer.headers["X-Path"]) == (404, b"sent", "/x?a=1&a=2")
        assert self.call(uri=f"{endpoint}/moved").status == 302

    def test_nobody_there(self):
        with pytest.raises(GatewayFailure) as failure:
            self.call(uri="http://127.0.0.1:9/")
        assert failure.value.response_type == "INTEGRATION_FAILURE"
        with pytest.raises(GatewayFailure) as failure:
            self.call(uri="file:///etc/passwd")
        assert failure.value.response_type == "API_CONFIGURATION_ERROR"


class TestGatewayResponses:
    def rendered(self, failure, template, parameters=None):
        return render_gateway_response(
            failure, REQUEST, status=500, parameters=parameters or {}, templates={"application/json": template}
        )

    def test_strings_are_quoted_json(self):
        failure = GatewayFailure("BAD_REQUEST_BODY", 'a "quoted" \\ message', validation="[v]")
        template = '{"m": $context.error.messageString, "v": "$context.error.validationErrorString"}'
        answer = self.rendered(failure, template)
        assert json.loads(answer.body) == {"m": 'a "quoted" \\ message', "v": "[v]"}

    def test_a_message_may_be_null(self):
        answer = self.rendered(GatewayFailure("AUTHORIZER_FAILURE", None), '{"m": $context.error.messageString}')
        assert json.loads(answer.body) == {"m": None}

    def test_references(self):
        template = "$context.requestId ${stageVariables.machine} $method.request.header.X-Trace $context.none. $5 $x"
        answer = self.rendered(GatewayFailure("DEFAULT_5XX"), template)
        assert answer.body.decode() == "r arn:m t . $5 $x"

    def test_the_status_may_be_the_failures(self):
        assert self.rendered(GatewayFailure("DEFAULT_5XX", status=502), "").status == 502

    def test_the_default_template(self):
        answer = render_gateway_response(
            GatewayFailure("THROTTLED", "Too Many Requests"), REQUEST, status=429, parameters={}, templates={}
        )
        assert (answer.status, answer.body) == (429, b'{"message":"Too Many Requests"}')
