"""Deployments that several test modules share, what they ask of an answer, and a browser."""

import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = Path(__file__).parent / "configurations"
EXAMPLES = ROOT / "examples"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session", params=["resources", "openapi"])
def engine(request) -> str:
    """How the API is made. Whoever asks for it is run once for each: a caller can't tell them apart."""
    return request.param


@pytest.fixture(scope="session")
def contract(deploy, engine):
    """Every action, input, name rule and target behind one API."""
    return deploy(CONFIGURATIONS / "contract", engine=engine)


@pytest.fixture(scope="session")
def express(deploy, engine):
    """An EXPRESS state machine, started and waited for."""
    return deploy(CONFIGURATIONS / "express", engine=engine)


@pytest.fixture(scope="session")
def guarded(deploy, engine):
    """Routes with schemas, required parameters, authorizers, signatures and keys."""
    return deploy(CONFIGURATIONS / "guarded", engine=engine)


@pytest.fixture(scope="session")
def cors(deploy, engine):
    """An API for each way to allow origins: any, one and several stand where a stage does in `url`."""
    return deploy(CONFIGURATIONS / "cors", engine=engine)


@pytest.fixture(scope="session")
def tutorial(deploy):
    return deploy(EXAMPLES / "tutorial")


@pytest.fixture(scope="session")
def quickstart(deploy):
    return deploy(EXAMPLES / "quickstart")


@pytest.fixture
def expect_error():
    """Assert that an answer is the API's error: its one shape, its status and its type; returns its message."""

    def check(answer, status: int, error_type: str) -> str:
        answer.expect(status)
        assert answer.headers["content-type"] == "application/json", answer.headers
        body = answer.json()
        assert set(body) == {"message", "type", "requestId"}, body
        assert body["type"] == error_type, body
        assert body["requestId"] == answer.headers["x-amzn-requestid"], (body, answer.headers)
        assert body["message"], body
        return body["message"]

    return check


@pytest.fixture(scope="session")
def starts_nothing():
    """Fail if what is done inside starts an execution of the deployment's own state machine."""

    @contextmanager
    def check(deployment):
        arn = deployment.outputs["state_machine_arn"]
        before = {execution["executionArn"] for execution in deployment.executions.list(arn)}
        yield
        assert {execution["executionArn"] for execution in deployment.executions.list(arn)} == before

    return check


@pytest.fixture(scope="session")
def paste():
    """Run a curl command as a person would who pasted it, with the sandbox's address for AWS's."""

    def run(deployment, command: str) -> tuple[int, str]:
        url = re.search(r"https://[^']+", command)[0]
        local = command.replace(url, deployment.account.url(url))
        shown = subprocess.run(
            ["bash", "-c", f"{local} --silent --show-error --write-out '\\n%{{http_code}}'"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
        body, _, status = shown.rpartition("\n")
        return int(status), body

    return run


@pytest.fixture(scope="session")
def configurations() -> Path:
    return CONFIGURATIONS


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def faults(sandbox):
    """Have Step Functions fail for one deployment's account, as only the local sandbox can be asked to."""
    if not hasattr(sandbox, "fault"):
        pytest.skip("only the local sandbox can be made to fail")

    @contextmanager
    def fail(deployment, action: str, **fault):
        with sandbox.fault(deployment.account, action, **fault):
            yield

    return fail


class Files(SimpleHTTPRequestHandler):
    """Serves a directory without a line per request."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """A server of pages on this machine: the directory that it serves, and its origin."""
    directory = tmp_path_factory.mktemp("pages")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield directory, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def chromium_with(hosts: Mapping[str, str]):
    """Start Chromium, to which a host name (or ``*.name``, with a port) is the address that the mapping says."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        pytest.skip(f"needs a browser: none of {', '.join(BROWSERS)} is on the PATH")
    mapped = ",".join(f"MAP {host} {address}" for host, address in hosts.items())
    with playwright.sync_playwright() as running:
        arguments = [*BROWSER_ARGUMENTS, f"--host-resolver-rules={mapped}"]
        started = running.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def chromium():
    """Start a browser with host names of a test's own; a context manager."""
    return chromium_with


@pytest.fixture(scope="module")
def browser(pages):
    """Chromium, which finds the pages at any http://*.example.com and at http://localhost:3000, too.

    One for each module, because Playwright leaves an event loop running in this thread, and asyncio.run refuses that.
    """
    address = pages[1].removeprefix("http://")
    with chromium_with(dict.fromkeys(("*.example.com:80", "localhost:3000"), address)) as started:
        yield started
