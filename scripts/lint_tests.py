"""Checks that every process collects the same tests in the same order, which pytest-xdist needs of its workers.

Sets of texts are in another order in each process, so that parameters drawn from one are, too. The tests are collected
twice, with two hash seeds; and a plain `parametrize` over a set is refused even where both orders happen to agree.

Run it as `python scripts/lint_tests.py [PATH...]`, by default for the whole suite.
"""

import difflib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ("1", "2")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Refuse a set of parameters; this file is the plugin of its own collections."""
    for marker in metafunc.definition.iter_markers("parametrize"):
        values = marker.args[1] if len(marker.args) > 1 else marker.kwargs.get("argvalues")
        if isinstance(values, set | frozenset):
            pytest.fail(f"{metafunc.definition.nodeid} is parametrized over a set: write a list", pytrace=False)


def main(paths: list[str]) -> int:
    """Return 0 if the collections agree, and 1 if not or if one failed, which is printed."""
    with ThreadPoolExecutor(len(SEEDS)) as pool:
        done = list(pool.map(lambda seed: collect(paths, seed), SEEDS))
    for each in done:
        if each.returncode != pytest.ExitCode.OK:
            sys.stderr.write(each.stdout + each.stderr)
            return 1
    first, second = (tests(each.stdout) for each in done)
    if first != second:
        differences = [line for line in difflib.unified_diff(first, second, n=0, lineterm="") if "::" in line]
        sys.stderr.write("\n".join(["Two processes collect different tests, or in another order:", *differences, ""]))
        return 1
    sys.stdout.write(f"{len(first)} tests are collected in the same order by every process\n")
    return 0


def collect(paths: list[str], seed: str) -> subprocess.CompletedProcess[str]:
    """Collect the tests in a process with this hash seed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        Path(__file__).stem,
    ]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent), "PYTEST_ADDOPTS": ""}
    return subprocess.run([*command, *paths], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def tests(out: str) -> list[str]:
    """Return the tests that a collection lists."""
    return [line for line in out.splitlines() if "::" in line]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
