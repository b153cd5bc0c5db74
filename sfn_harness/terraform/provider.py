"""Keeps a provider running between Terraform commands.

Most of the time of a plan goes into starting the AWS provider and checking its 600 MB. A provider that is started with
`-debug` stays, and Terraform attaches to it: a plan takes half as long. Such a provider reads its own environment, and
not Terraform's; and it finds files, such as the zip of a Lambda function, from its own directory.
"""

import json
import os
import re
import threading
import time
from collections.abc import Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from sfn_harness.processes import Guarded

VARIABLE = "TF_REATTACH_PROVIDERS"
DEADLINE = 20.0  # seconds for a provider to get ready; it takes about one
KEPT = 2  # shared providers, of half a gigabyte of memory each

# What says which account and region of a sandbox it is: variable => the same setting in a profile.
_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_DEFAULT_REGION": "region",
    "AWS_REGION": "region",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
}


class RunningProvider(AbstractContextManager["RunningProvider"]):
    """The AWS provider that `terraform init` put under `workspace`, running until the context ends.

    `variables` is what Terraform's environment needs to attach to it: {} where it could not be started, which costs
    time and nothing else.
    """

    def __init__(self, workspace: Path, environment: Mapping[str, str]) -> None:
        self.variables: dict[str, str] = {}
        self._process: Guarded | None = None
        self._directory = TemporaryDirectory(prefix="sfn-harness-provider-")
        program = find_program(workspace, environment)
        if program is None:
            return
        log = Path(self._directory.name, "log")
        # Its socket goes where the rest of it is: the directory is removed with it.
        self._process = Guarded(
            [str(program), "-debug"],
            environment={**environment, "TMPDIR": self._directory.name},
            log=log,
            directory=workspace,
        )
        announced = self._wait(log)
        if announced:
            # The provider announces itself under the registry it was published in, Terraform looks for the registry it
            # installed it from.
            address = "/".join(program.parts[-6:-3])
            self.variables = {VARIABLE: json.dumps({address: announced})}

    @property
    def is_running(self) -> bool:
        """Whether Terraform can attach to it."""
        return bool(self.variables) and self._process.poll() is None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.stop()
        self._directory.cleanup()

    def _wait(self, log: Path) -> dict | None:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            text = log.read_text(encoding="utf-8", errors="replace")
            match = re.search(rf"{VARIABLE}='(\{{.*\}})'", text)
            if match:
                return next(iter(json.loads(match[1]).values()))
            if self._process.poll() is not None:
                return None
            time.sleep(0.02)
        return None


class SharedProvider(AbstractContextManager["SharedProvider"]):
    """One AWS provider for the Terraform commands of many copies of one directory and many accounts of one sandbox.

    The provider reads which account and region it works in from a file, whenever Terraform configures it: once per
    command. It is started by the first command, in that one's copy, and serves one command at a time.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._directory = Path(self._stack.enter_context(TemporaryDirectory(prefix="sfn-harness-account-")))
        self._lock = threading.Lock()
        self._provider: RunningProvider | None = None
        self._serves: object = None
        self._closed = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the provider; later commands start their own."""
        with self._lock:
            self._closed = True
            self._stack.close()

    @contextmanager
    def serving(self, workspace: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Give the environment for one command in `workspace`, an initialised directory, in place of `environment`.

        Where this provider can't serve it, because another command is being served or another version or sandbox is
        needed, that is the same environment, and Terraform starts a provider as usual.
        """
        if not self._lock.acquire(blocking=False):
            yield dict(environment)
            return
        try:
            yield {**environment, **self._attached(workspace, environment)}
        finally:
            self._lock.release()

    def _attached(self, workspace: Path, environment: Mapping[str, str]) -> dict[str, str]:
        program = find_program(workspace, environment)
        if program is None or self._closed:
            return {}
        fixed, account = _split(environment)
        serves = (program.resolve(), {name: value for name, value in fixed.items() if name.startswith("AWS_")})
        if self._provider is None:
            self._serves = serves
            self._write(account)
            if account:
                fixed |= {"AWS_CONFIG_FILE": str(self._file), "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
            self._provider = self._stack.enter_context(RunningProvider(workspace, fixed))
        if serves != self._serves or not self._provider.is_running:
            return {}
        self._write(account)
        return self._provider.variables

    @property
    def _file(self) -> Path:
        return self._directory / "config"

    def _write(self, account: Mapping[str, str]) -> None:
        settings = "".join(f"{name} = {value}\n" for name, value in account.items())
        self._file.write_text(f"[default]\n{settings}", encoding="utf-8")


class SharedProviders(AbstractContextManager["SharedProviders"]):
    """A `SharedProvider` for each configuration, of which the ones asked for last are kept running."""

    def __init__(self) -> None:
        self._providers: dict[Hashable, SharedProvider] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for provider in self._providers.values():
            provider.close()
        self._providers.clear()

    def of(self, configuration: Hashable) -> SharedProvider:
        """Return the provider for all directories that have the same files, which `configuration` stands for."""
        provider = self._providers.pop(configuration, None) or SharedProvider()
        self._providers[configuration] = provider
        while len(self._providers) > KEPT:
            self._providers.pop(next(iter(self._providers))).close()
        return provider


def find_program(workspace: Path, environment: Mapping[str, str]) -> Path | None:
    """Return the AWS provider that `terraform init` put under `workspace`; None where it put none."""
    data = Path(environment.get("TF_DATA_DIR") or workspace / ".terraform")
    return next(iter(sorted(data.glob("providers/*/hashicorp/aws/*/*/terraform-provider-aws*"))), None)


def _split(environment: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    # The variables that are the same for all accounts, and the profile. AWS itself is one account, with credentials
    # that may come from anywhere.
    if "AWS_ENDPOINT_URL" not in environment:
        return dict(environment), {}
    fixed = {name: value for name, value in environment.items() if name not in _ACCOUNT}
    return fixed, {setting: environment[name] for name, setting in _ACCOUNT.items() if name in environment}
