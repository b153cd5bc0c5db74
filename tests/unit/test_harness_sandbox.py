"""The local sandbox as a process, and what reaches it."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from waiting import alive, wait_until

from sfn_harness.sandbox import Account, LocalSandbox, SandboxError, check_spec, open_sandbox
from sfn_harness.sandbox.local import choose_port, is_free, is_healthy, wait_until_ready


@pytest.fixture(scope="module")
def local():
    with open_sandbox("local") as opened:
        yield opened


@pytest.mark.parametrize("spec", ["", "nope", "localhost:4566", "ftp://x", "http://"])
def test_a_sandbox_that_there_is_not_is_refused(spec):
    with pytest.raises(ValueError, match="write local, aws, or a URL"):
        check_spec(spec)


def test_accounts_are_apart(local):
    one, two = local.new_account(), local.new_account("eu-west-1")
    assert len(one.id) == 12
    assert two.region == "eu-west-1"
    one.client("s3").create_bucket(Bucket="mine")
    assert [each["Name"] for each in one.client("s3").list_buckets()["Buckets"]] == ["mine"]
    assert two.client("s3").list_buckets()["Buckets"] == []
    assert one.client("sts").get_caller_identity()["Account"] == one.id


def test_a_reset_empties_it():
    with LocalSandbox() as sandbox:
        account = sandbox.new_account()
        account.client("s3").create_bucket(Bucket="mine")
        sandbox.reset()
        assert account.client("s3").list_buckets()["Buckets"] == []


def test_each_has_a_secret_that_only_its_environment_shows():
    with LocalSandbox() as one, LocalSandbox() as other:
        assert one.secret != other.secret
        # 24 bytes in base64
        assert len(one.secret) == 32
        stranger = replace(one.new_account(), secret=other.secret)
        with pytest.raises(ClientError, match="InvalidSignature"):
            stranger.client("stepfunctions").list_state_machines()
        assert one.new_account().variables()["AWS_SECRET_ACCESS_KEY"] == one.secret
        assert one.secret not in repr(one.new_account())
        assert one.secret not in one.log_tail()
        for process in _processes_of(one):
            assert one.secret.encode() not in (process / "cmdline").read_bytes()


def test_the_environment_may_set_the_secret(monkeypatch):
    monkeypatch.setenv("SFN_HARNESS_SECRET", "chosen")
    with LocalSandbox() as sandbox:
        account = sandbox.new_account()
        assert account.secret == "chosen"
        assert account.client("stepfunctions").list_state_machines()["stateMachines"] == []
        with open_sandbox(sandbox.endpoint) as elsewhere:
            elsewhere.reset()
    monkeypatch.setenv("SFN_HARNESS_SECRET", "can't be")
    with pytest.raises(ValueError, match="letters, digits"):
        LocalSandbox()


def test_the_server_is_given_nothing_of_the_persons(monkeypatch, tmp_path):
    private = {"GITHUB_TOKEN": "t0ken", "VAULT_TOKEN": "t0ken", "SSH_AUTH_SOCK": "/t0ken", "AWS_PROFILE": "t0ken"}
    for name, value in {**private, "HOME": str(tmp_path), "TZ": "Europe/Berlin"}.items():
        monkeypatch.setenv(name, value)
    with LocalSandbox() as sandbox:
        processes = _processes_of(sandbox)
        assert processes
        for process in processes:
            environ = dict(each.split("=", 1) for each in (process / "environ").read_text().split("\0") if each)
            assert "t0ken" not in json.dumps(environ)
            assert environ["HOME"] == environ["TMPDIR"] == str(sandbox.log.parent)
            assert environ["TZ"] == "Europe/Berlin"
            assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def _processes_of(sandbox) -> list[Path]:
    """The processes in /proc whose command line has the sandbox's port: its guard, and itself."""
    port = sandbox.endpoint.rpartition(":")[2].encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"sfn_harness.sandbox.server" in words and port in words:
            found.append(process)
    return found


def test_clients_can_not_be_diverted(local, monkeypatch, tmp_path):
    config = tmp_path / "config"
    config.write_text("[default]\nca_bundle = /nonexistent\nendpoint_url = http://127.0.0.1:9\nregion = xx\n")
    for name, value in {
        "AWS_PROFILE": "nope",
        "AWS_CA_BUNDLE": "/nonexistent",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
        "AWS_SESSION_TOKEN": "x",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    account = local.new_account()
    assert account.client("sts").get_caller_identity()["Account"] == account.id
    assert is_healthy(local.endpoint)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ab12.execute-api.us-east-1.amazonaws.com/alpha/execution", "/_aws/execute-api/ab12/alpha/execution"),
        ("https://ab12.execute-api.cn-north-1.amazonaws.com.cn/a/b?c=%20d#e", "/_aws/execute-api/ab12/a/b?c=%20d#e"),
        ("https://ab12.execute-api.us-east-1.amazonaws.com/alpha", "/_aws/execute-api/ab12/alpha"),
    ],
)
def test_invoke_urls_are_translated(url, expected):
    assert Account("1" * 12, endpoint="http://127.0.0.1:4566").url(url) == f"http://127.0.0.1:4566{expected}"
    assert Account("1" * 12).url(url) == url


