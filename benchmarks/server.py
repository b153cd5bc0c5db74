"""A sandbox server whose process is at hand: its processor time and its memory, from /proc."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sfn_harness.sandbox.kinds import EndpointSandbox
from sfn_harness.sandbox.local import free_port, server_command, server_variables, wait_until_ready
from sfn_harness.sandbox.secret import new_secret


class Server(EndpointSandbox):
    """A server that runs; `seconds_to_ready` from starting its process to the first answer of its health check."""

    ephemeral = True

    def __init__(self, endpoint: str, secret: str, process: subprocess.Popen, seconds_to_ready: float) -> None:
        super().__init__(endpoint, secret)
        self.process = process
        self.seconds_to_ready = seconds_to_ready

    def resident(self) -> int:
        """Return its resident memory, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def threads(self) -> int:
        """Return how many threads it has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def processor_seconds(self) -> float:
        """Return the processor time that it has used, in seconds: what it would be on an idle machine, too."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running_server(options: Sequence[str] = ()) -> Iterator[Server]:
    """Give a server that is ready, started with `options` besides host and port, and end it afterwards.

    Raises:
        SandboxError: it did not get ready.

    """
    with tempfile.TemporaryDirectory(prefix="sfn-benchmark-") as directory:
        port, secret, log = free_port(), new_secret(), Path(directory, "sandbox.log")
        endpoint = f"http://127.0.0.1:{port}"
        command = [*server_command(port, (sys.executable, "-m", "sfn_harness.sandbox.server")), *options]
        began = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                env=server_variables(port, Path(directory), secret),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            wait_until_ready(endpoint, process.poll, log)
            yield Server(endpoint, secret, process, time.monotonic() - began)
        finally:
            process.terminate()
            process.wait()
