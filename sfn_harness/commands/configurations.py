"""The commands apply and destroy: a configuration in a sandbox, for a person who watches."""

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_terraform

from sfn_harness.commands.errors import CommandError, UsageError
from sfn_harness.commands.sandboxes import prepare_home, require, say
from sfn_harness.sandbox.account import Account
from sfn_harness.sandbox.kinds import AwsSandbox, check_reachable
from sfn_harness.sandbox.local import SandboxError
from sfn_harness.sandbox.secret import DEFAULT_SECRET, given_secret
from sfn_harness.terraform.binary import find_terraform
from sfn_harness.terraform.diagnostics import TerraformError, unwrap
from sfn_harness.terraform.environment import provider_source
from sfn_harness.terraform.workspace import declared_variables, find_tree, initialise, keep_state_in

# An emulator that somebody else started may hold anything; everything of ours is in one account there.
ENDPOINT_ACCOUNT = "000000000001"


@dataclass
class WatchedTerraform:
    """Terraform in a copy of `directory`, which is kept under `base` together with the state.

    Args:
        directory: a root configuration.
        base: the copy, the state and Terraform's data go in here; what is here from before is used again.
        plugins: where providers that have to be downloaded are kept.
        environment: Terraform's.
        quiet: show Terraform's output only when it fails.

    """

    directory: Path
    base: Path
    plugins: Path
    environment: dict[str, str]
    quiet: bool = False

    def __post_init__(self) -> None:
        self._tree = find_tree(self.directory)
        self._copy = self.base / "tree"
        self.working_directory = self._copy / self._tree.inner
        self.state = self.base.absolute() / "terraform.tfstate"
        self.environment = {**self.environment, "TF_DATA_DIR": str(self.base.absolute() / "data")}

    def prepare(self) -> None:
        """Copy the configuration as it is now, and initialise it unless that was done for the same before.

        Raises:
            TerraformError: `terraform init` failed.

        """
        digest = self._tree.digest(".tf")
        lock = self.base / "lock.hcl"
        done = self.base / "initialised"
        shutil.rmtree(self._copy, ignore_errors=True)
        self._tree.copy(self._copy)
        keep_state_in(self.working_directory, self.state)
        # Providers are links to where they were found, which may have gone since.
        there = all(each.exists() for each in (self.base / "data").glob("providers/*/*/*/*/*"))
        if there and done.exists() and done.read_text(encoding="utf-8") == digest and lock.exists():
            shutil.copy(lock, self.working_directory / ".terraform.lock.hcl")
            return
        initialise(self.working_directory, self.environment, self.plugins)
        with contextlib.suppress(FileNotFoundError):  # a configuration without providers has none
            shutil.copy(self.working_directory / ".terraform.lock.hcl", lock)
        done.write_text(digest, encoding="utf-8")

    def apply(self, variables: list[str], extra: Mapping[str, str] | None = None) -> None:
        """Apply with these variables, each "name=value" as for Terraform's -var; `extra` goes into the environment.

        Raises:
            CommandError: Terraform failed; it has said why.

        """
        self._run("apply", extra, skip_plan=True, var=variables or None)

    def destroy(self, variables: list[str], extra: Mapping[str, str] | None = None, *, refresh: bool = True) -> None:
        """Destroy everything in the state.

        Raises:
            CommandError: Terraform failed; it has said why.

        """
        # "force" is python-terraform's default, and an option that Terraform no longer has.
        self._run(
            "destroy",
            extra,
            force=python_terraform.IsNotFlagged,
            auto_approve=python_terraform.IsFlagged,
            var=variables or None,
            refresh=refresh,
        )

    def outputs(self) -> dict[str, Any]:
        """Return the outputs: name => plain value, or ``<sensitive>`` for one that is, because they are printed."""
        raw = self._terraform(None).output(no_color=python_terraform.IsFlagged)
        if raw is None:
            raise CommandError("terraform output failed")
        return {name: "<sensitive>" if each.get("sensitive") else each["value"] for name, each in raw.items()}

    def _run(self, command: str, extra: Mapping[str, str] | None, **options: Any) -> None:
        colours = python_terraform.IsNotFlagged if sys.stderr.isatty() else python_terraform.IsFlagged
        terraform = self._terraform(extra)
        if self.quiet:
            code, out, error = getattr(terraform, command)(**options)
            if code:
                raise CommandError(f"terraform {command} failed\n{unwrap(error or out)}")
            return
        # Standard output is for results, which Terraform's progress is not.
        with contextlib.redirect_stdout(sys.stderr):
            code, _, _ = getattr(terraform, command)(capture_output=False, no_color=colours, **options)
        if code:
            raise CommandError(f"terraform {command} failed")

    def _terraform(self, extra: Mapping[str, str] | None) -> "_Terraform":
        return _Terraform(str(self.working_directory), {**self.environment, **(extra or {})})


