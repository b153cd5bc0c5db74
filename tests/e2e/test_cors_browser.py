"""Cross-origin calls from pages in a real browser: what fetch gives to a page, and what it keeps from it.

Nothing here intercepts requests: Playwright would answer the preflights itself then, and the API would see none.
"""

import time
from urllib.parse import urlsplit

import pytest
from urllib3 import HTTPHeaderDict

from sfn_harness.http import Answer

ONE, LOCAL, OTHER = "http://one.example.com", "http://localhost:3000", "http://other.example.com"
PATIENCE = 30  # seconds
JSON = {"Content-Type": "application/json"}

FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return { status: answer.status, headers: [...answer.headers], body: await answer.text() };
  } catch (error) {
    return { error: error.name };
  }
}"""


class Page:
    """A page of an origin, whose script calls the API."""

    def __init__(self, context, origin: str):
        self.preflights: list[str] = []
        self._refusals: list[str] = []
        self.page = context.new_page()
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFailed", self._failed)
        self.page.goto(f"{origin}/blank.html")

    def _sent(self, event) -> None:
        if event["request"]["method"] == "OPTIONS":
            self.preflights.append(event["request"]["url"])

    def _failed(self, event) -> None:
        if "corsErrorStatus" in event:
            self._refusals.append(event["corsErrorStatus"]["corsError"])

    def _fetch(self, url: str, options: dict) -> dict:
        self._refusals.clear()
        return self.page.evaluate(FETCH, [url, options])

    def fetch(self, url: str, **options) -> Answer:
        """What fetch resolves with: the answer, as far as the page may read it."""
        result = self._fetch(url, options)
        assert "error" not in result, (url, options, result, self._refusals)
        shown = f"fetch({url!r}, {options})"[:500]
        return Answer(result["status"], HTTPHeaderDict(result["headers"]), result["body"].encode(), shown)

    def refusal(self, url: str, **options) -> str:
        """Why the browser makes fetch reject, in Chromium's words; the script is told no more than TypeError."""
        assert self._fetch(url, options) == {"error": "TypeError"}
        deadline = time.monotonic() + PATIENCE
        while not self._refusals and time.monotonic() < deadline:
            self.page.wait_for_timeout(5)  # The script may be told first.
        [reason] = self._refusals
        return reason


@pytest.fixture
def page_of(browser, pages):
    """Open a page of an origin, in a browser that remembers nothing of the tests before."""
    (pages[0] / "blank.html").write_text("<!doctype html><title>blank</title>")
    with browser.new_context() as context:
        yield lambda origin: Page(context, origin)


@pytest.mark.parametrize(("api", "origin", "exposed"), [
    ("any", OTHER, {"x-amz-apigw-id", "x-amzn-requestid"}),
    ("one", ONE, {"x-amzn-requestid"}),
    ("several", ONE, set()),
    ("several", LOCAL, set()),
])  # fmt: skip
@pytest.mark.contract("cors.origin")
def test_a_page_that_may_call_starts_an_execution_and_reads_the_answer(cors, page_of, api, origin, exposed):
    page, url = page_of(origin), cors.url("/execution", api)
    answer = page.fetch(url, method="POST", headers=JSON, body='{"dish":"soufflé"}').expect(200)
    assert page.preflights == [url]
    arn = answer.json()["executionArn"]
    cors.executions.wait(arn, "SUCCEEDED")
    assert cors.executions.input(arn) == {"dish": "soufflé"}
    # All that is sent comes to an HTTP client; a page sees what is exposed, and what is always harmless.
    sent = cors.http.post(url, json={}, headers={"Origin": origin}).headers
    assert {"content-type", "date", "x-amzn-requestid"} <= {name.lower() for name in sent}
    assert set(answer.headers) - {"cache-control", "content-length"} == {"content-type"} | exposed
    assert all(answer.headers[name] for name in exposed)
    if "x-amz-apigw-id" in exposed:
        # A page that may read the header finds the execution by it: see execution_name = "request_id".
        name = answer.headers["x-amz-apigw-id"].translate(str.maketrans("+/", "-_", "="))
        assert arn.rpartition(":")[2] == name


@pytest.mark.parametrize(("api", "origin", "before", "after"), [
    ("one", OTHER, "PreflightAllowOriginMismatch", "AllowOriginMismatch"),
    ("several", OTHER, "PreflightMissingAllowOriginHeader", "MissingAllowOriginHeader"),
])  # fmt: skip
@pytest.mark.contract("cors.origin")
def test_a_page_from_elsewhere_starts_and_reads_nothing(cors, page_of, api, origin, before, after):
    page, machine = page_of(origin), cors.outputs["state_machine_arns"][api]
    known = cors.executions.list(machine)
    assert page.refusal(cors.url("/execution", api), method="POST", headers=JSON, body="{}") == before
    assert cors.executions.list(machine) == known
    # Without a preflight the API answers, and the page is not shown what.
    assert page.refusal(cors.url("/execution/none", api)) == after


