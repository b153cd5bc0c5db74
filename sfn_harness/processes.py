"""Processes that can be interrupted, and background processes that never outlive the one that started them.

Run as a script this file stands between a process and its parent, as the first argument says:

`guard COMMAND...` ends the command, and all that the command started, as soon as its own standard input reaches the
end, which is what happens to a pipe when the other side dies of anything, SIGKILL included.

`defaults COMMAND...` becomes the command, after it has put back the signals that this process was started without.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NoReturn

GRACE = 3.0  # seconds between asking the processes to end and ending them

# What a shell or a CI runner may have had us ignore (SIGINT and SIGQUIT: a background job of a script), and this
# harness sends. SIGHUP stays as it is: who says `nohup` means Terraform, too.
_SENT = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
# -I -S: this file needs the standard library only, and starts in a third of the time without the rest.
_THIS = (sys.executable, "-I", "-S", __file__)


def interruptible(command: Sequence[str]) -> list[str]:
    """Return a command that does what `command` does, and takes SIGINT, SIGQUIT and SIGTERM whatever this process does.

    A process that is started by one that ignores or blocks a signal does so, too: exec resets no more than handlers.
    Here the child itself puts its signals back, before it becomes the command, and only where there is something to
    put back. `preexec_fn` is not safe where there are threads, and a handler in this process could be set by its main
    thread only, and would change what Ctrl-C does to it.
    """
    ignored = any(signal.getsignal(each) is signal.SIG_IGN for each in _SENT)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return [*_THIS, "defaults", *command] if ignored or blocked else list(command)


class Guarded:
    """A command in the background that ends, with everything it started, when this does; a context manager.

    Its output goes to the file `log`, which is written anew. It runs in `directory`, by default in this process's.

    Raises:
        OSError: the command's interpreter or the log file can't be used.

    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], log: Path, directory: Path | None = None
    ):
        self.command = list(command)
        self.log = log
        with log.open("wb") as output:
            self._guard = subprocess.Popen(
                interruptible([*_THIS, "guard", *self.command]),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=directory,
                start_new_session=True,
            )

    def __enter__(self) -> "Guarded":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def poll(self) -> int | None:
        """Return the command's exit code, or None while it runs."""
        return self._guard.poll()

    def stop(self) -> None:
        """End the command and all it started; does nothing when it has ended. Takes `GRACE` seconds at most."""
        with contextlib.suppress(OSError):
            self._guard.stdin.close()
        self._guard.wait()


class Detached:
    """A command in the background that outlives this process; `pid` is the id of its process group.

    Its output goes to the file `log`, which is written anew.
    """

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], log: Path):
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                interruptible(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return the command's exit code, or None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """End the command and all it started."""
        end_group(self.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        end_group(self.pid, signal.SIGKILL)
        self._process.wait()


def end_group(pid: int, signum: int) -> bool:
    """Send a signal to a process group; False when there is none (any more)."""
    try:
        os.killpg(pid, signum)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def guard(command: Sequence[str]) -> int:
    """Run `command` until it ends or standard input does; return its exit code. Leaves nothing of it behind."""
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    for each in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    # In a session of its own, so that the whole group can be ended without ending the guard, which has to report.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    while child.poll() is None:
        ready, _, _ = select.select([0, wake], [], [])
        if 0 in ready and not os.read(0, 1024):
            break
        if wake in ready and any(each != signal.SIGCHLD for each in os.read(wake, 64)):
            break
    if child.poll() is None:
        end_group(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
    end_group(child.pid, signal.SIGKILL)
    code = child.wait()
    return code if code >= 0 else 128 - code


def become(command: Sequence[str]) -> NoReturn:
    """Become `command`, with the signals of a process that nobody prepared."""
    # Python itself ignores the last two.
    for each in (*_SENT, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execvp(command[0], command)  # noqa: S606 - there is no shell, on purpose


if __name__ == "__main__":
    if sys.argv[1] == "guard":
        sys.exit(guard(sys.argv[2:]))
    become(sys.argv[2:])