class _Terraform(python_terraform.Terraform):
    """python-terraform with an environment of its own; it knows this process's or none."""

    def __init__(self, directory: str, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        super().__init__(working_dir=directory, terraform_bin_path=find_terraform())

    def cmd(self, cmd: str, *args: Any, **kwargs: Any) -> tuple[int, str | None, str | None]:
        with _replaced_environment(self._environment):
            return super().cmd(cmd, *args, **kwargs)


def apply(home: Path, directory: Path, variables: list[str], spec: str | None) -> None:
    """Apply `directory` to the running sandbox, or to `spec`, and print the outputs.

    Raises:
        CommandError: there is no sandbox, or Terraform failed.

    """
    with _opened(home, directory, variables, spec) as (terraform, account):
        record = terraform.base / "record.json"
        text = json.dumps({"directory": str(directory.resolve()), "variables": variables, "endpoint": account.endpoint})
        # A destroy needs variables that are valid. Those of an apply that fails may not be; but where it is the first,
        # there are no others, and something may be there to destroy.
        if not record.exists():
            record.write_text(text, encoding="utf-8")
        terraform.apply(variables)
        record.write_text(text, encoding="utf-8")
        print_outputs(terraform.outputs(), account)


def destroy(home: Path, directory: Path, variables: list[str], spec: str | None) -> None:
    """Destroy what `apply` made of `directory`, with the variables it was applied with and these.

    Raises:
        CommandError: nothing of it is applied there, or Terraform failed.

    """
    with _opened(home, directory, variables, spec, only_applied=True) as (terraform, _):
        record = json.loads((terraform.base / "record.json").read_text(encoding="utf-8"))
        terraform.destroy([*record["variables"], *variables])
    shutil.rmtree(terraform.base)


def print_outputs(outputs: Mapping[str, Any], account: Account) -> None:
    """Print outputs as JSON, and every curl command among them as it is pasted, with this sandbox's addresses."""
    translated = _translated(outputs, account)
    commands = translated.pop("curl_commands", {})
    sys.stdout.write(json.dumps(translated, indent=2, ensure_ascii=False) + "\n")
    for label, command in _leaves(commands):
        sys.stdout.write(f"\n# {label}\n{command}\n")


@contextlib.contextmanager
def _opened(
    home: Path, directory: Path, variables: list[str], spec: str | None, *, only_applied: bool = False
) -> Iterator[tuple[WatchedTerraform, Account]]:
    if not directory.is_dir() or not any(directory.glob("*.tf")):
        raise UsageError(f"{directory} is not a directory with Terraform files")
    for each in variables:
        if "=" not in each:
            raise UsageError(f"-var {each!r}: write -var name=value")
        declared = declared_variables(directory)
        if each.partition("=")[0] not in declared:
            raise UsageError(f"-var {each!r}: {directory} declares no such variable; it declares {sorted(declared)}")
    account = _account(home, spec)
    prepare_home(home)
    place = f"{directory.resolve()}\0{account.endpoint}\0{account.id}\0{account.region}"
    base = home / "applied" / f"{directory.resolve().name}-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
    if only_applied and not (base / "record.json").exists():
        raise CommandError(f"nothing of {directory} is applied there")
    base.mkdir(parents=True, exist_ok=True)
    try:
        with provider_source() as cli_configuration:
            terraform = WatchedTerraform(directory, base, home / "plugins", account.environment(cli_configuration))
            say(f"preparing {directory}")
            terraform.prepare()
            yield terraform, account
    except TerraformError as error:
        raise CommandError(str(error)) from None


def _account(home: Path, spec: str | None) -> Account:
    try:
        if spec is None:
            return require(home).account
        if spec == "aws":
            return AwsSandbox().new_account()
        check_reachable(spec)
    except SandboxError as error:
        raise CommandError(str(error)) from None
    return Account(ENDPOINT_ACCOUNT, endpoint=spec.rstrip("/"), secret=given_secret() or DEFAULT_SECRET)


def _translated(value: Any, account: Account) -> Any:
    if isinstance(value, str):
        return account.text(value)
    if isinstance(value, Mapping):
        return {key: _translated(each, account) for key, each in value.items()}
    if isinstance(value, list):
        return [_translated(each, account) for each in value]
    return value


def _leaves(value: Any, label: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{label} {key}".strip())
    else:
        yield label, str(value)


@contextlib.contextmanager
def _replaced_environment(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environment)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
