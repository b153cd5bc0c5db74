"""Applies configurations to a sandbox, and plans them, for tests.

A configuration is applied once per content and variables, in an account of its own, and shared by the tests that ask
for it. Everything Terraform writes goes into temporary copies.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import TracebackType
from typing import Any

from sfn_harness.executions import Executions
from sfn_harness.http import HttpClient
from sfn_harness.sandbox.account import Account
from sfn_harness.sandbox.kinds import Sandbox
from sfn_harness.terraform.environment import provider_source
from sfn_harness.terraform.provider import SharedProviders
from sfn_harness.terraform.runner import Plan, Terraform
from sfn_harness.terraform.workspace import Workspace, Workspaces, declared_variables


class Deployment:
    """An applied configuration.

    Attributes:
        account: the account it is in; ``account.client("lambda")`` and so on.
        http: an `HttpClient`.
        executions: the `Executions` in its account.
        directory: the temporary copy that Terraform runs in.
        terraform: tftest's ``TerraformTest`` on it, for any other command.

    """

    def __init__(self, terraform: Terraform, directory: Path, account: Account, variables: Mapping[str, Any]) -> None:
        self.account = account
        self.directory = directory
        self.terraform = terraform
        self.http = HttpClient()
        self.executions = Executions(account)
        self.shared = False
        self.applied = False
        self._variables = dict(variables)
        self._outputs: dict[str, Any] | None = None

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs: name => plain value, sensitive ones included. Invoke URLs are as on AWS; see `url`."""
        if self._outputs is None:
            self._outputs = self.terraform.output_values()
        return self._outputs

    @property
    def variables(self) -> dict[str, Any]:
        """A copy of the variables it is applied with."""
        return dict(self._variables)

    def url(self, path: str = "/execution", stage: str | None = None, output: str = "invoke_urls") -> str:
        """Return where a path of a stage is served, in this sandbox.

        Args:
            path: the path below the stage, such as "/execution/a%20b?x=1".
            stage: its name; by default "alpha", or the only one there is.
            output: the output that has the invoke URLs: stage => URL, or a URL.

        Raises:
            KeyError: there is no such output or stage; the message says what there is.

        """
        if output not in self.outputs:
            raise KeyError(f"no output {output!r}; there are {sorted(self.outputs)}")
        urls = self.outputs[output]
        if isinstance(urls, str):
            base = urls
        else:
            stage = stage or (next(iter(urls)) if len(urls) == 1 else "alpha")
            if stage not in urls:
                raise KeyError(f"no stage {stage!r} in output {output!r}; there are {sorted(urls)}")
            base = urls[stage]
        base = self.account.url(base).rstrip("/")
        return f"{base}/{path.lstrip('/')}" if path else base

    def plan(self, variables: Mapping[str, Any] | None = None, **others: Any) -> Plan:
        """Return the plan for the variables it is applied with, changed by these; nothing is applied."""
        return self.terraform.planned({**self._variables, **(variables or {}), **others})

    def apply(self, variables: Mapping[str, Any] | None = None, **others: Any) -> "Deployment":
        """Apply again, with variables changed; return this deployment.

        Raises:
            RuntimeError: other tests share it; deploy with ``fresh=True`` instead.
            TerraformError: the apply failed.

        """
        if self.shared:
            raise RuntimeError("other tests may share this deployment: deploy(..., fresh=True) gives one to change")
        self._variables |= {**(variables or {}), **others}
        self._outputs = None
        self.applied = True
        self._outputs = self.terraform.applied(self._variables)
        return self

    def resources(self) -> list[str]:
        """Return the addresses of the resources in the state."""
        return self.terraform.addresses()

    def destroy(self) -> None:
        """Destroy everything in it; does nothing the second time.

        Raises:
            RuntimeError: other tests share it; deploy with ``fresh=True`` instead.
            TerraformError: something is left.

        """
        if self.shared:
            raise RuntimeError("other tests may share this deployment: deploy(..., fresh=True) gives one to destroy")
        self._destroy()

    def describe(self) -> str:
        """Return how a person reaches it: the environment and where its API is."""
        lines = [f"export {name}={value}" for name, value in self.account.variables().items()]
        lines.append(f"# state: {self.directory}")
        urls = self._outputs and self._outputs.get("invoke_urls")
        if isinstance(urls, dict):
            lines += [f"# {stage}: {self.account.url(url)}" for stage, url in urls.items()]
        return "\n".join(lines)

    def _destroy(self) -> None:
        if self.applied:
            self.terraform.applied(self._variables, destroy=True)
            self.applied = False
            self._outputs = None

    def _close(self) -> None:
        self.http.close()


