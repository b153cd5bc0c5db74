"""What API Gateway checks of a request by a route's schema and required parameters, before anything is started."""

import json

import pytest

TENANT = {"X-Tenant": "north"}


@pytest.fixture
def nothing_starts(guarded, starts_nothing):
    with starts_nothing(guarded):
        yield


class TestSchema:
    @pytest.mark.parametrize("body", [{"dish": "soup"}, {"dish": 'it\'s "soup"', "portions": 2}])
    def test_a_body_that_fits_is_the_input(self, guarded, body):
        started = guarded.http.post(guarded.url("/schema"), json=body).expect(200).json()
        assert guarded.executions.input(started["executionArn"]) == body

    @pytest.mark.contract("error.400.schema", "error.shape.gateway", "start.refused")
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({}, 'object has missing required properties (["dish"])'),
            ({"dish": 7}, "instance type (integer) does not match any allowed primitive type"),
            ({"dish": "soup", "portions": 0}, "numeric instance is lower than the required minimum"),
            ({"dish": "soup", "wine": "red"}, '["wine"]'),
            ({"dish": ""}, 'string "" is too short'),
            ([], "instance type (array)"),
            (None, "instance type (null)"),
        ],
    )
    def test_a_body_that_does_not_fit(self, guarded, expect_error, nothing_starts, body, reason):
        answer = guarded.http.post(guarded.url("/schema"), json=body)
        message = expect_error(answer, 400, "BAD_REQUEST_BODY")
        assert message.startswith("The body is not JSON or does not fit the route's schema. [")
        assert reason in message

    @pytest.mark.contract("error.400.not_json", "start.refused")
    @pytest.mark.parametrize("body", ["{", "dish=soup", ""])
    def test_a_body_that_is_no_json(self, guarded, expect_error, nothing_starts, body):
        expect_error(guarded.http.post(guarded.url("/schema"), body=body), 400, "BAD_REQUEST_BODY")

    @pytest.mark.contract("error.400.schema", "start.refused")
    def test_no_content_type_gets_past_it(self, guarded, nothing_starts):
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"):
            answer = guarded.http.post(guarded.url("/schema"), body="{}", headers={"Content-Type": content_type})
            assert answer.status in (400, 415), answer.report()

    @pytest.mark.contract("error.400.schema", "start.refused")
    @pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
    def test_a_passed_through_request_is_checked_in_each_of_its_types(
        self, guarded, expect_error, nothing_starts, content_type
    ):
        """What `curl -d` says of its body, too."""
        body = json.dumps({"stateMachineArn": guarded.outputs["state_machine_arn"]})
        answer = guarded.http.post(
            guarded.url("/schema/passthrough"), body=body, headers={"Content-Type": content_type}
        )
        assert '["name"]' in expect_error(answer, 400, "BAD_REQUEST_BODY")


class TestParameters:
    def test_all_there(self, guarded):
        answer = guarded.http.post(guarded.url("/orders?table=7"), json={"dish": "soup"}, headers=TENANT).expect(200)
        assert guarded.executions.input(answer.json()["executionArn"]) == {"dish": "soup"}

    @pytest.mark.contract("route.header_names")
    @pytest.mark.parametrize("name", ["X-Tenant", "x-tenant", "X-TENANT"])
    def test_the_case_of_a_header_does_not_matter(self, guarded, name):
        guarded.http.post(guarded.url("/orders?table=7"), json={"dish": "soup"}, headers={name: "north"}).expect(200)

    @pytest.mark.contract("error.400.required_parameter", "error.shape.gateway", "start.refused")
    @pytest.mark.parametrize(
        ("query", "headers", "missing"),
        [("?table=7", {}, "X-Tenant"), ("", TENANT, "table"), ("?Table=7", TENANT, "table")],
    )
    def test_one_is_missing(self, guarded, expect_error, nothing_starts, query, headers, missing):
        answer = guarded.http.post(guarded.url(f"/orders{query}"), json={"dish": "soup"}, headers=headers)
        message = expect_error(answer, 400, "BAD_REQUEST_PARAMETERS")
        assert message == f"Missing required request parameters: [{missing}]"

    @pytest.mark.contract("error.400.required_parameter", "start.refused")
    def test_both_are_missing(self, guarded, expect_error, nothing_starts):
        message = expect_error(
            guarded.http.post(guarded.url("/orders"), json={"dish": "soup"}), 400, "BAD_REQUEST_PARAMETERS"
        )
        assert "X-Tenant" in message
        assert "table" in message

    @pytest.mark.contract("error.400.schema", "start.refused")
    def test_the_schema_counts_beside_them(self, guarded, expect_error, nothing_starts):
        answer = guarded.http.post(guarded.url("/orders?table=7"), json={}, headers=TENANT)
        assert "dish" in expect_error(answer, 400, "BAD_REQUEST_BODY")

    @pytest.mark.contract("error.400.required_parameter")
    def test_of_a_route_without_a_body(self, guarded, expect_error):
        expect_error(guarded.http.get(guarded.url("/executions")), 400, "BAD_REQUEST_PARAMETERS")
        assert "executions" in guarded.http.get(guarded.url("/executions?maxResults=1")).expect(200).json()


class TestCors:
    def test_a_page_can_read_the_refusal(self, guarded, expect_error):
        answer = guarded.http.post(guarded.url("/schema"), json={}, headers={"Origin": "https://one.example.com"})
        expect_error(answer, 400, "BAD_REQUEST_BODY")
        assert answer.headers["access-control-allow-origin"] == "https://one.example.com"

    def test_a_page_may_send_the_required_header(self, guarded):
        answer = guarded.http.request(
            "OPTIONS",
            guarded.url("/orders"),
            headers={"Origin": "https://one.example.com", "Access-Control-Request-Method": "POST"},
        ).expect(204)
        assert "X-Tenant" in answer.headers["access-control-allow-headers"].split(",")


def test_the_curl_command_brings_what_is_required(guarded, paste):
    command = guarded.outputs["curl_commands"]["alpha"]["POST /orders"]
    assert "X-Tenant: " in command
    assert "table=" in command
    status, body = paste(guarded, command.replace("-d '{}'", """-d '{"dish":"soup"}'"""))
    assert status == 200, body


@pytest.mark.contract("invariant.3.served")
def test_a_route_that_needs_no_schema_any_more(deploy, configurations, engine):
    """The model goes with an apply that first lets the method do without it."""
    deployment = deploy(configurations / "schema_removed", engine=engine, schema=True, fresh=True)
    gateway = deployment.account.client("apigateway")

    def models() -> set[str]:
        found = gateway.get_models(restApiId=deployment.outputs["rest_api_id"])["items"]
        return {model["name"] for model in found}

    deployment.http.post(deployment.url("/execution"), json={}).expect(400)
    assert "PostExecution" in models()
    deployment.apply(schema=False)
    deployment.http.post(deployment.url("/execution"), json={}).expect(200)
    assert "PostExecution" not in models()
    plan = deployment.plan()
    assert plan.is_empty, plan.changes