def test_other_urls_and_texts_are_translated_too():
    account = Account("1" * 12, endpoint="http://127.0.0.1:4566")
    assert account.url("wss://ab12.execute-api.us-east-1.amazonaws.com/live").startswith("ws://127.0.0.1:4566/_aws/")
    assert account.url("https://example.com/x") == "https://example.com/x"
    text = (
        "curl -X POST 'https://ab12.execute-api.us-east-1.amazonaws.com/alpha/x' -d '{\"u\": \"https://example.com\"}'"
    )
    assert account.text(text) == (
        "curl -X POST 'http://127.0.0.1:4566/_aws/execute-api/ab12/alpha/x' -d '{\"u\": \"https://example.com\"}'"
    )


def test_a_port_that_is_taken(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(SandboxError, match=f"port {port} is taken"), LocalSandbox(port):
            pass
        monkeypatch.setattr("sfn_harness.sandbox.local.DEFAULT_PORT", port)
        assert choose_port(None) not in (port, 0)
        with LocalSandbox(None) as sandbox:
            assert is_healthy(sandbox.endpoint)
    assert choose_port(None) == port


def test_a_port_lost_in_the_meantime_is_replaced(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        real = choose_port(0)
        offered = iter([taken, real])
        monkeypatch.setattr("sfn_harness.sandbox.local.free_port", lambda: next(offered))
        with LocalSandbox() as sandbox:
            assert sandbox.endpoint.endswith(f":{real}")


def test_a_server_that_does_not_start_shows_its_log():
    broken = (sys.executable, "-c", "print('why it failed'); raise SystemExit(3)")
    with (
        pytest.raises(SandboxError, match="exit code 3 instead of starting\nwhy it failed"),
        LocalSandbox(command=broken),
    ):
        pass


def test_a_server_that_does_not_answer_is_ended(monkeypatch, tmp_path):
    file = tmp_path / "pid"

    def impatient(*arguments):
        wait_until(lambda: file.exists() and file.read_text())
        wait_until_ready(*arguments, deadline=0.1)

    monkeypatch.setattr("sfn_harness.sandbox.local.wait_until_ready", impatient)
    silent = (
        sys.executable,
        "-c",
        f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(60)",
    )
    with pytest.raises(SandboxError, match=r"did not answer at .* within 0 s"), LocalSandbox(command=silent):
        pass
    wait_until(lambda: not alive(int(file.read_text())))


def test_nothing_is_left_afterwards():
    with LocalSandbox() as sandbox:
        directory, endpoint = sandbox.log.parent, sandbox.endpoint
        assert is_healthy(endpoint)
    assert not is_healthy(endpoint)
    assert not directory.exists()


def test_it_ends_when_its_parent_is_killed():
    code = (
        "import time\nfrom sfn_harness.sandbox.local import LocalSandbox\n"
        "with LocalSandbox() as sandbox:\n    print(sandbox.endpoint, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        endpoint = parent.stdout.readline().strip()
        assert is_healthy(endpoint)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_healthy(endpoint))


def test_a_kept_sandbox_stays_until_it_is_ended():
    with LocalSandbox(keep=True) as sandbox:
        pass
    try:
        assert is_healthy(sandbox.endpoint)
        assert sandbox.how_to_end() == f"kill -- -{sandbox.pid}"
        assert not sandbox.ephemeral
    finally:
        sandbox.stop()
    assert not is_healthy(sandbox.endpoint)


def test_an_endpoint_is_a_sandbox_too(local, monkeypatch):
    with open_sandbox(local.endpoint) as sandbox:
        assert sandbox.new_account().secret == "sandbox"
    monkeypatch.setenv("SFN_HARNESS_SECRET", local.secret)
    with open_sandbox(local.endpoint) as sandbox:
        account = sandbox.new_account()
        account.client("s3").create_bucket(Bucket="theirs")
        with pytest.raises(ClientError):
            account.client("s3").head_bucket(Bucket="other")
    assert is_healthy(local.endpoint)
    with pytest.raises(SandboxError, match="nothing answers at"), open_sandbox("http://127.0.0.1:9"):
        pass


def test_aws_needs_a_region_and_credentials_and_is_never_emptied(local, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SandboxError, match="set AWS_REGION"), open_sandbox("aws"):
        pass
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(SandboxError, match="credentials do not work"), open_sandbox("aws"):
        pass
    # The ambient account may be anywhere; here it is in a sandbox.
    for name, value in local.new_account("eu-west-1").variables().items():
        monkeypatch.setenv(name, value)
    with open_sandbox("aws") as sandbox:
        account = sandbox.new_account()
        assert (account.id, account.region, account.endpoint) == (os.environ["AWS_ACCESS_KEY_ID"], "eu-west-1", None)
        assert account.environment()["AWS_ACCESS_KEY_ID"] == account.id
        assert sandbox.shared
        with pytest.raises(SandboxError, match="not reset"):
            sandbox.reset()
