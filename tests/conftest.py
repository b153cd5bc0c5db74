"""How many examples the property tests draw: 300 by default, 10,000 with --hypothesis-profile=nightly."""

from hypothesis import HealthCheck, settings

# A call over HTTP takes what it takes; time is measured in benchmarks.
COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}

settings.register_profile("default", max_examples=300, **COMMON)
settings.register_profile("nightly", max_examples=10_000, **COMMON)
settings.load_profile("default")
