"""A walker for each module, and what the walks of a run came to."""

import pytest

from tests.e2e.paths.walks import Walker


@pytest.fixture(scope="module")
def walker(deploy):
    with Walker(deploy) as walker:
        yield walker


def pytest_terminal_summary(terminalreporter):
    """Say how many pairs were tried, and which went wrong: the walks may have been in other processes."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    said = [each for report in reports for each in report.user_properties]
    pairs = [wrong for name, wrong in said if name == "pair"]
    if not pairs:
        return
    applies = sum(value for name, value in said if name == "applies")
    terminalreporter.section("pairs of settings")
    terminalreporter.write_line(f"{len(pairs)} pairs in {applies} applies, {sum(pairs)} of them wrong")
    for line in (value for name, value in said if name == "wrong"):
        terminalreporter.write_line(f"  {line}")
