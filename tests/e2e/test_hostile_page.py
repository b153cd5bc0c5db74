"""A hostile page in a real browser, on a machine with a sandbox: it gets nothing done and reads no answer.

The page has an origin of its own, or one whose name has come to point at the sandbox (DNS rebinding). It forges
signatures, and even has right ones: then the gate alone stands in its way.

SANDBOX_WITHOUT="<hook> ..." leaves hooks out, to see that the page gets through then.
"""

import base64
import hashlib
import io
import json
import os
import sys
import time
import zipfile
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from sfn_harness.sandbox import LocalSandbox

pytestmark = pytest.mark.local_only

EVIL = "http://evil.example.com"
REBOUND = "rebound.example.net"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
CREATE_ROLE = {"Action": "CreateRole", "Version": "2010-05-08", "RoleName": "evil", "AssumeRolePolicyDocument": TRUST}

FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return { status: answer.status, type: answer.type, body: await answer.text() };
  } catch (error) {
    return { error: error.name };
  }
}"""

POST_FORM = """([url, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "POST", action: url });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""

CONNECT = """url => new Promise(resolve => {
  const socket = new WebSocket(url, "mqtt");
  socket.onopen = () => resolve("open");
  socket.onerror = () => resolve("error");
})"""


@pytest.fixture(scope="module")
def target():
    """A sandbox with one role and one function, which a page would like to have more of."""
    skipped = [f"--without-hook={name}" for name in os.environ.get("SANDBOX_WITHOUT", "").split()]
    with LocalSandbox(command=(sys.executable, "-m", "sfn_harness.sandbox.server", *skipped)) as sandbox:
        account = sandbox.new_account()
        yield sandbox, account


@pytest.fixture(scope="module")
def page_of(pages, target, chromium):
    """Open a page of the hostile origin, or of a name that points at the sandbox."""
    directory, origin = pages
    (directory / "blank.html").write_text("<!doctype html><title>blank</title><body></body>")
    sandbox = urlsplit(target[0].endpoint)
    hosts = {"*.example.com:80": urlsplit(origin).netloc, REBOUND: sandbox.hostname}
    with chromium(hosts) as browser, browser.new_context() as context:

        def open_page(url: str = f"{EVIL}/blank.html"):
            page = context.new_page()
            page.goto(url)
            return page

        yield open_page


@pytest.fixture(autouse=True)
def nothing_is_done(target):
    """Before and after each test there is one role and no function."""
    _, account = target
    iam, functions = account.client("iam"), account.client("lambda")
    iam.create_role(RoleName="mine", AssumeRolePolicyDocument=TRUST)
    yield
    found = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    made = [function["FunctionName"] for function in functions.list_functions()["Functions"]]
    for name in found:
        iam.delete_role(RoleName=name)
    for name in made:
        functions.delete_function(FunctionName=name)
    assert (found, made) == (["mine"], [])


def presigned(account, service: str, url: str, body: bytes) -> str:
    """Return the URL with a signature that is right, for a POST of this body."""
    signer = SigV4QueryAuth(account.session().get_credentials(), service, account.region, expires=300)
    signer.payload = lambda _: hashlib.sha256(body).hexdigest()  # botocore would put the body into the URL
    request = AWSRequest("POST", url)
    signer.add_auth(request)
    return request.url


