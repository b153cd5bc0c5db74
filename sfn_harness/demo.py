"""The demo: a sandbox, the quickstart applied to it, one POST, its execution, and everything gone again."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sfn_harness.commands.configurations import WatchedTerraform
from sfn_harness.commands.errors import CommandError
from sfn_harness.commands.sandboxes import prepare_home
from sfn_harness.executions import Executions
from sfn_harness.http import HttpClient
from sfn_harness.sandbox.account import Account, random_account
from sfn_harness.sandbox.local import HOST, LocalSandbox, SandboxError, choose_port
from sfn_harness.sandbox.secret import new_secret
from sfn_harness.terraform.diagnostics import TerraformError
from sfn_harness.terraform.environment import provider_source, with_direct_loopback
from sfn_harness.terraform.provider import RunningProvider

EXAMPLE = Path("examples", "quickstart")
# The apostrophe and the quotes are what many an API in front of Step Functions breaks.
ORDER = {"item": 'pizza "Margherita"', "note": "it's for table 7"}


class Steps:
    """Says what happens, on standard output, with the seconds each step took."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def done(self, text: str) -> None:
        """Say that a step is done."""
        now = time.monotonic()
        self.tell(f"{text}  ({now - self._last:.1f} s)")
        self._last = now

    def tell(self, text: str = "") -> None:
        """Say something."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def total(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._started


def run(home: Path) -> None:
    """Run the demo; `home` keeps what makes the next one faster.

    Raises:
        CommandError: something failed.

    """
    steps = Steps()
    directory = find_example()
    prepare_home(home)
    try:
        port = choose_port(None)
        secret = new_secret()
        account = random_account(f"http://{HOST}:{port}", secret)
        with ExitStack() as stack:
            cli_configuration = stack.enter_context(provider_source())
            environment = account.environment(cli_configuration)
            terraform = WatchedTerraform(directory, home / "demo", home / "plugins", environment, quiet=True)
            terraform.state.unlink(missing_ok=True)  # of a demo that was cut short; its sandbox is gone
            sandbox = LocalSandbox(port, secret=secret)
            with ThreadPoolExecutor() as pool:
                prepared = pool.submit(_prepare, stack, terraform)
                stack.enter_context(sandbox)
                extra = prepared.result()
            steps.done(f"1. A sandbox of its own at {account.endpoint}, and terraform init")
            _play(terraform, account, extra, steps)
        steps.tell(f"\nDone in {steps.total():.1f} s; nothing is left running.")
    except (SandboxError, TerraformError) as error:
        raise CommandError(str(error)) from None


def find_example() -> Path:
    """Return the quickstart, of the checkout this package is in or of the one we are in.

    Raises:
        CommandError: neither has one.

    """
    for root in (Path(__file__).resolve().parent.parent, Path.cwd()):
        if (root / EXAMPLE).is_dir():
            return root / EXAMPLE
    raise CommandError(f"there is no {EXAMPLE} here: run the demo in a checkout of the repository")


def _prepare(stack: ExitStack, terraform: WatchedTerraform) -> dict[str, str]:
    terraform.prepare()
    # One provider for the apply and the destroy saves the second start.
    provider = RunningProvider(terraform.working_directory, terraform.environment)
    return stack.enter_context(provider).variables


def _play(terraform: WatchedTerraform, account: Account, extra: dict[str, str], steps: Steps) -> None:
    terraform.apply([], extra)
    try:
        steps.done(f"2. terraform apply of {EXAMPLE}")
        command = order_command(terraform.outputs(), account)
        steps.tell(f"\n$ {shlex.join(command)}")
        answer = call(command)
        steps.tell(answer)
        steps.done("3. The API answered")
        _show_execution(json.loads(answer)["executionArn"], account, steps)
    finally:
        # What is in the state was applied a few seconds ago: there is no need to look.
        terraform.destroy([], extra, refresh=False)
    steps.done("\n5. terraform destroy")


def _show_execution(arn: str, account: Account, steps: Steps) -> None:
    executions = Executions(account)
    execution = executions.wait(arn)
    steps.done(f"4. The execution {execution['status']}")
    steps.tell(f"   input   {execution['input']}")
    for state in executions.states(arn):
        took = f"{(state.exited - state.entered).total_seconds():.3f} s" if state.exited else "did not end"
        steps.tell(f"   state   {state.name} at {state.entered:%H:%M:%S.%f}"[:-3] + f", {took}")
    steps.tell(f"   output  {execution['output']}")


def order_command(outputs: dict[str, Any], account: Account) -> list[str]:
    """Return the words of the curl command that starts an execution, with an order for its body.

    Raises:
        CommandError: the outputs have no command for a POST.

    """
    routes = {route: command for stage in outputs.get("curl_commands", {}).values() for route, command in stage.items()}
    found = next((command for route, command in sorted(routes.items()) if route.startswith("POST ")), None)
    if not found:
        raise CommandError(f"{EXAMPLE} has no output curl_commands with a POST")
    words = shlex.split(account.text(found))
    if "-d" in words:
        words[words.index("-d") + 1] = json.dumps(ORDER)
    return words


def call(command: list[str]) -> str:
    """Run a curl command, or do what it says where there is no curl; return the body of the answer.

    Raises:
        CommandError: there was no answer, or it was not 200.

    """
    curl = shutil.which("curl")
    if curl:
        words = [curl, "--silent", "--show-error", "--fail-with-body", *command[1:]]
        result = subprocess.run(
            words, env=with_direct_loopback(os.environ), capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        if result.returncode:
            raise CommandError(f"curl failed: {result.stderr}{result.stdout}")
        return result.stdout.strip()
    method, url, body, headers = "GET", "", None, []
    words = iter(command[1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(":")
            headers.append((name, value.strip()))
        elif word == "-d":
            body = next(words)
        else:
            url = word
    with HttpClient() as client:
        answer = client.request(method, url, body, headers)
    if answer.status != 200:
        raise CommandError(answer.report())
    return answer.text.strip()
