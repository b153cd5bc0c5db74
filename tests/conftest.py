"""How much the property tests draw, and how the tests are shared out among processes.

Property tests draw 300 examples by default, and 10,000 with --hypothesis-profile=nightly.
"""

import re

import pytest
from hypothesis import HealthCheck, settings

# A call over HTTP takes what it takes; time is measured in benchmarks.
COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}

settings.register_profile("default", max_examples=300, **COMMON)
settings.register_profile("nightly", max_examples=10_000, **COMMON)
settings.load_profile("default")


def pytest_addoption(parser):
    """Say how many pairs of settings tests/e2e/paths draws."""
    group = parser.getgroup("paths", "pairs of settings that follow one another")
    group.addoption("--pairs", type=int, help="how many to draw; by default 3, with the nightly profile 200")
    group.addoption(
        "--first-walk", type=int, default=1, help="the number of the first walk; another one draws other pairs"
    )
    group.addoption("--pair", action="append", default=[], help="a file with a pair, to try in place of what is drawn")


# What takes longest begins first, so that no process is left with it at the end.
FIRST = ("tests/e2e/paths", "tests/e2e", "tests/plan")


def pytest_collection_modifyitems(config, items):
    """Put the tests first that take longest; those of a file stay together, in their order."""

    def rank(item) -> int:
        path = item.path.relative_to(config.rootpath).as_posix()
        return next((index for index, first in enumerate(FIRST) if path.startswith(first)), len(FIRST))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give one process the tests of a file, or those of a file and an engine: they share deployments."""
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class FilesAndEngines(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            engine = re.search(r"\[(openapi|resources)\b", test)
            return f"{file} {engine[1]}" if engine else file

    return FilesAndEngines(config, log)
