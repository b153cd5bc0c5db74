"""A walker for each module, and what the walks of a run came to."""

import pytest

from tests.e2e.paths.walks import Walker


@pytest.fixture(scope="module")
def walker(deploy):
    with Walker(deploy) as walker:
        yield walker
