"""Deployments that several test modules share, and what they ask of an answer."""

import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = Path(__file__).parent / "configurations"
EXAMPLES = ROOT / "examples"


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