def forged(account, service: str, url: str, _: bytes) -> str:
    """Return the URL with a signature as anybody can make it up who knows an account's id."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{account.id}/{now[:8]}/{account.region}/{service}/aws4_request"
    names = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
    values = ("AWS4-HMAC-SHA256", scope, now, "300", "host", "0")
    return f"{url}?{urlencode({f'X-Amz-{name}': value for name, value in zip(names, values, strict=True)})}"


def function_body() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handler(event, context):\n    return 1\n")
    return json.dumps(
        {
            "FunctionName": "evil",
            "Runtime": "python3.13",
            "Role": "arn:aws:iam::000000000000:role/mine",
            "Handler": "main.handler",
            "Code": {"ZipFile": base64.b64encode(packed.getvalue()).decode()},
        }
    ).encode()


SIMPLE = {"method": "POST", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
PLAIN = {"method": "POST", "headers": {"Content-Type": "text/plain"}}


@pytest.mark.parametrize("sign", [forged, presigned])
class TestAPageOfAnotherOrigin:
    def test_fetch(self, page_of, target, sign):
        sandbox, account = target
        body = urlencode(CREATE_ROLE)
        signed = sign(account, "iam", f"{sandbox.endpoint}/", body.encode())
        page = page_of()
        assert page.evaluate(FETCH, [signed, {**SIMPLE, "body": body}]) == {"error": "TypeError"}
        # The page may say that it does without the answer; then the browser sends the request just the same.
        answer = page.evaluate(FETCH, [signed, {**SIMPLE, "body": body, "mode": "no-cors"}])
        assert answer == {"status": 0, "type": "opaque", "body": ""}

    def test_a_function_as_plain_text(self, page_of, target, sign):
        sandbox, account = target
        body, url = function_body(), f"{sandbox.endpoint}/2015-03-31/functions"
        signed = sign(account, "lambda", url, body)
        answer = page_of().evaluate(FETCH, [signed, {**PLAIN, "body": body.decode(), "mode": "no-cors"}])
        assert answer == {"status": 0, "type": "opaque", "body": ""}

    def test_a_form(self, page_of, target, sign):
        sandbox, account = target
        signed = sign(account, "iam", f"{sandbox.endpoint}/", urlencode(CREATE_ROLE).encode())
        page = page_of()
        with page.expect_navigation() as navigated:
            page.evaluate(POST_FORM, [signed, CREATE_ROLE])
        assert navigated.value.status == 403

    def test_a_name_that_was_made_to_point_here(self, page_of, target, sign):
        sandbox, account = target
        origin = f"http://{REBOUND}:{urlsplit(sandbox.endpoint).port}"
        body = urlencode(CREATE_ROLE)
        signed = sign(account, "iam", f"{origin}/", body.encode())
        page = page_of(f"{origin}/_ministack/health")
        assert "services" not in page.content()
        # The origin is the page's own, so it reads the answer: which is a refusal.
        answer = page.evaluate(FETCH, [signed, {**SIMPLE, "body": body}])
        assert answer["status"] == 403
        assert "host names" in answer["body"]


def test_a_preflight_is_refused(page_of, target):
    sandbox, account = target
    url = presigned(account, "states", f"{sandbox.endpoint}/", b"{}")
    headers = {"X-Amz-Target": "AWSStepFunctions.ListStateMachines", "Content-Type": "application/x-amz-json-1.0"}
    options = {"method": "POST", "headers": headers, "body": "{}"}
    assert page_of().evaluate(FETCH, [url, options]) == {"error": "TypeError"}


def test_maintenance(page_of, target):
    sandbox, _ = target
    for path in ("/_ministack/reset", "/_ministack/config", "/_sfn_harness/faults"):
        options = {"method": "POST", "mode": "no-cors", "body": "{}"}
        assert page_of().evaluate(FETCH, [f"{sandbox.endpoint}{path}", options])["type"] == "opaque"


def test_nothing_is_readable(page_of, target):
    sandbox, account = target
    body = urlencode({"Action": "ListRoles", "Version": "2010-05-08"})
    url = presigned(account, "iam", f"{sandbox.endpoint}/", body.encode())
    assert page_of().evaluate(FETCH, [url, {**SIMPLE, "body": body}]) == {"error": "TypeError"}


def test_a_websocket(page_of, target):
    """By its host name this one is a service's, which MiniStack lets anybody connect to."""
    port = urlsplit(target[0].endpoint).port
    assert page_of().evaluate(CONNECT, f"ws://x.iot.us-east-1.localhost:{port}/mqtt") == "error"


def test_the_signed_requests_are_good_ones(target):
    """Or else the page would have failed for another reason."""
    sandbox, account = target
    body = urlencode({**CREATE_ROLE, "RoleName": "good"})
    url = presigned(account, "iam", f"{sandbox.endpoint}/", body.encode())
    assert urllib3.request("POST", url, body=body.encode(), headers=SIMPLE["headers"]).status == 200
    account.client("iam").delete_role(RoleName="good")
