"""The commands up, down and env: a sandbox that people work with."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sfn_harness.commands.errors import CommandError
from sfn_harness.processes import end_group
from sfn_harness.sandbox.account import Account
from sfn_harness.sandbox.local import LocalSandbox, SandboxError, is_healthy
from sfn_harness.sandbox.secret import DEFAULT_SECRET
from sfn_harness.terraform.environment import with_direct_loopback
from sfn_harness.terraform.mirror import find_mirror

# Whatever else of AWS is in a shell's environment, these would divert a tool from the sandbox.
DIVERTING = ("AWS_CA_BUNDLE", "AWS_DEFAULT_PROFILE", "AWS_PROFILE", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Running:
    """A sandbox that was started in a directory; `pid` is 0 for one in the foreground, which ends with its terminal."""

    endpoint: str
    account_id: str
    region: str
    pid: int
    log: str
    started: float
    secret: str = DEFAULT_SECRET  # of a sandbox that an older version started

    @property
    def account(self) -> Account:
        """The account that commands and exported variables use."""
        return Account(self.account_id, self.region, self.endpoint, self.secret)


def up(home: Path, port: int | None, detach: bool) -> None:
    """Start a sandbox and record it in `home`; stay until it is interrupted, unless `detach`.

    Raises:
        CommandError: one runs already, or it does not start.

    """
    present = running(home)
    if present:
        raise CommandError(f"a sandbox is running already at {present.endpoint}; end it with: sfn-harness down")
    prepare_home(home)
    log = home / "sandbox.log"
    sandbox = LocalSandbox(port, log=log, directory=home / "tmp", keep=detach, progress=say)
    try:
        with sandbox:
            account = sandbox.new_account()
            record = Running(
                endpoint=account.endpoint,
                account_id=account.id,
                region=account.region,
                pid=sandbox.pid if detach else 0,
                log=str(log),
                started=time.time(),
                secret=account.secret,
            )
            _write(home, record)
            say(f"log: {log}")
            say('point AWS tools of a shell at it: eval "$(sfn-harness env)"')
            sys.stdout.write(f"{account.endpoint}\n")
            sys.stdout.flush()
            if not detach:
                say("Ctrl-C ends it")
                _stay(sandbox, home)
    except SandboxError as error:
        raise CommandError(str(error)) from None


def down(home: Path, quiet: bool) -> None:
    """End the sandbox recorded in `home` and forget what was applied to it.

    Raises:
        CommandError: none is recorded, or it runs in the foreground of another terminal.

    """
    record = read_record(home)
    if record is None:
        if quiet:
            return
        raise CommandError("no sandbox was started here: sfn-harness up --detach")
    if record.pid:
        # A process id may have been given to another process since; that one is not ours to end.
        if _is_ours(record):
            end_group(record.pid, signal.SIGTERM)
            deadline = time.monotonic() + 5
            while _is_ours(record) and time.monotonic() < deadline:
                time.sleep(0.05)
            end_group(record.pid, signal.SIGKILL)
    elif is_healthy(record.endpoint):
        raise CommandError(f"the sandbox at {record.endpoint} runs in the foreground of a terminal: press Ctrl-C there")
    forget(home)
    shutil.rmtree(home / "tmp", ignore_errors=True)
    # What was applied went with the sandbox: its states would only mislead.
    for applied in (home / "applied").glob("*/record.json"):
        if json.loads(applied.read_text(encoding="utf-8"))["endpoint"] == record.endpoint:
            shutil.rmtree(applied.parent)
    if not quiet:
        say(f"ended the sandbox at {record.endpoint}")


def env(home: Path, environ: Mapping[str, str] | None = None) -> None:
    """Print the shell commands that point AWS tools and Terraform at the running sandbox.

    Raises:
        CommandError: none is running.

    """
    environ = os.environ if environ is None else environ
    record = require(home)
    exported = record.account.variables()
    exported["NO_PROXY"] = exported["no_proxy"] = with_direct_loopback(environ)["NO_PROXY"]
    mirror = find_mirror(environ)
    own = environ.get("TF_CLI_CONFIG_FILE")
    unset = {*DIVERTING, *(name for name in environ if name.startswith("AWS_"))} - exported.keys()
    if mirror:
        file = home / "terraform.tfrc"
        file.write_text(mirror.cli_configuration(), encoding="utf-8")
        exported["TF_CLI_CONFIG_FILE"] = str(file.absolute())
    elif own and not Path(own).is_file():
        unset.add("TF_CLI_CONFIG_FILE")
    lines = [f"unset {name}" for name in sorted(unset)]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in sorted(exported.items())]
    sys.stdout.write("\n".join(lines) + "\n")


def running(home: Path) -> Running | None:
    """Return the sandbox recorded in `home` if it answers."""
    record = read_record(home)
    return record if record and is_healthy(record.endpoint) else None


def require(home: Path) -> Running:
    """Return the sandbox recorded in `home`.

    Raises:
        CommandError: there is none that answers.

    """
    found = running(home)
    if not found:
        raise CommandError("no sandbox is running here; start one with: sfn-harness up --detach")
    return found


def read_record(home: Path) -> Running | None:
    """Return the sandbox recorded in `home`, whether it runs or not."""
    try:
        return Running(**json.loads(_file(home).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError) as error:
        raise CommandError(f"{_file(home)} is damaged ({error}); remove it, and end the sandbox by hand") from None


def forget(home: Path) -> None:
    """Remove the record of the sandbox."""
    _file(home).unlink(missing_ok=True)


def prepare_home(home: Path) -> None:
    """Make the directory for records, which git is to ignore."""
    home.mkdir(parents=True, exist_ok=True)
    ignore = home / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _stay(sandbox: LocalSandbox, home: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        while sandbox.exit_code() is None:
            time.sleep(0.2)
        raise CommandError(f"the sandbox ended by itself with exit code {sandbox.exit_code()}\n{sandbox.log_tail()}")
    except KeyboardInterrupt:
        say("ended")
    finally:
        forget(home)


def _is_ours(record: Running) -> bool:
    # ps is everywhere, /proc is not.
    listed = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(record.pid)], capture_output=True, text=True, check=False
    )
    state, _, command = listed.stdout.strip().partition(" ")
    return "sfn_harness" in command and not state.startswith("Z")


def _write(home: Path, record: Running) -> None:
    # The secret is in it: nobody else may read it, not even for a moment.
    forget(home)
    descriptor = os.open(_file(home), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(record), file)


def _file(home: Path) -> Path:
    return home / "sandbox.json"
