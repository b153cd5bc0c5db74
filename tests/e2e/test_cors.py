"""Cross-origin calls: what a browser is told before it calls, and with every answer."""

import pytest

ONE, LOCAL, OTHER = "http://one.example.com", "http://localhost:3000", "http://other.example.com"


def preflight(cors, api: str, origin: str, path: str = "/execution"):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = cors.http.options(cors.url(path, api), headers=headers).expect(204)
    assert answer.body == b""
    return answer.headers


@pytest.mark.parametrize(("api", "origin", "allowed"), [
    ("any", OTHER, "*"),
    ("one", ONE, ONE),
    ("one", OTHER, ONE),
    ("several", ONE, ONE),
    ("several", LOCAL, LOCAL),
    ("several", OTHER, None),
    ("several", "http://one.example.com.evil.example", None),
])  # fmt: skip
@pytest.mark.contract("cors.origin")
class TestTheOrigin:
    def test_before_a_call(self, cors, api, origin, allowed):
        assert preflight(cors, api, origin).get("access-control-allow-origin") == allowed

    def test_on_a_success(self, cors, api, origin, allowed):
        answer = cors.http.post(cors.url("/execution", api), json={"a": 1}, headers={"Origin": origin}).expect(200)
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert set(answer.json()) == {"executionArn", "startDate"}

    def test_on_an_error_of_step_functions(self, cors, api, origin, allowed, expect_error):
        answer = cors.http.get(cors.url("/execution/none", api), headers={"Origin": origin})
        expect_error(answer, 404, "ExecutionDoesNotExist")
        assert answer.headers.get("access-control-allow-origin") == allowed


@pytest.mark.parametrize(("api", "allowed"), [("any", "*"), ("one", ONE), ("several", ONE)])
@pytest.mark.contract("cors.errors")
def test_on_an_error_of_api_gateway(cors, api, allowed, expect_error):
    headers = {"Origin": ONE, "Content-Type": "text/plain"}
    refused = cors.http.post(cors.url("/execution", api), body="x", headers=headers)
    expect_error(refused, 415, "UNSUPPORTED_MEDIA_TYPE")
    missing = cors.http.get(cors.url("/nothing", api), headers={"Origin": ONE})
    expect_error(missing, 403, "MISSING_AUTHENTICATION_TOKEN")
    for answer in (refused, missing):
        assert answer.headers["access-control-allow-origin"] == allowed
        assert answer.headers.get("vary") == (None if api == "any" else "Origin")


@pytest.mark.parametrize("origin", [ONE, OTHER])
@pytest.mark.parametrize("api", ["any", "one", "several"])
@pytest.mark.contract("cors.credentials", "cors.origin")
def test_an_error_of_api_gateway_allows_credentials_to_nobody(cors, api, origin, expect_error):
    """Of several origins it names whoever asks, because it knows no conditions."""
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    refused = cors.http.post(cors.url("/execution", api), body="x", headers=headers)
    expect_error(refused, 415, "UNSUPPORTED_MEDIA_TYPE")
    missing = cors.http.get(cors.url("/nothing", api), headers=headers)
    expect_error(missing, 403, "MISSING_AUTHENTICATION_TOKEN")
    for answer in (refused, missing):
        assert "access-control-allow-credentials" not in answer.headers
        named = {"any": "*", "one": ONE, "several": origin}[api]
        assert answer.headers["access-control-allow-origin"] == named


@pytest.mark.contract("cors.preflight")
def test_methods_are_the_routes_of_the_path(cors):
    assert preflight(cors, "one", ONE)["access-control-allow-methods"] == "OPTIONS,POST,PUT"
    assert preflight(cors, "one", ONE, "/execution/x")["access-control-allow-methods"] == "DELETE,GET,OPTIONS"


@pytest.mark.contract("cors.preflight", "cors.credentials")
def test_headers_age_and_credentials(cors):
    several, any_origin = preflight(cors, "several", ONE), preflight(cors, "any", ONE)
    assert several["access-control-allow-headers"] == "Content-Type,X-Tenant"
    assert "Idempotency-Key" in any_origin["access-control-allow-headers"].split(",")
    assert (several["access-control-max-age"], any_origin["access-control-max-age"]) == ("600", "0")
    assert several["access-control-allow-credentials"] == "true"
    assert "access-control-allow-credentials" not in any_origin


def test_a_page_may_read_the_exposed_headers(cors):
    answer = cors.http.post(cors.url("/execution", "one"), json={}, headers={"Origin": ONE}).expect(200)
    assert answer.headers["access-control-expose-headers"] == "x-amzn-requestid"


def test_what_is_cached_for_one_origin_is_not_served_to_another(cors):
    assert preflight(cors, "several", ONE)["vary"] == "Origin"
    answer = cors.http.post(cors.url("/execution", "several"), json={}, headers={"Origin": ONE}).expect(200)
    assert answer.headers["vary"] == "Origin"


def test_without_an_origin_nothing_is_missing(cors):
    cors.http.post(cors.url("/execution", "several"), json={}).expect(200)


def test_a_second_plan_shows_no_change(cors):
    plan = cors.plan()
    assert plan.is_empty, plan.changes
