"""The pytest plugin, in runs of its own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness_scratch import write_scratch
from waiting import wait_until

from sfn_harness.processes import interruptible
from sfn_harness.sandbox.local import is_healthy

pytestmark = pytest.mark.slow


def _pytest(directory: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (directory / "test_it.py").write_text(code)
    (directory / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "sfn_harness.pytest_plugin", *arguments],
        cwd=directory,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_a_failed_test_shows_what_the_sandbox_logged_during_it(tmp_path):
    code = """
def write(sandbox, text):
    with sandbox.log.open("a") as log:
        log.write(text + "\\n")

def test_good(sandbox):
    write(sandbox, "from the good one")

def test_bad(sandbox):
    write(sandbox, "from the bad one")
    assert False
"""
    result = _pytest(tmp_path, code)
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.search(r"- sandbox log -+\nfrom the bad one", result.stdout)
    assert "from the good one" not in result.stdout


def test_every_worker_has_a_sandbox_of_its_own(tmp_path):
    code = """
import pathlib, time, pytest
@pytest.mark.parametrize("n", range(2))
def test_it(sandbox, n):
    pathlib.Path(f"endpoint{n}").write_text(sandbox.endpoint)
    while len(list(pathlib.Path().glob("endpoint*"))) < 2:
        time.sleep(0.1)
"""
    result = _pytest(tmp_path, code, "-p", "xdist", "-n", "2")
    assert result.returncode == 0, result.stdout + result.stderr
    endpoints = {(tmp_path / f"endpoint{n}").read_text() for n in range(2)}
    assert len(endpoints) == 2
    assert not any(map(is_healthy, endpoints))


def test_a_run_that_needs_no_sandbox_starts_none_and_markers_are_known(tmp_path):
    code = """
import pytest
@pytest.mark.aws_only
def test_aws(sandbox): pass
def test_http(http): pass
"""
    result = _pytest(tmp_path, code, "--strict-markers", "-rs")
    assert "1 passed, 1 skipped" in result.stdout
    assert "needs --sandbox=aws, not local" in result.stdout


def test_a_sandbox_that_there_is_not_is_wrong_use(tmp_path):
    result = _pytest(tmp_path, "", "--sandbox=nope")
    assert result.returncode == 4
    assert "--sandbox: no such sandbox: 'nope'; write local, aws, or a URL" in result.stderr


def test_keep_leaves_it_and_says_how_to_reach_and_end_it(tmp_path):
    write_scratch(tmp_path / "scratch")
    code = "def test_it(deploy):\n    deploy('scratch')\n"
    result = _pytest(tmp_path, code, "--keep", "-p", "xdist", "-n", "1")
    assert result.returncode == 0, result.stdout + result.stderr
    group = int(re.search(r"kill -- -(\d+)", result.stdout)[1])
    endpoint = re.search(r"export AWS_ENDPOINT_URL=(\S+)", result.stdout)[1]
    state = re.search(r"# state: (\S+)", result.stdout)[1]
    try:
        assert is_healthy(endpoint)
        assert Path(state, "terraform.tfstate").exists()
        assert f"{endpoint}/_aws/execute-api/abc123/alpha" in result.stdout
    finally:
        os.killpg(group, signal.SIGKILL)


def test_an_interrupted_run_leaves_nothing(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text(
        "import pathlib, time\ndef test_it(sandbox):\n    pathlib.Path('endpoint').write_text(sandbox.endpoint)\n"
        "    time.sleep(60)\n"
    )
    file = tmp_path / "endpoint"
    for signum in (signal.SIGINT, signal.SIGKILL):
        file.unlink(missing_ok=True)
        with subprocess.Popen(
            interruptible([sys.executable, "-m", "pytest", "-p", "sfn_harness.pytest_plugin"]),
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.DEVNULL,
        ) as run:
            endpoint = wait_until(lambda: file.exists() and file.read_text())
            assert is_healthy(endpoint)
            run.send_signal(signum)
        wait_until(lambda endpoint=endpoint: not is_healthy(endpoint))
