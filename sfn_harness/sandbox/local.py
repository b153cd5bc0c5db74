"""The local sandbox: a server process of our own on 127.0.0.1, gone with us."""

import json
import os
import shutil
import site
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sfn_harness.processes import Detached, Guarded
from sfn_harness.sandbox.account import Account, random_account
from sfn_harness.sandbox.environment import is_kept
from sfn_harness.sandbox.gate import HEALTH
from sfn_harness.sandbox.secret import VARIABLE, new_secret
from sfn_harness.terraform.environment import with_direct_loopback

HOST = "127.0.0.1"
DEFAULT_PORT = 4566  # where people and tools expect an AWS emulator
DEADLINE = 30.0  # seconds to get ready; it takes about one
ATTEMPTS = 5


class SandboxError(RuntimeError):
    """A sandbox did not start, or does not answer; the message has the end of its log where there is one."""


class LocalSandbox:
    """A sandbox on a free port; a context manager. It ends, with all it started, when the context or this process does.

    Args:
        port: 0 for any free port; None for 4566, or any free one if that is taken; a number for exactly that.
        log: where its log goes; by default a temporary file that goes with it.
        directory: a directory of its own for its temporary files, made and removed with it; by default a temporary one.
        keep: let it outlive the context and this process.
        progress: called with a line of text when there is something to tell.
        secret: the secret access key of every account in it; by default what SFN_HARNESS_SECRET says, or a random one.
        command: the server's command line without host and port, for tests.

    Raises:
        SandboxError: it did not get ready within `DEADLINE` seconds; the message has the end of its log.
        ValueError: SFN_HARNESS_SECRET can't be a secret.

    """

    shared = False

    def __init__(
        self,
        port: int | None = 0,
        *,
        log: Path | None = None,
        directory: Path | None = None,
        keep: bool = False,
        progress: Callable[[str], None] = lambda _: None,
        secret: str | None = None,
        command: Sequence[str] = (sys.executable, "-m", "sfn_harness.sandbox.server"),
    ) -> None:
        self._wanted = port
        self._given_log = log
        self._keep = keep
        self._progress = progress
        self._command = tuple(command)
        self.secret = secret or new_secret()
        self._process: Guarded | Detached | None = None
        self._given_directory = directory
        self._directory: Path | None = None
        self.endpoint: str | None = None
        self.log: Path | None = None

    def __enter__(self) -> "LocalSandbox":
        self._directory = self._given_directory or Path(tempfile.mkdtemp(prefix="sfn-harness-sandbox-"))
        self._directory.mkdir(parents=True, exist_ok=True)
        self.log = self._given_log or self._directory / "sandbox.log"
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._keep:
            self.stop()

    @property
    def ephemeral(self) -> bool:
        """Whether everything in it is gone when the context ends."""
        return not self._keep

    @property
    def pid(self) -> int:
        """The id of its process group, if it is kept; 0 otherwise."""
        return self._process.pid if isinstance(self._process, Detached) else 0

    def exit_code(self) -> int | None:
        """Return the exit code of its process if that has ended."""
        return self._process.poll() if self._process else None

    def how_to_end(self) -> str:
        """Return the command that ends it, if it is kept."""
        return f"kill -- -{self.pid}" if self.pid else ""

    def stop(self) -> None:
        """End the server and remove what it left behind; does nothing the second time."""
        if self._process:
            self._process.stop()
            self._process = None
        if self._directory:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def new_account(self, region: str | None = None) -> Account:
        """Return an account with a random id, in which there is nothing yet."""
        return random_account(self.endpoint, self.secret, region)

    def reset(self) -> None:
        """Delete everything in all accounts.

        Raises:
            SandboxError: the server did not answer.

        """
        try:
            reset_endpoint(self.endpoint, self.secret)
        except SandboxError as error:
            raise SandboxError(f"{error}\n{self.log_tail()}") from error

    @contextmanager
    def fault(
        self,
        account: Account,
        action: str,
        *,
        status: int | None = None,
        error_type: str = "InternalServerError",
        message: str = "",
        delay_seconds: float = 0.0,
        qualified: bool = True,
        performed: bool = False,
        calls: int | None = None,
        then: dict[str, Any] | None = None,
    ) -> Iterator[None]:
        """Have Step Functions fail, or answer late, while the context lasts.

        Args:
            account: whose calls meet the fault.
            action: such as "StartExecution".
            status: the HTTP status of the error; None for none.
            error_type: the error's name, such as "ThrottlingException".
            message: the error's message.
            delay_seconds: how long a call waits before anything else.
            qualified: whether the error's name gets its namespace, as on AWS, if it has none.
            performed: whether a call has its effect although an error is answered.
            calls: how many calls meet the fault; None for all.
            then: the fault that the calls after those meet, as a dictionary of these arguments; None for none.

        Raises:
            SandboxError: the server refused it.

        """
        about = {"account": account.id, "action": action}
        fault = {
            "status": status,
            "error_type": error_type,
            "message": message,
            "delay_seconds": delay_seconds,
            "qualified": qualified,
            "performed": performed,
            "calls": calls,
            "then": then,
        }
        send_fault(self.endpoint, self.secret, "PUT", {**about, **fault})
        try:
            yield
        finally:
            send_fault(self.endpoint, self.secret, "DELETE", about)

    def log_size(self) -> int:
        """Return the size of the log so far, in bytes."""
        return self.log.stat().st_size if self.log and self.log.exists() else 0

    def log_tail(self, lines: int = 40, since: int = 0) -> str:
        """Return the last `lines` of the log, without its first `since` bytes."""
        return log_tail(self.log, lines, since) if self.log else ""

    def _start(self) -> None:
        for attempt in range(ATTEMPTS):
            port = choose_port(self._wanted if self._wanted or not attempt else 0)
            self.endpoint = f"http://{HOST}:{port}"
            self._process = (Detached if self._keep else Guarded)(
                server_command(port, self._command),
                environment=server_variables(port, self._directory, self.secret),
                log=self.log,
            )
            started = time.monotonic()
            try:
                wait_until_ready(self.endpoint, self._process.poll, self.log)
            except SandboxError:
                # Between choosing a port and taking it somebody else may have: then another one will do.
                lost_the_port = self._process.poll() is not None and not is_free(port)
                self._process.stop()
                if lost_the_port and not self._wanted and attempt + 1 < ATTEMPTS:
                    continue
                raise
            self._progress(f"sandbox ready at {self.endpoint} after {time.monotonic() - started:.1f} s")
            return


