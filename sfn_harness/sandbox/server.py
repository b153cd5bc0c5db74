"""The local sandbox: MiniStack in the foreground, with this package's hooks installed.

Run it as ``python -m sfn_harness.sandbox.server --host 127.0.0.1 --port 4566``. It is ready when
``GET /_ministack/health`` answers 200; ``POST /_ministack/reset`` wipes its state; SIGTERM or SIGINT ends it. An access
key of 12 digits is an account, and root in it. Its secret, which maintenance endpoints ask for, too, is the value of
SFN_HARNESS_SECRET, or a random one that is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, MutableMapping
from pathlib import Path

from sfn_harness.sandbox.environment import is_kept
from sfn_harness.sandbox.secret import VARIABLE, given_secret, new_secret

__all__ = ["isolate_environment", "main"]

# Step Functions accepts documents nested 1000 deep; Python's own limit is met at about 330 levels in some places.
_RECURSION_LIMIT = 8000
_THREAD_STACK_BYTES = 16 * 1024 * 1024

# Executions are kept, and walking all of them at Python's usual pace is what a long run would spend its time on.
_COLLECT_AFTER_ALLOCATIONS = 50_000

# How long open requests may go on once the server has been told to end.
_GRACE_SECONDS = 0.3


def isolate_environment(environment: MutableMapping[str, str], host: str, port: int, secret: str) -> None:
    """Reduce ``environment`` to what the sandbox needs, in place, and set MiniStack's own variables."""
    for name in list(environment):
        if not is_kept(name):
            del environment[name]
    environment.update(
        {
            "AUTH": "true",  # IAM enforcement
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SECRET_ACCESS_KEY": secret,  # root's; a function gets its role's in place of it
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "BIND_HOST": host,
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",  # Lambda runs as a local process; containers stay alone
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "ERROR",
            "MINISTACK_HOST": "localhost",
            "PERSIST_STATE": "0",
            "S3_PERSIST": "0",
            "SFTP_ENABLED": "0",
        }
    )


def _arguments(argv: Iterable[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sfn_harness.sandbox.server", description="Run the local sandbox.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=4566, help="port to listen on (default: %(default)s)")
    parser.add_argument("--log-level", default="ERROR", help="of MiniStack's own log, to stderr (default: %(default)s)")
    parser.add_argument(
        "--without-hook",
        action="append",
        default=[],
        metavar="NAME",
        help="leave a hook out, to see what MiniStack does by itself; may be repeated",
    )
    return parser.parse_args(None if argv is None else list(argv))


async def _serve(host: str, port: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.loglevel = "ERROR"
    config.keep_alive_timeout = 75
    config.graceful_timeout = _GRACE_SECONDS
    config.shutdown_timeout = _GRACE_SECONDS
    await serve(app, config, shutdown_trigger=stop.wait)


def _give_functions_directories(scratch: Path) -> None:
    """Set HOME and TMPDIR, which functions inherit, to directories that go with the sandbox."""
    for name, directory in (("HOME", scratch / "home"), ("TMPDIR", scratch / "tmp")):
        directory.mkdir()
        os.environ[name] = str(directory)


def _end_children() -> None:
    """End the Lambda processes and delete their files."""
    for name in ("ministack.services.lambda_svc", "ministack.core.lambda_runtime"):
        module = sys.modules.get(name)
        if module is not None:
            module.reset()


def main(argv: Iterable[str] | None = None) -> int:
    """Serve until a signal. Returns the exit status: 0, or 1 with a message when it cannot start."""
    options = _arguments(argv)
    try:
        secret = new_secret()
    except ValueError as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1
    if given_secret() is None:
        print(f"The secret of this sandbox is {secret}; set {VARIABLE} to choose it.", file=sys.stderr)
    isolate_environment(os.environ, options.host, options.port, secret)
    os.environ["LOG_LEVEL"] = options.log_level.upper()
    sys.setrecursionlimit(_RECURSION_LIMIT)
    sys.set_int_max_str_digits(0)  # JSON has numbers of any size
    threading.stack_size(_THREAD_STACK_BYTES)  # address space, used only where the nesting needs it

    with tempfile.TemporaryDirectory(prefix="sfn-sandbox-") as scratch:
        tempfile.tempdir = scratch
        _give_functions_directories(Path(scratch))
        from sfn_harness.sandbox.hooks import IncompatibleMiniStack, install

        try:
            install(without=options.without_hook)
            gc.freeze()
            gc.set_threshold(_COLLECT_AFTER_ALLOCATIONS, 20, 20)
            asyncio.new_event_loop().run_until_complete(_serve(options.host, options.port))
        except (IncompatibleMiniStack, OSError) as error:
            print(f"The sandbox cannot start: {error}", file=sys.stderr)
            return 1
        finally:
            _end_children()
    return 0


def _exit(status: int) -> None:
    """Leave at once: an execution that still waits in a thread must not hold the process up."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _exit(main())
