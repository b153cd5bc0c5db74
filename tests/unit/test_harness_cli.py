"""The command line, as a person runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from harness_scratch import write_scratch

from sfn_harness.demo import call, order_command
from sfn_harness.sandbox.account import Account
from sfn_harness.sandbox.local import free_port, is_healthy

pytestmark = pytest.mark.slow


def _run(directory: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sfn_harness", *arguments],
        cwd=directory,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "COMMAND"),
        (("nope",), "invalid choice: 'nope'"),
        (("up", "--port", "x"), "'x' is no port"),
        (("up", "--port", "65536"), "'65536' is no port"),
        (("apply",), "DIR"),
        (("apply", "nowhere"), "nowhere is not a directory with Terraform files"),
        (("apply", "scratch", "-var", "name"), "write -var name=value"),
        (("apply", "scratch", "-var", "nam=x"), "declares no such variable; it declares ['enabled', 'name', 'tags']"),
        (("apply", "scratch", "--sandbox", "nope"), "write local, aws, or a URL"),
        (("apply", "scratch", "--sandbox", "local"), "leave it out"),
    ],
)
def test_wrong_use_is_told_in_one_line(tmp_path, arguments, message):
    write_scratch(tmp_path / "scratch")
    result = _run(tmp_path, *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert message in line


def test_a_secret_that_cannot_be_one_is_told_in_one_line(tmp_path):
    result = _run(tmp_path, "up", SFN_HARNESS_SECRET="can't be")
    assert result.returncode == 2
    [line] = result.stderr.splitlines()
    assert "SFN_HARNESS_SECRET has to be made of letters, digits" in line


@pytest.mark.parametrize("arguments", [("env",), ("down",), ("apply", "scratch"), ("destroy", "scratch")])
def test_without_a_sandbox_the_command_to_start_one_is_told(tmp_path, arguments):
    write_scratch(tmp_path / "scratch")
    result = _run(tmp_path, *arguments)
    assert result.returncode == 1
    assert "sfn-harness up --detach" in result.stderr


def test_help_has_examples(tmp_path):
    assert 'eval "$(sfn-harness env)"' in _run(tmp_path, "--help").stdout
    assert "example:" in _run(tmp_path, "apply", "--help").stdout


@pytest.fixture
def up(tmp_path):
    write_scratch(tmp_path / "scratch")
    port = free_port()
    result = _run(tmp_path, "up", "--detach", "--port", str(port))
    try:
        assert result.returncode == 0, result.stderr
        assert result.stdout == f"http://127.0.0.1:{port}\n"
        yield tmp_path, f"http://127.0.0.1:{port}"
    finally:
        _run(tmp_path, "down", "--quiet")
        assert not is_healthy(f"http://127.0.0.1:{port}")


def test_up_env_apply_destroy_down(up):
    directory, endpoint = up
    again = _run(directory, "up")
    assert again.returncode == 1
    assert f"running already at {endpoint}" in again.stderr

    record = directory / ".sfn-harness" / "sandbox.json"
    assert record.stat().st_mode & 0o777 == 0o600
    secret = json.loads(record.read_text())["secret"]
    assert secret not in again.stdout + again.stderr

    environ = {"AWS_PROFILE": "it's mine", "AWS_CA_BUNDLE": "/nonexistent", "AWS_OTHER": "x"}
    exported = _run(directory, "env", **environ).stdout
    show = 'eval "$1"; env | grep ^AWS_ | sort'
    shell = subprocess.run(
        ["bash", "-c", show, "-", exported], env={**os.environ, **environ}, capture_output=True, text=True, check=True
    )
    names = [line.partition("=")[0] for line in shell.stdout.splitlines()]
    assert f"AWS_ENDPOINT_URL={endpoint}" in shell.stdout
    assert f"AWS_SECRET_ACCESS_KEY={secret}" in shell.stdout
    assert not {"AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_OTHER"} & set(names)

    with (directory / "scratch" / "main.tf").open("a") as file:
        file.write('output "key" {\n  value     = "s3cret"\n  sensitive = true\n}\n')
    applied = _run(directory, "apply", "scratch", "-var", "name=orders", "-var", 'tags={"a"="b c"}')
    assert applied.returncode == 0, applied.stderr
    outputs, _, commands = applied.stdout.partition("\n\n")
    assert json.loads(outputs)["key"] == "<sensitive>"
    assert "s3cret" not in applied.stdout + applied.stderr
    assert json.loads(outputs)["invoke_urls"] == {"alpha": f"{endpoint}/_aws/execute-api/abc123/alpha"}
    assert commands == f"# alpha POST /x\ncurl -X POST '{endpoint}/_aws/execute-api/abc123/alpha/x' -d '{{}}'\n"
    assert "Apply complete!" in applied.stderr

    account = Account(json.loads(record.read_text())["account_id"], endpoint=endpoint, secret=secret)
    client = account.client("stepfunctions")
    [machine] = client.list_state_machines()["stateMachines"]
    assert machine["name"] == "orders"
    tags = client.list_tags_for_resource(resourceArn=machine["stateMachineArn"])["tags"]
    assert tags == [{"key": "a", "value": "b c"}]

    failed = _run(directory, "apply", "scratch", "-var", f"name={'n' * 20}")
    assert failed.returncode == 1
    assert "write one of at most 19 characters" in " ".join(failed.stderr.split())
    assert len(client.list_state_machines()["stateMachines"]) == 1

    destroyed = _run(directory, "destroy", "scratch")
    assert destroyed.returncode == 0, destroyed.stderr
    assert client.list_state_machines()["stateMachines"] == []
    assert _run(directory, "destroy", "scratch").returncode == 1
    assert sorted(each.name for each in (directory / "scratch").iterdir()) == ["main.tf", "variables.tf"]

    down = _run(directory, "down")
    assert down.returncode == 0
    assert not is_healthy(endpoint)
    assert not list((directory / ".sfn-harness").glob("applied/*"))


def test_an_endpoint_instead(up, tmp_path):
    directory, endpoint = up
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    secret = json.loads((directory / ".sfn-harness" / "sandbox.json").read_text())["secret"]
    known = {"SFN_HARNESS_SECRET": secret}
    assert _run(elsewhere, "apply", "../scratch", "--sandbox", endpoint).returncode == 1
    assert _run(elsewhere, "apply", "../scratch", "--sandbox", endpoint, **known).returncode == 0
    assert _run(elsewhere, "destroy", "../scratch", "--sandbox", endpoint, **known).returncode == 0


def test_a_foreground_sandbox_ends_with_sigterm(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "sfn_harness", "up", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        endpoint = process.stdout.readline().strip()
        assert is_healthy(endpoint)
        down = _run(tmp_path, "down")
        assert down.returncode == 1
        assert "press Ctrl-C there" in down.stderr
        process.terminate()
    assert process.returncode == 0
    assert not is_healthy(endpoint)
    assert not (tmp_path / ".sfn-harness" / "sandbox.json").exists()


def test_a_stale_record_ends_nothing(tmp_path):
    # The process id in it belongs to somebody else by now: here, to this test.
    record = {"endpoint": "http://127.0.0.1:9", "account_id": "1" * 12, "region": "us-east-1", "log": "", "started": 0}
    home = tmp_path / ".sfn-harness"
    home.mkdir()
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as other:
        (home / "sandbox.json").write_text(json.dumps({**record, "pid": other.pid}))
        assert _run(tmp_path, "down").returncode == 0
        assert other.poll() is None
        other.kill()


def test_the_demo(tmp_path):
    result = _run(tmp_path, "demo")
    assert result.returncode == 0, result.stderr
    for part in (
        "$ curl -X POST",
        '"executionArn"',
        "The execution SUCCEEDED",
        "it's for table 7",
        "terraform destroy",
    ):
        assert part in result.stdout
    # A second one finds what the first one prepared.
    assert (tmp_path / ".sfn-harness" / "demo" / "initialised").exists()


def test_the_demo_without_curl(monkeypatch, deploy):
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    account = Account("1" * 12, endpoint="http://127.0.0.1:9")
    outputs = {
        "curl_commands": {"alpha": {"GET /x": "curl 'y'", "POST /x": "curl -X POST 'http://z/a' -H 'A: b' -d '{}'"}}
    }
    words = order_command(outputs, account)
    assert words[:4] == ["curl", "-X", "POST", "http://z/a"]
    assert json.loads(words[-1])["note"] == "it's for table 7"
    health = f"{deploy.sandbox.endpoint}/_ministack/health"
    assert call(["curl", "-X", "GET", health, "-H", "A: b"]).startswith("{")
