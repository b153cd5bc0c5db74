"""`.ci/run` ends with what failed and why, keeps the exit code, and leaves nothing behind."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import alive, wait_until

from sfn_harness.processes import interruptible

pytestmark = pytest.mark.slow


SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
PYTEST = f"@{sys.executable} -m pytest -p no:sfn_harness --rootdir=."


@pytest.fixture
def checkout(tmp_path):
    """A directory with the script in it and this recipe behind `make test`."""

    def write(*recipe: str, **files: str) -> list[str]:
        (tmp_path / ".ci").mkdir()
        shutil.copy2(SCRIPT, tmp_path / ".ci")
        (tmp_path / "Makefile").write_text("test:\n" + "".join(f"\t{line}\n" for line in recipe))
        (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -ra\n")
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return [str(tmp_path / ".ci" / "run")]

    return write


def run(command: list[str]) -> tuple[int, list[str], list[str]]:
    """Return the exit code, all lines, and those of the summary."""
    done = subprocess.run(interruptible(command), capture_output=True, text=True, timeout=300, check=False)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line]
    starts = [index for index, line in enumerate(lines) if line.startswith("-----")]
    return done.returncode, lines, lines[starts[-1] :] if starts else []


def test_success_ends_with_pytests_own_line(checkout):
    code, lines, summary = run(checkout(PYTEST, test_it="def test_it(): pass\n"))
    assert (code, summary) == (0, [])
    assert "1 passed in" in lines[-1]


def test_a_failing_test_is_named_with_its_reason_and_the_closing_line_is_last(checkout):
    text = f"def test_good(): pass\ndef test_bad(): raise ValueError('{'why ' * 50}')\n"
    code, _, summary = run(checkout(PYTEST, test_it=text))
    assert code == 2
    assert summary[0].endswith("failed: make test, exit code 2")
    assert summary[1] == f"FAILED test_it.py::test_bad - ValueError: {'why ' * 50}".rstrip()
    assert "1 failed, 1 passed in" in summary[-1]


def test_a_file_that_can_not_be_collected_is_named_with_its_reason(checkout):
    code, _, summary = run(checkout(PYTEST, test_it="import nowhere\n"))
    assert code == 2
    assert any(line.startswith("ERROR test_it.py") for line in summary)
    assert "1 error in" in summary[-1]


def test_a_check_that_fails_is_shown_with_what_it_said(checkout):
    code, _, summary = run(checkout("@echo a.py is not formatted >&2; exit 1"))
    assert code == 2
    assert summary[1] == "a.py is not formatted"
    assert "make: *** [Makefile:2: test] Error 1" in summary[2]


def test_make_itself_failing_is_shown(checkout):
    command = checkout("true")
    Path(command[0]).parents[1].joinpath("Makefile").write_text("nothing here\n")
    code, _, summary = run(command)
    assert code == 2
    assert "missing separator" in summary[-1]


def test_nothing_is_left_when_it_is_ended(checkout, tmp_path):
    command = checkout("@echo $$$$ > pid.part; mv pid.part pid; exec sleep 600")
    pid = tmp_path / "pid"
    with subprocess.Popen(interruptible(command), stdout=subprocess.DEVNULL) as process:
        wait_until(pid.exists)
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 143
    wait_until(lambda: not alive(int(pid.read_text())))
