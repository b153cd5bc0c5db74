"""Background processes end with the process that started them, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import alive, wait_until

from sfn_harness.processes import Detached, Guarded, interruptible

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


def _pids(file: Path) -> list[int]:
    wait_until(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(each) for each in file.read_text().split()]


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_parent_that_was_ended(tmp_path, signum):
    file = tmp_path / "pids"
    command = interruptible([sys.executable, "-c", PARENT, str(file), FAMILY])
    parent = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        pids = _pids(file)
        assert all(map(alive, pids))
    finally:
        parent.send_signal(signum)
        parent.wait(60)
    wait_until(lambda: not any(map(alive, pids)))


def test_stop_ends_the_children_too(tmp_path):
    file = tmp_path / "pids"
    with Guarded([sys.executable, "-c", FAMILY, str(file)], environment=os.environ, log=tmp_path / "log") as process:
        pids = _pids(file)
        assert process.poll() is None
    wait_until(lambda: not any(map(alive, pids)))
    process.stop()


def test_a_command_that_ends_takes_its_children_with_it(tmp_path):
    file = tmp_path / "pids"
    short = FAMILY.replace("time.sleep(60)\n", 'print("bye"); sys.exit(7)\n')
    with Guarded([sys.executable, "-c", short, str(file)], environment=os.environ, log=tmp_path / "log") as process:
        pids = _pids(file)
        wait_until(lambda: process.poll() is not None)
        assert process.poll() == 7
    wait_until(lambda: not any(map(alive, pids)))
    assert (tmp_path / "log").read_text() == "bye\n"


def test_detached_stays_until_it_is_stopped(tmp_path):
    file = tmp_path / "pids"
    process = Detached([sys.executable, "-c", FAMILY, str(file)], environment=os.environ, log=tmp_path / "log")
    pids = _pids(file)
    assert process.pid == pids[0]
    process.stop()
    wait_until(lambda: not any(map(alive, pids)))


# Says which signals it ignores and blocks, in the order of their numbers.
SIGNALS = """
import signal
ignored = [each for each in signal.valid_signals() if signal.getsignal(each) == signal.SIG_IGN]
print(*sorted({*ignored, *signal.pthread_sigmask(signal.SIG_BLOCK, [])} & set(signal.Signals)))
"""

STARTED = """
import os, signal, subprocess, sys
from pathlib import Path
from sfn_harness.processes import Detached, Guarded, interruptible
for each in sys.argv[2].split():
    signal.signal(getattr(signal, each), signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, each) for each in sys.argv[3].split()])
command = [sys.executable, "-c", sys.argv[1]]
for kind in (Guarded, Detached):
    log = Path(kind.__name__)
    process = kind(command, environment=os.environ, log=log)
    while process.poll() is None:
        pass
    print(log.read_text(), end="")
print(subprocess.run(interruptible(command), stdout=subprocess.PIPE, text=True).stdout, end="")
"""


@pytest.mark.parametrize(("ignored", "blocked"), [("SIGINT SIGQUIT SIGTERM", ""), ("", "SIGINT SIGUSR1"), ("", "")])
def test_children_start_with_signals_that_nobody_took_from_them(tmp_path, ignored, blocked):
    command = [sys.executable, "-c", STARTED, SIGNALS, ignored, blocked]
    done = subprocess.run(interruptible(command), cwd=tmp_path, capture_output=True, text=True, check=True)
    untouched = subprocess.run(interruptible([*command[:2], SIGNALS]), capture_output=True, text=True, check=True)
    # The guard listens to SIGHUP, so its child has it back even under nohup; the others keep it as it is.
    hangup = {str(int(signal.SIGHUP))}
    expected = set(untouched.stdout.split()) - hangup
    assert [set(line.split()) - hangup for line in done.stdout.splitlines()] == 3 * [expected]
    assert str(int(signal.SIGINT)) not in expected


def test_hanging_up_does_not_end_what_is_started_under_nohup():
    code = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    code += f"import os\nfrom sfn_harness.processes import interruptible\nc = interruptible([{sys.executable!r}, '-c', "
    code += f"{SIGNALS!r}])\nos.execv(c[0], c)\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert str(int(signal.SIGHUP)) in done.stdout.split()
    assert str(int(signal.SIGINT)) not in done.stdout.split()
