"""Background processes end with the process that started them, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sfn_harness.processes import Detached, Guarded

# A command with a child of its own; both write their ids, and the child does not listen to SIGTERM.
FAMILY = """
import os, signal, subprocess, sys, time
from pathlib import Path
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""

PARENT = """
import os, sys, time
from pathlib import Path
from sfn_harness.processes import Guarded
with Guarded([sys.executable, "-c", sys.argv[2], sys.argv[1]], environment=os.environ, log=Path(sys.argv[1] + ".log")):
    time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _pids(file: Path) -> list[int]:
    _until(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(each) for each in file.read_text().split()]


def _until(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_parent_that_was_ended(tmp_path, signum):
    file = tmp_path / "pids"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(file), FAMILY], stderr=subprocess.DEVNULL)
    try:
        pids = _pids(file)
        assert all(map(_alive, pids))
    finally:
        parent.send_signal(signum)
        parent.wait(20)
    _until(lambda: not any(map(_alive, pids)))


def test_stop_ends_the_children_too(tmp_path):
    file = tmp_path / "pids"
    with Guarded([sys.executable, "-c", FAMILY, str(file)], environment=os.environ, log=tmp_path / "log") as process:
        pids = _pids(file)
        assert process.poll() is None
    _until(lambda: not any(map(_alive, pids)))
    process.stop()


def test_a_command_that_ends_takes_its_children_with_it(tmp_path):
    file = tmp_path / "pids"
    short = FAMILY.replace("time.sleep(60)\n", 'print("bye"); sys.exit(7)\n')
    with Guarded([sys.executable, "-c", short, str(file)], environment=os.environ, log=tmp_path / "log") as process:
        pids = _pids(file)
        _until(lambda: process.poll() is not None)
        assert process.poll() == 7
    _until(lambda: not any(map(_alive, pids)))
    assert (tmp_path / "log").read_text() == "bye\n"


def test_detached_stays_until_it_is_stopped(tmp_path):
    file = tmp_path / "pids"
    process = Detached([sys.executable, "-c", FAMILY, str(file)], environment=os.environ, log=tmp_path / "log")
    pids = _pids(file)
    assert process.pid == pids[0]
    process.stop()
    _until(lambda: not any(map(_alive, pids)))
