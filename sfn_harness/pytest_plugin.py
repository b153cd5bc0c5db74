"""pytest plugin: a sandbox, configurations applied to it, and plans, as fixtures.

Every worker of pytest-xdist has a sandbox of its own, on a port of its own.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from sfn_harness.deployments import Deployer, Planner
from sfn_harness.http import HttpClient
from sfn_harness.sandbox.kinds import Sandbox, check_spec, open_sandbox
from sfn_harness.sandbox.secret import given_secret

LOG_LINES = 60
KEPT = "sfn_harness_kept"

_SANDBOX = pytest.StashKey[Sandbox]()
_LOG_START = pytest.StashKey[int]()
_REPORTS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("sfn-harness", "Step Functions APIs in a sandbox")
    group.addoption(
        "--sandbox",
        default="local",
        metavar="local|aws|URL",
        help="where configurations are applied: a local sandbox started for the run (default), AWS with the ambient "
        "credentials, or the URL of an emulator that runs already",
    )
    group.addoption(
        "--keep",
        action="store_true",
        help="leave what was applied, and the local sandbox, when the run ends, and say how to reach it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and refuse a sandbox that there is not."""
    config.addinivalue_line("markers", "local_only: needs the local sandbox; skipped on AWS and other emulators")
    config.addinivalue_line("markers", "aws_only: needs AWS itself; skipped elsewhere")
    config.stash[_REPORTS] = []
    try:
        check_spec(config.getoption("--sandbox"))
        given_secret()
    except ValueError as error:
        raise pytest.UsageError(f"--sandbox: {error}") from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this sandbox is not for."""
    spec = config.getoption("--sandbox")
    for item in items:
        if item.get_closest_marker("local_only") and spec != "local":
            item.add_marker(pytest.mark.skip(reason=f"needs --sandbox=local, not {spec}"))
        if item.get_closest_marker("aws_only") and spec != "aws":
            item.add_marker(pytest.mark.skip(reason=f"needs --sandbox=aws, not {spec}"))


@pytest.fixture(scope="session")
def sandbox(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    """Give the sandbox of this session; see `sfn_harness.sandbox.Sandbox`."""
    with open_sandbox(pytestconfig.getoption("--sandbox"), keep=pytestconfig.getoption("--keep")) as running:
        pytestconfig.stash[_SANDBOX] = running
        try:
            yield running
        finally:
            del pytestconfig.stash[_SANDBOX]


@pytest.fixture(scope="session")
def deploy(sandbox: Sandbox, pytestconfig: pytest.Config) -> Iterator[Deployer]:
    """Apply configurations: ``deploy("examples/tutorial", name="orders")`` returns a `Deployment`."""
    with Deployer(sandbox, pytestconfig.rootpath, keep=pytestconfig.getoption("--keep")) as deployer:
        yield deployer
        if deployer.keep and deployer.deployments:
            kept = [deployment.describe() for deployment in deployer.deployments]
            pytestconfig.stash[_REPORTS].append("\n\n".join([*kept, sandbox.how_to_end()]))


@pytest.fixture(scope="session")
def plan(sandbox: Sandbox, pytestconfig: pytest.Config) -> Iterator[Planner]:
    """Plan configurations without applying them: ``plan("modules/rest_api", name="orders")`` returns a `Plan`."""
    with Planner(sandbox.new_account, pytestconfig.rootpath) as planner:
        yield planner


@pytest.fixture(scope="session")
def http() -> Iterator[HttpClient]:
    """Give an HTTP client whose answers know the curl command that repeats the request."""
    with HttpClient() as client:
        yield client


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember where the sandbox's log is when a test starts."""
    running = item.config.stash.get(_SANDBOX, None)
    item.stash[_LOG_START] = running.log_size() if running else 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the sandbox logged during a test that failed."""
    report = yield
    running = item.config.stash.get(_SANDBOX, None)
    if report.failed and running:
        tail = running.log_tail(LOG_LINES, since=item.stash.get(_LOG_START, 0))
        if tail:
            report.sections.append(("sandbox log", tail))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was kept to the controlling process, where this is a worker of pytest-xdist."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[KEPT] = session.config.stash[_REPORTS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of pytest-xdist kept."""
    node.config.stash[_REPORTS].extend(getattr(node, "workeroutput", {}).get(KEPT, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to reach what was kept."""
    reports = config.stash[_REPORTS]
    if reports:
        terminalreporter.section("kept")
        for report in reports:
            terminalreporter.write_line(report)