@pytest.mark.parametrize(("api", "origin"), [("any", OTHER), ("one", ONE), ("several", LOCAL)])
@pytest.mark.contract("cors.errors")
def test_a_page_reads_what_went_wrong(cors, page_of, api, origin):
    page = page_of(origin)
    for path, options, status, error_type in [
        # Step Functions'.
        ("/execution", {"method": "POST", "headers": JSON, "body": "{"}, 400, "InvalidExecutionInput"),
        ("/execution", {"method": "POST", "headers": JSON, "body": f'"{"x" * 262_144}"'}, 413, "ValidationException"),
        ("/execution/none", {}, 404, "ExecutionDoesNotExist"),
        # API Gateway's own.
        ("/nothing", {}, 403, "MISSING_AUTHENTICATION_TOKEN"),
        ("/execution", {"method": "POST", "body": "text"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ]:
        answer = page.fetch(cors.url(path, api), **options).expect(status).json()
        assert (set(answer), answer["type"]) == ({"message", "type", "requestId"}, error_type)


@pytest.mark.contract("cors.errors")
def test_to_a_page_a_request_that_is_too_large_is_a_network_error(cors, page_of):
    """API Gateway answers it before it knows whose it is: plain text and no headers of the API's."""
    too_large = {"method": "POST", "headers": JSON, "body": "1" * (10 * 1024**2 + 1)}
    assert page_of(LOCAL).refusal(cors.url("/execution", "several"), **too_large) == "MissingAllowOriginHeader"


def test_of_several_origins_any_other_reads_the_errors_of_api_gateway_only(cors, page_of):
    """Gateway responses know no conditions; see docs/adr/0007-origins.md."""
    page = page_of(OTHER)
    assert page.fetch(cors.url("/nothing", "several")).expect(403).json()["type"] == "MISSING_AUTHENTICATION_TOKEN"
    assert page.refusal(cors.url("/nothing", "one")) == "AllowOriginMismatch"


@pytest.mark.contract("cors.preflight")
def test_a_page_sends_the_headers_that_are_allowed_and_no_others(cors, page_of):
    page = page_of(ONE)
    for api, allowed, refused in [("any", "Idempotency-Key", "X-Tenant"), ("several", "X-Tenant", "Idempotency-Key")]:
        url = cors.url("/execution", api)
        started = page.fetch(url, method="PUT", headers={**JSON, allowed: "k-1"}, body="{}").expect(200).json()
        assert cors.executions.input(started["executionArn"])["header"] == {allowed.lower(): "k-1"}
        reason = page.refusal(url, method="PUT", headers={**JSON, refused: "k-1"}, body="{}")
        assert reason == "HeaderDisallowedByPreflightResponse"


@pytest.mark.contract("cors.preflight")
def test_a_page_calls_with_the_methods_of_the_path_and_no_others(cors, page_of):
    page, url = page_of(ONE), cors.url("/execution", "one")
    started = page.fetch(url, method="PUT", headers=JSON, body="{}").expect(200).json()
    execution = f"{url}/{started['executionArn'].rpartition(':')[2]}"
    assert set(page.fetch(execution, method="DELETE").expect(200).json()) == {"stopDate"}
    assert page.fetch(execution).expect(200).json()["executionArn"] == started["executionArn"]
    assert page.refusal(execution, method="PUT") == "MethodDisallowedByPreflightResponse"
    assert page.refusal(url, method="DELETE") == "MethodDisallowedByPreflightResponse"


@pytest.mark.contract("cors.credentials")
def test_cookies_are_sent_only_where_credentials_are_allowed(cors, page_of):
    page, url = page_of(ONE), cors.url("/execution", "several")
    # One that the API's host has set within this page's site: browsers keep other sites' cookies back by themselves.
    cookie = {"name": "session", "value": "s-1", "domain": urlsplit(url).hostname, "path": "/"}
    where = {"sameSite": "None", "secure": True, "partitionKey": "http://example.com"}
    page.page.context.add_cookies([{**cookie, **where}])
    put = {"method": "PUT", "headers": JSON, "body": "{}"}
    for credentials, seen in [("include", {"cookie": "session=s-1"}), ("same-origin", {})]:
        started = page.fetch(url, **put, credentials=credentials).expect(200).json()
        assert cors.executions.input(started["executionArn"])["header"] == seen
    refusal = page.refusal(cors.url("/execution", "any"), **put, credentials="include")
    assert refusal == "PreflightWildcardOriginNotAllowed"
    refusal = page.refusal(cors.url("/execution", "one"), **put, credentials="include")
    assert refusal == "PreflightInvalidAllowCredentials"


@pytest.mark.contract("cors.preflight")
def test_the_browser_remembers_for_as_long_as_it_is_told(cors, page_of):
    """Zero seconds for any origin, 600 for one."""
    page = page_of(ONE)
    for api, preflights in [("any", 2), ("one", 1)]:
        url = cors.url("/execution", api)
        for _ in range(2):
            page.fetch(url, method="POST", headers=JSON, body="{}").expect(200)
        assert page.preflights.count(url) == preflights
