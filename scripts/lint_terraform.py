"""Checks every Terraform configuration of the repository: formatting, and `terraform validate` of each by itself."""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import hcl2

from sfn_harness.sandbox.account import Account
from sfn_harness.terraform.binary import TerraformNotFoundError, find_terraform
from sfn_harness.terraform.diagnostics import TerraformError
from sfn_harness.terraform.environment import provider_source
from sfn_harness.terraform.provider import RunningProvider
from sfn_harness.terraform.runner import Terraform
from sfn_harness.terraform.workspace import find_tree, initialise

ROOT = Path(__file__).resolve().parent.parent
# The longest line of a Terraform file.
LINE = 120


def main() -> int:
    """Return 0 if all is well, 1 if something is wrong, 2 if Terraform is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true", help="format the files instead of checking that they are")
    fix = parser.parse_args().fix
    try:
        binary = find_terraform()
    except TerraformNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # No account is used: a provider that is only asked for its schemas is not configured.
    account = Account("000000000000", endpoint="http://127.0.0.1:9")
    with provider_source() as cli_configuration:
        environment = account.environment(cli_configuration)
        command = [binary, "fmt", "-recursive", *([] if fix else ["-check", "-diff"])]
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            sys.stderr.write("Terraform files are not formatted: make format\n")
            return 1
        if fix:
            return 0
        for message in (wrong := [*long_lines(), *drifted_stages()]):
            sys.stderr.write(f"{message}\n")
        return validate(configurations(), environment) or int(bool(wrong))


def configurations() -> list[Path]:
    """Return the root module, every module and every example."""
    found = {file.parent for kind in ("modules", "examples") for file in ROOT.glob(f"{kind}/*/*.tf")}
    return [ROOT, *sorted(found)]


def long_lines() -> list[str]:
    """Return a message for each line of a Terraform file that is too long to read."""
    return [
        f"{file.relative_to(ROOT)}:{number}: {len(line)} characters, and {LINE} is the limit"
        for kind in ("*.tf", "modules/*/*.tf", "examples/*/*.tf", "benchmarks/**/*.tf", "tests/**/*.tf")
        for file in sorted(ROOT.glob(kind))
        if ".terraform" not in file.parts
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LINE
    ]


def drifted_stages() -> list[str]:
    """Return a message if the root module takes other attributes of a stage than the module that serves it."""
    # A stage's own state machine becomes one of its variables before a module that serves it has it.
    given = declared_type("settings", "stages").replace("state_machine_arn = optional(string), ", "")
    if given == declared_type("deployment", "stages"):
        return []
    return [
        "modules/settings declares stages otherwise than modules/deployment: an attribute would be lost without a word"
    ]


def declared_type(module: str, name: str) -> str:
    """Return the type of a variable of a module, on one line."""
    with (ROOT / "modules" / module / "variables.tf").open(encoding="utf-8") as text:
        [body] = [
            body for block in hcl2.load(text)["variable"] for key, body in block.items() if key.strip('"') == name
        ]
    return re.sub(r"\s+", " ", str(body["type"]))


def validate(directories: list[Path], environment: dict[str, str]) -> int:
    """Validate each directory in a copy of the tree; return 1 if one is not valid, else 0."""
    with TemporaryDirectory(prefix="sfn-harness-lint-") as base:
        copy = Path(base, "tree")
        find_tree(ROOT, ROOT).copy(copy)
        copies = [copy / directory.relative_to(ROOT) for directory in directories]
        initialise(copies[0], environment, ROOT / ".sfn-harness" / "plugins")
        # Attached to a provider that runs already, neither init nor validate needs one of its own.
        with RunningProvider(copies[0], environment) as provider, ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda each: _errors(each, environment | provider.variables), copies))
    failed = [(directory, errors) for directory, errors in zip(directories, results, strict=True) if errors]
    for directory, errors in failed:
        sys.stderr.write(f"{directory.relative_to(ROOT)}: {errors}\n")
    sys.stdout.write(f"{len(directories) - len(failed)} of {len(directories)} configurations are valid\n")
    return 1 if failed else 0


def _errors(directory: Path, environment: dict[str, str]) -> str:
    try:
        initialise(directory, environment, ROOT / ".sfn-harness" / "plugins")
        Terraform(directory, environment).execute_command("validate", "-no-color")
    except TerraformError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
