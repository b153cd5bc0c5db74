"""Runs Terraform in one directory, for programs: failures are exceptions, plans are data."""

import json
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tftest

from sfn_harness.processes import interruptible
from sfn_harness.terraform.binary import find_terraform
from sfn_harness.terraform.diagnostics import Diagnostic, TerraformError, parse_output, parse_text
from sfn_harness.terraform.provider import SharedProvider

TIMEOUT = 900.0  # seconds; the AWS provider retries some failures for much longer than anybody wants to wait


class Plan(tftest.TerraformPlanOutput):
    """A plan: tftest's, with what assertions mostly need.

    ``plan.resource_changes[address]["change"]`` has the raw change of a resource in any module; ``plan.outputs`` has
    the planned outputs that are known.
    """

    def __init__(self, raw: dict[str, Any], warnings: Sequence[Diagnostic] = ()) -> None:
        super().__init__(raw)
        self.warnings = list(warnings)

    @property
    def changes(self) -> dict[str, list[str]]:
        """What is to be done, reads left out: address => "create", "update", "delete"; a replacement has two."""
        return {
            address: each["change"]["actions"]
            for address, each in self.resource_changes.items()
            if each["change"]["actions"] not in (["no-op"], ["read"])
        }

    @property
    def output_changes(self) -> dict[str, list[str]]:
        """The outputs that change: name => actions."""
        changes = self._raw.get("output_changes") or {}
        return {name: each["actions"] for name, each in changes.items() if each["actions"] != ["no-op"]}

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing, outputs included."""
        return not self.changes and not self.output_changes

    def after(self, address: str) -> dict[str, Any]:
        """Return the planned attributes of a resource; the ones known only after the apply are missing.

        Raises:
            KeyError: the plan has no such resource; the message lists those it has.

        """
        try:
            return self.resource_changes[address]["change"]["after"] or {}
        except KeyError:
            known = "\n  ".join(sorted(self.resource_changes)) or "(none)"
            raise KeyError(f"the plan has no {address}; it has\n  {known}") from None

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the planned attributes of every managed resource of a type, in any module: address => attributes."""
        return {
            address: each["change"]["after"] or {}
            for address, each in self.resource_changes.items()
            if each["type"] == kind and each["mode"] == "managed"
        }


class Terraform(tftest.TerraformTest):
    """Terraform in `directory` with exactly `environment`.

    All of tftest's commands are there. A command that fails raises `TerraformError`, and one that takes more than
    `timeout` seconds `TimeoutError`. Commands attach to `provider`, if there is one.
    """

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        *,
        binary: str | None = None,
        timeout: float = TIMEOUT,
        provider: SharedProvider | None = None,
    ) -> None:
        super().__init__(str(directory), binary=binary or find_terraform(), cache_dir=str(directory))
        self.env = dict(environment)
        self.timeout = timeout
        self._provider = provider

    def execute_command(self, cmd: str, *cmd_args: str) -> tftest.TerraformCommandOutput:
        """Run a command; return (retcode, out, err). A plan's exit code 2, "there are changes", is no failure."""
        # An init that sees a running provider installs none.
        if self._provider is None or cmd == "init":
            return self._run(self.env, cmd, *cmd_args)
        with self._provider.serving(Path(self.tfdir), self.env) as environment:
            return self._run(environment, cmd, *cmd_args)

    def _run(self, environment: Mapping[str, str], cmd: str, *cmd_args: str) -> tftest.TerraformCommandOutput:
        process = subprocess.Popen(
            interruptible([self.binary, cmd, *map(str, cmd_args)]),
            cwd=self.tfdir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        try:
            out, err = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired as error:
            out, err = _interrupt(process)
            raise TimeoutError(f"terraform {cmd} took more than {self.timeout:.0f} s\n{out[-4000:]}{err}") from error
        except BaseException:
            # Ctrl-C reaches Terraform as well, which then saves its state: leaving it alone would lose resources.
            _interrupt(process)
            raise
        if process.returncode not in (0, 2):
            diagnostics, rest = parse_output(out)
            raise TerraformError(cmd, diagnostics + parse_text(f"{rest}\n{err}"), f"{out}\n{err}")
        return tftest.TerraformCommandOutput(process.returncode, out, err)

    def planned(
        self,
        variables: Mapping[str, Any] | None = None,
        *,
        refresh: bool = True,
        targets: Iterable[str] = (),
        options: Iterable[str] = (),
    ) -> Plan:
        """Return the plan for these variables, which may be any JSON values.

        Raises:
            TerraformError: there is no plan; its text has the reasons.

        """
        # A plan file holds every value in clear text; tftest would leave it in the common temporary directory.
        with TemporaryDirectory(prefix="sfn-harness-plan-") as directory:
            file = Path(directory, "plan")
            arguments = tftest.parse_args(
                input=False, color=False, refresh=refresh, json_format=True, targets=list(targets)
            )
            arguments += [*variable_arguments(Path(directory), variables), *options]
            warnings, _ = parse_output(self.execute_command("plan", *arguments, f"-out={file}").out)
            shown = self.execute_command("show", "-no-color", "-json", str(file))
        return Plan(json.loads(shown.out), warnings)

    def applied(
        self, variables: Mapping[str, Any] | None = None, *, destroy: bool = False, refresh: bool = True
    ) -> dict[str, Any] | None:
        """Apply, or destroy everything; return the outputs, or None where some of them are sensitive.

        Raises:
            TerraformError: it did not get to the end.

        """
        with TemporaryDirectory(prefix="sfn-harness-apply-") as directory:
            arguments = tftest.parse_args(
                auto_approve=True, input=False, color=False, refresh=refresh, json_format=True
            )
            arguments += variable_arguments(Path(directory), variables)
            if destroy:
                arguments.append("-destroy")
            return _announced_outputs(self.execute_command("apply", *arguments).out)

    def output_values(self) -> dict[str, Any]:
        """Return the outputs of what is applied: name => plain value, sensitive ones included."""
        raw = json.loads(self.execute_command("output", "-no-color", "-json").out)
        return {name: each["value"] for name, each in raw.items()}

    def addresses(self) -> list[str]:
        """Return the addresses of the resources in the state, data sources left out."""
        if not Path(self.tfdir, "terraform.tfstate").exists():
            return []
        listed = self.execute_command("state", "list").out.split("\n")
        return [line for line in listed if line and not any(part == "data" for part in line.split("."))]


def _announced_outputs(out: str) -> dict[str, Any] | None:
    # At the end of an apply: reading them here saves a command of half a second. Sensitive values are left out of it.
    for line in reversed(out.splitlines()):
        if '"type":"outputs"' in line:
            outputs = json.loads(line)["outputs"]
            if all("value" in each for each in outputs.values()):
                return {name: each["value"] for name, each in outputs.items()}
            return None
    return None


def variable_arguments(directory: Path, variables: Mapping[str, Any] | None) -> list[str]:
    """Write `variables` to a file in `directory` and return the arguments that make Terraform read it.

    As JSON every value keeps its type: on the command line True would become "True", and None the word "None".
    """
    if not variables:
        return []
    file = directory / "variables.tfvars.json"
    file.write_text(json.dumps(dict(variables), default=os.fspath), encoding="utf-8")
    return [f"-var-file={file}"]


def _interrupt(process: subprocess.Popen[str]) -> tuple[str, str]:
    # The first interrupt asks Terraform to finish what is under way and write the state.
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()