class Deployer:
    """Applies configurations to a sandbox; a context manager that destroys them at its end, unless `keep`.

    Call it: ``deploy("examples/tutorial", name="orders")`` is `deploy`.

    Args:
        sandbox: where to.
        root: the repository; relative directories are relative to it.
        keep: leave what is applied, and its state, where it is.
        plugins: where downloaded providers are kept; by default under `root`.

    """

    def __init__(self, sandbox: Sandbox, root: Path, *, keep: bool = False, plugins: Path | None = None) -> None:
        self.sandbox = sandbox
        self.root = root
        self.keep = keep
        self.deployments: list[Deployment] = []
        self._shared: dict[str, Deployment] = {}
        self._stack = ExitStack()
        base = mkdtemp(prefix="sfn-harness-") if keep else self._stack.enter_context(_temporary())
        self._workspaces = Workspaces(Path(base), root, plugins or root / ".sfn-harness" / "plugins")
        self._cli_configuration = self._stack.enter_context(provider_source())
        self._providers = self._stack.enter_context(SharedProviders())

    def __enter__(self) -> "Deployer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, directory: str | os.PathLike[str], *args: Any, **kwargs: Any) -> Deployment:
        """See `deploy`."""
        return self.deploy(directory, *args, **kwargs)

    def deploy(
        self,
        directory: str | os.PathLike[str],
        variables: Mapping[str, Any] | None = None,
        *,
        fresh: bool = False,
        region: str | None = None,
        **others: Any,
    ) -> Deployment:
        """Return `directory`, applied with these variables.

        Args:
            directory: a root configuration.
            variables: any JSON values; as a mapping, or as keyword arguments.
            fresh: whether to apply it anew, for a test that changes or destroys it.
            region: such as "eu-west-1"; by default the sandbox's.
            others: more variables.

        Raises:
            FileNotFoundError: no Terraform files are there.
            TypeError: the configuration declares no such variable.
            TerraformError: the init or the apply failed; what had been applied by then is destroyed at the end.

        """
        path = self.root / directory
        variables = checked_variables(path, {**(variables or {}), **others})
        key = _digest(str(path.resolve()), self._workspaces.digest(path), variables, region)
        if not fresh and key in self._shared:
            return self._shared[key]
        account = self.sandbox.new_account(region)
        environment = account.environment(self._cli_configuration)
        workspace = self._workspaces.open(path, environment)
        if self.sandbox.shared:
            variables = _with_unique_name(path, variables)
        provider = self._providers.of((path.resolve(), workspace.digest))
        terraform = Terraform(workspace.directory, environment, provider=provider)
        deployment = Deployment(terraform, workspace.directory, account, variables)
        self.deployments.append(deployment)
        deployment.apply()
        if not fresh:
            deployment.shared = True
            self._shared[key] = deployment
        return deployment

    def close(self) -> None:
        """Destroy what is applied, unless the sandbox goes away with it or `keep`; remove the temporary copies.

        Raises:
            ExceptionGroup: of `TerraformError`, where something could not be destroyed; its state is kept then.

        """
        errors: list[Exception] = []
        for deployment in reversed(self.deployments):
            deployment._close()
            # A sandbox that ends now takes everything with it, and three seconds per deployment are saved.
            if not self.keep and not self.sandbox.ephemeral:
                try:
                    deployment._destroy()
                except Exception as error:
                    error.add_note(f"state kept in {_rescue(deployment.directory)}")
                    errors.append(error)
        self.deployments.clear()
        self._shared.clear()
        self._stack.close()
        if errors:
            raise ExceptionGroup("not everything could be destroyed", errors)


