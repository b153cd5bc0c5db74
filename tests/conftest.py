"""How much the property tests draw: 300 examples by default, 10,000 with --hypothesis-profile=nightly."""

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
