"""`scripts/lint_tests.py` refuses tests that every process would collect in an order of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]


@pytest.fixture
def lint(tmp_path):
    def run(parametrize: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "test_it.py"
        file.write_text(
            f"import pytest\nWORDS = set('abcdefghijklmno')\n@pytest.mark.parametrize({parametrize})\n"
            "def test_it(x):\n    raise AssertionError('it was run')\n"
        )
        command = [sys.executable, "scripts/lint_tests.py", str(file)]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)

    return run


def test_an_order_that_is_the_same_passes(lint):
    done = lint("'x', sorted(WORDS)")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "15 tests are collected in the same order by every process\n"


@pytest.mark.parametrize("parameters", ["'x', {'a', 'b'}", "'x', frozenset('ab')", "argnames='x', argvalues={1, 2}"])
def test_a_set_is_refused_even_in_an_order_that_is_the_same(lint, parameters):
    done = lint(parameters)
    assert done.returncode == 1
    assert "test_it is parametrized over a set: write a list" in done.stderr


def test_an_order_that_comes_from_a_set_is_refused(lint):
    done = lint("'x', [each for each in WORDS]")
    assert done.returncode == 1
    assert done.stderr.startswith("Two processes collect different tests, or in another order:\n")
    assert re.search(r"^[-+]\S*::test_it\[[a-o]\]$", done.stderr, re.MULTILINE)


def test_tests_that_can_not_be_collected_are_refused(lint):
    done = lint("'y', []")
    assert done.returncode == 1
    assert "test_it" in done.stderr