class Planner:
    """Plans configurations without applying anything; a context manager.

    Call it: ``plan("modules/rest_api", name="orders")`` is `plan`. It keeps the AWS provider running between plans,
    which halves their time.

    Args:
        new_account: gives the account, of a sandbox or AWS, to plan in: region => `Account`.
        root: the repository; relative directories are relative to it.
        plugins: where downloaded providers are kept; by default under `root`.

    """

    def __init__(self, new_account: Callable[[str | None], Account], root: Path, plugins: Path | None = None) -> None:
        self.root = root
        self._new_account = new_account
        self._stack = ExitStack()
        base = self._stack.enter_context(_temporary())
        self._workspaces = Workspaces(Path(base), root, plugins or root / ".sfn-harness" / "plugins")
        self._cli_configuration = self._stack.enter_context(provider_source())
        self._providers = self._stack.enter_context(SharedProviders())
        self._opened: dict[tuple[str, str], Workspace] = {}
        self._environments: dict[str | None, dict[str, str]] = {}

    def __enter__(self) -> "Planner":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, directory: str | os.PathLike[str], *args: Any, **kwargs: Any) -> Plan:
        """See `plan`."""
        return self.plan(directory, *args, **kwargs)

    def plan(
        self,
        directory: str | os.PathLike[str],
        variables: Mapping[str, Any] | None = None,
        *,
        region: str | None = None,
        **others: Any,
    ) -> Plan:
        """Return the plan for `directory`, as if nothing was there, with these variables.

        Args:
            directory: a configuration, or a module used as one.
            variables: any JSON values; as a mapping, or as keyword arguments.
            region: such as "cn-north-1", which is in another partition; by default the sandbox's.
            others: more variables.

        Raises:
            FileNotFoundError: no Terraform files are there.
            TypeError: the configuration declares no such variable.
            TerraformError: there is no plan; its text has the messages, whole.

        """
        path = self.root / directory
        variables = checked_variables(path, {**(variables or {}), **others})
        key = (str(path.resolve()), self._workspaces.digest(path))
        if key not in self._opened:
            # The account plays no part in an init.
            self._opened[key] = self._workspaces.open(path, self._environment(None))
        directory = self._opened[key].directory
        # Nothing is applied in this workspace, so there is nothing to refresh.
        terraform = Terraform(directory, self._environment(region), provider=self._providers.of(key))
        return terraform.planned(variables, refresh=False)

    def check_inputs(
        self, directory: str | os.PathLike[str], variables: Mapping[str, Any] | None = None, **others: Any
    ) -> None:
        """Check variables against the types and validation blocks in ``variables.tf``, 50 times faster than a plan.

        Preconditions, and whatever else takes more than that file, are not checked.

        Raises:
            TypeError: the configuration declares no such variable.
            TerraformError: they are not valid; its text has the messages, whole.

        """
        path = self.root / directory
        variables = checked_variables(path, {**(variables or {}), **others})
        with TemporaryDirectory(prefix="sfn-harness-inputs-") as copy:
            # Without resources there is no provider to start.
            shutil.copy2(path / "variables.tf", copy)
            Terraform(Path(copy), self._environment(None)).planned(variables)

    def close(self) -> None:
        """End the provider and remove the temporary copies."""
        self._stack.close()

    def _environment(self, region: str | None) -> dict[str, str]:
        if region not in self._environments:
            self._environments[region] = self._new_account(region).environment(self._cli_configuration)
        return self._environments[region]


def checked_variables(directory: Path, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return `variables` as a dictionary.

    Raises:
        TypeError: the configuration in `directory` does not declare one of them, which Terraform would only warn of.

    """
    declared = declared_variables(directory)
    unknown = sorted(set(variables) - declared)
    if unknown:
        raise TypeError(f"{directory} declares no variable {', '.join(unknown)}; it declares {sorted(declared)}")
    return dict(variables)


def _with_unique_name(directory: Path, variables: Mapping[str, Any]) -> dict[str, Any]:
    # In an account that others use too, two runs of the same test must not meet.
    if "name" not in declared_variables(directory):
        return dict(variables)
    suffix = secrets.token_hex(3)
    return {**variables, "name": f"{variables.get('name') or 'harness'}-{suffix}"}


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=os.fspath).encode()).hexdigest()


def _temporary() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="sfn-harness-", ignore_cleanup_errors=True)


def _rescue(directory: Path) -> str:
    rescued = mkdtemp(prefix="sfn-harness-not-destroyed-")
    shutil.copytree(directory, rescued, symlinks=True, dirs_exist_ok=True)
    return rescued
