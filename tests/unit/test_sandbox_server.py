"""The server as a process: how it starts, what it refuses to start with, and what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from sandbox_server import PASS, World, free_port, http, running, wait_until

from sfn_harness.sandbox.local import is_healthy
from sfn_harness.sandbox.server import isolate_environment


def start(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "sfn_harness.sandbox.server", "--port", str(free_port()), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_the_callers_aws_variables_do_not_matter():
    hostile = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_CA_BUNDLE": "/nonexistent",
        "AWS_PROFILE": "nobody",
        "AWS_REGION": "xx-nowhere-1",
        "AUTH": "false",
        "SERVICES": "s3",
        "MINISTACK_ACCOUNT_ID": "999999999999",
        "LAMBDA_EXECUTOR": "docker",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "",
    }
    with running(environment=hostile) as server:
        world = World(server, "111122223333")
        assert world.machine("m", PASS) == "arn:aws:states:eu-west-1:111122223333:stateMachine:m"


def test_a_reset_wipes_the_state():
    with running() as server:
        world = World(server, "111122223333")
        world.machine("m", PASS)
        api = world.api()
        api.mock("/x")
        api.deploy()
        assert api.call("/x", "{}").status == 200
        assert server.maintain("/_ministack/reset", "", "POST").status == 200
        assert world.sfn.list_state_machines()["stateMachines"] == []
        assert api.call("/x", "{}").status in (403, 404)


def test_it_ends_at_once_and_leaves_nothing(tmp_path):
    with running(environment={"TMPDIR": str(tmp_path)}) as server:
        world = World(server, "111122223333")
        wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
        world.sfn.start_execution(stateMachineArn=world.machine("m", wait))
        world.function("f", "import os\ndef handler(event, context):\n    return os.getpid()\n")
        child = int(server.client("lambda").invoke(FunctionName="f")["Payload"].read())
        os.kill(child, 0)  # it is there
        assert [path.name.partition("-")[0] for path in tmp_path.iterdir()] == ["sfn"]
        assert server.stop() == 0
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_said():
    with running() as server:
        port = server.endpoint.rpartition(":")[2]
        ended = start("--port", port)
    assert ended.returncode == 1
    assert "cannot start" in ended.stderr


def test_a_secret_that_cannot_be_one_is_said():
    command = [sys.executable, "-m", "sfn_harness.sandbox.server", "--port", str(free_port())]
    ended = subprocess.run(
        command,
        env={**os.environ, "SFN_HARNESS_SECRET": "not a secret"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("The sandbox cannot start: SFN_HARNESS_SECRET has to be made of")


def test_a_secret_of_its_own_is_printed():
    port = free_port()
    command = [sys.executable, "-m", "sfn_harness.sandbox.server", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "SFN_HARNESS_SECRET"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        said = process.stderr.readline()
        secret = re.fullmatch(
            r"The secret of this sandbox is ([\w-]{32}); set SFN_HARNESS_SECRET to choose it\.\n", said
        )
        wait_until(lambda: is_healthy(f"http://127.0.0.1:{port}"))
        url = f"http://127.0.0.1:{port}/_ministack/reset"
        assert http(url, "", "POST", authorization=f"Bearer {secret[1]}").status == 200
        process.terminate()


def test_an_unknown_hook_is_said():
    ended = start("--without-hook", "nothing.here")
    assert ended.returncode == 1
    assert "no hook is called nothing.here" in ended.stderr


def run_python(code: str) -> str:
    environment = {**os.environ, "GATEWAY_PORT": "1", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=environment).stdout


INSTALL = """
from sfn_harness.sandbox.hooks import IncompatibleMiniStack, install
try:
    install()
except IncompatibleMiniStack as error:
    print(error)
"""


def test_another_version_is_refused_by_name():
    said = run_python("import importlib.metadata as m\nm.version = lambda name: '9.9.9'\n" + INSTALL)
    assert "MiniStack 9.9.9 is installed" in said
    assert "1.5.33" in said


@pytest.mark.parametrize(
    ("module", "attribute"),
    [
        ("ministack.services.apigateway_v1", "find_api_scope"),
        ("ministack.services.eventbridge", "_dispatch_to_stepfunctions"),
        ("ministack.core.iam_evaluator", "combine_resource_policy"),
    ],
)
def test_a_missing_attribute_is_refused_by_name(module, attribute):
    said = run_python(f"import {module} as m\ndel m.{attribute}\n" + INSTALL)
    assert f"{module}.{attribute}" in said
    assert "1.5.33" in said


def test_every_hook_says_why():
    listed = json.loads(
        run_python(
            "import json\nfrom importlib import import_module\nfrom sfn_harness.sandbox import hooks\n"
            "modules = [import_module(f'{hooks.__name__}.{name}') for name in hooks._MODULES]\n"
            "hooks = [(f'{module.__name__} {hook.name}', hook.reason) for module in modules for hook in module.HOOKS]\n"
            "print(json.dumps(hooks))"
        )
    )
    names = [name for name, _ in listed]
    assert len(names) == len(set(names))
    assert all(reason.endswith(".") and len(reason) > 15 for _, reason in listed)


def test_the_environment_is_reduced_to_what_is_needed():
    environment = {"PATH": "/bin", "AWS_REGION": "x", "SERVICES": "s3", "MINISTACK_REGION": "x", "PYTHONPATH": "/p"}
    isolate_environment(environment, "127.0.0.1", 4567, "s3cret")
    assert environment["PATH"] == "/bin"
    assert environment["PYTHONPATH"] == "/p"
    assert environment["GATEWAY_PORT"] == "4567"
    assert environment["AUTH"] == "true"
    assert not {"AWS_REGION", "SERVICES", "MINISTACK_REGION"} & environment.keys()