def choose_port(wanted: int | None) -> int:
    """Return a free port: 0 for any, None for 4566 or else any, a number for exactly that.

    Raises:
        SandboxError: that one is taken.

    """
    if wanted and not is_free(wanted):
        raise SandboxError(
            f"port {wanted} is taken: something else listens on it. End that, or choose another port; 0 takes any"
        )
    if wanted is None and is_free(DEFAULT_PORT):
        return DEFAULT_PORT
    return wanted or free_port()


def server_command(
    port: int, command: Sequence[str] = (sys.executable, "-m", "sfn_harness.sandbox.server")
) -> list[str]:
    """Return the command line of a server on `port`."""
    return [*command, "--host", HOST, "--port", str(port)]


def server_variables(
    port: int, directory: Path, secret: str, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of a server on `port` that keeps its temporary files in `directory`.

    Of the caller's there is only what the server needs: functions run beside it and can read its environment.
    """
    environ = os.environ if environ is None else environ
    kept = {name: value for name, value in environ.items() if is_kept(name)}
    if site.ENABLE_USER_SITE:
        kept.setdefault("PYTHONUSERBASE", site.getuserbase())  # it is found by HOME otherwise
    return {
        **with_direct_loopback(kept),
        "AUTH": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "HOME": str(directory),
        "PYTHONUNBUFFERED": "1",
        VARIABLE: secret,
        "TMPDIR": str(directory),
    }


def wait_until_ready(endpoint: str, poll: Callable[[], int | None], log: Path, deadline: float = DEADLINE) -> None:
    """Return once the server at `endpoint` answers its health check.

    Args:
        endpoint: its URL.
        poll: returns the process's exit code, None while it runs.
        log: what to show when it fails.
        deadline: in seconds.

    Raises:
        SandboxError: it ended, or did not answer in time.

    """
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        code = poll()
        if code is not None:
            raise SandboxError(f"the sandbox ended with exit code {code} instead of starting\n{log_tail(log)}")
        if is_healthy(endpoint) and poll() is None:
            return
        time.sleep(0.03)
    raise SandboxError(f"the sandbox did not answer at {endpoint}{HEALTH} within {deadline:.0f} s\n{log_tail(log)}")


def send_fault(endpoint: str | None, secret: str, method: str, document: Mapping[str, object]) -> None:
    """Put or lift a fault (PUT or DELETE). Raises `SandboxError` where the server refuses it."""
    request = urllib.request.Request(  # noqa: S310 - our own endpoint
        f"{endpoint}/_sfn_harness/faults", json.dumps(document).encode(), _bearer(secret), method=method
    )
    try:
        _open(request, timeout=10)
    except OSError as error:
        raise SandboxError(f"the sandbox at {endpoint} refused the fault {document}: {error}") from error


def reset_endpoint(endpoint: str, secret: str) -> None:
    """Ask the emulator at `endpoint` to delete everything.

    Raises:
        SandboxError: it can't, or does not answer.

    """
    try:
        _open(
            urllib.request.Request(f"{endpoint}/_ministack/reset", headers=_bearer(secret), method="POST"),  # noqa: S310
            timeout=30,
        )
    except OSError as error:
        raise SandboxError(f"{endpoint} could not be reset: {error}") from error


def is_healthy(endpoint: str) -> bool:
    """Whether a sandbox answers at `endpoint`."""
    try:
        _open(urllib.request.Request(f"{endpoint}{HEALTH}"), timeout=2)  # noqa: S310 - a URL of our own
    except OSError:
        return False
    return True


def is_free(port: int) -> bool:
    """Whether nothing listens on `port` of 127.0.0.1."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def log_tail(log: Path, lines: int = 40, since: int = 0) -> str:
    """Return the last `lines` of a file without its first `since` bytes; "" if it can't be read."""
    try:
        with log.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            # Enough for the lines of any log, and not all of one that grew for an hour.
            file.seek(max(since, end - 1000 * lines))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _open(request: urllib.request.Request, timeout: float) -> None:
    # Never through a proxy: what is on this machine is not behind one.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=timeout):
        pass
