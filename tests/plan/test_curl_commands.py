"""The text of `curl_commands`, read by bash as a person's terminal reads it, and passed to a `curl` that shows it.

The root module's file is planned with modules/integrations and an API's address in place of the API: a plan of the
root module doesn't know the address.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .bad_values import FUNCTION, MACHINE
from .conftest import escaped

ROOT = Path(__file__).parents[2]
URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/alpha"
HOSTILE = {
    "dish": 'it\'s "hot" & <spicy>',
    "note": "$HOME `id` $(id) \\ \\' '\\''!",
    "list": ["'", "''"],
    "unicode": "soufflé 🍲",
}
ROUTES = {
    "POST /hostile": {"body_schema": json.dumps({"type": "object", "example": HOSTILE}), "authorization": "NONE"},
    "POST /signed": {"authorization": "AWS_IAM"},
    "POST /key": {"api_key_required": True},
    "POST /required": {"required_headers": ["X-Tenant", "X-Trace"], "required_query_strings": ["table", "seat"]},
    "POST /guarded": {"authorization": "guard", "required_headers": ["X-Tenant"]},
    "POST /idempotent": {"execution_name": "idempotency_key"},
    "POST /named": {"execution_name": "$.order.id"},
    "POST /customers/{id}/orders/{order}": {},
    "POST /form": {"form": True},
    "POST /passthrough": {"input": "passthrough"},
    "POST /none": {"input": "none"},
    "POST /own": {"request_templates": {"text/plain": "{}"}},
    "POST /success": {"action": "SendTaskSuccess"},
    "POST /failure": {"action": "SendTaskFailure"},
    "POST /heartbeat": {"action": "SendTaskHeartbeat"},
    "GET /execution/{name}": {"action": "DescribeExecution"},
    "DELETE /execution/{name}": {"action": "StopExecution"},
    "PUT /execution/{name}": {"action": "RedriveExecution"},
    "GET /executions": {"action": "ListExecutions"},
}
JSON_BODY = ["-H", "Content-Type: application/json", "-d"]

# Route => what curl is given: the path below the stage, and the other arguments.
ARGUMENTS = {
    "POST /key": ("/key", ["-H", "x-api-key: KEY", *JSON_BODY, "{}"]),
    "POST /required": (
        "/required?table=example&seat=example",
        ["-H", "X-Tenant: example", "-H", "X-Trace: example", *JSON_BODY, "{}"],
    ),
    "POST /guarded": (
        "/guarded?who=example",
        ["-H", "X-Tenant: example", "-H", "Authorization: example", *JSON_BODY, "{}"],
    ),
    "POST /idempotent": ("/idempotent", ["-H", "Idempotency-Key: example-1", *JSON_BODY, "{}"]),
    "POST /named": ("/named", [*JSON_BODY, '{"order":{"id":"example-1"}}']),
    "POST /customers/{id}/orders/{order}": ("/customers/ID/orders/ORDER", [*JSON_BODY, "{}"]),
    "POST /form": ("/form", [*JSON_BODY, "{}"]),
    "POST /passthrough": ("/passthrough", [*JSON_BODY, '{"input":"{}"}']),
    "POST /none": ("/none", []),
    "POST /own": ("/own", ["-H", "Content-Type: text/plain", "-d", "{}"]),
    "POST /success": ("/success", [*JSON_BODY, '{"output":{},"taskToken":"TOKEN"}']),
    "POST /failure": ("/failure", [*JSON_BODY, '{"cause":"why","error":"Refused","taskToken":"TOKEN"}']),
    "POST /heartbeat": ("/heartbeat", [*JSON_BODY, '{"taskToken":"TOKEN"}']),
    "GET /execution/{name}": ("/execution/NAME", []),
    "DELETE /execution/{name}": ("/execution/NAME", []),
    "PUT /execution/{name}": ("/execution/NAME", []),
    "GET /executions": ("/executions", []),
}


@pytest.fixture(scope="module")
def commands(plan, tmp_path_factory) -> dict[str, str]:
    directory = tmp_path_factory.mktemp("curl")
    shutil.copytree(ROOT / "modules", directory / "modules")
    shutil.copy(ROOT / "curl_commands.tf", directory)
    integrations = {
        "source": "./modules/integrations",
        "authorizers": {
            "guard": {
                "type": "REQUEST",
                "function_arn": FUNCTION,
                "identity_sources": ["method.request.header.Authorization", "method.request.querystring.who"],
            }
        },
        "routes": ROUTES,
        "stage_state_machine_arns": {"alpha": None},
        "state_machine_arn": MACHINE,
    }
    configuration = {
        "locals": {"api": {"invoke_urls": {"alpha": URL}}},
        "module": {"integrations": escaped(integrations), "location": {"source": "./modules/location"}},
        "output": {"commands": {"value": "${local.curl_commands}"}},
    }
    (directory / "main.tf.json").write_text(json.dumps(configuration))
    return plan(directory, region="eu-west-1").outputs["commands"]["alpha"]


def pasted(command: str) -> list[str]:
    """Return what bash gives curl."""
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "se/cr+et",
        "AWS_SESSION_TOKEN": "to ken",
    }
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{command}\n"
    shown = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True, timeout=30)
    assert shown.stderr == b""
    return shown.stdout.decode().split("\0")[:-1]


def test_every_route_has_one(commands):
    assert set(commands) == set(ROUTES) == {*ARGUMENTS, "POST /hostile", "POST /signed"}


@pytest.mark.parametrize("route", ARGUMENTS)
def test_what_curl_is_given(commands, route):
    path, others = ARGUMENTS[route]
    assert pasted(commands[route]) == ["-X", route.split()[0], f"{URL}{path}", *others]


def test_an_example_is_sent_as_it_is_written(commands):
    """Whatever it has in it that a shell could read as its own."""
    *others, body = pasted(commands["POST /hostile"])
    assert others == ["-X", "POST", f"{URL}/hostile", *JSON_BODY]
    assert json.loads(body) == HOSTILE


def test_curl_signs_with_the_credentials_of_the_terminal(commands):
    """The region is the provider's; no credential is in the command."""
    assert pasted(commands["POST /signed"])[2:] == [
        f"{URL}/signed",
        "--aws-sigv4",
        "aws:amz:eu-west-1:execute-api",
        "--user",
        "AKIAEXAMPLE:se/cr+et",
        "-H",
        "x-amz-security-token: to ken",
        *JSON_BODY,
        "{}",
    ]
    assert "AKIAEXAMPLE" not in commands["POST /signed"]
