"""A sandbox server in a process of its own, and short ways to fill it; for the tests in this directory."""

from __future__ import annotations

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from waiting import wait_until

REGION = "eu-west-1"
SECRET = secrets.token_urlsafe(24)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def http(url: str, body: bytes | str | None = None, method: str | None = None, **headers: str) -> Answer:
    """Send a request as a plain HTTP client would; header names are given with underscores."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is not None:
        named.setdefault("content-type", "application/json")
    request = urllib.request.Request(url, data=data, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


@dataclass
class Server:
    endpoint: str
    process: subprocess.Popen
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, account: str = "111122223333", secret: str = SECRET, key: str | None = None):
        known = self.clients.get((service, key or account))
        if known is None:
            known = self.clients[service, key or account] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id=key or account,
                aws_secret_access_key=secret,
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
            )
        return known

    def maintain(self, path: str, body: bytes | str | None = None, method: str | None = None) -> Answer:
        """Send a request to an endpoint of the sandbox's own."""
        return http(f"{self.endpoint}{path}", body, method, authorization=f"Bearer {SECRET}")

    def url(self, api_id: str, stage: str, path: str) -> str:
        return f"{self.endpoint}/_aws/execute-api/{api_id}/{stage}{path}"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def signed(
    method: str,
    url: str,
    body: bytes | str = b"",
    *,
    service: str,
    account: str = "111122223333",
    secret: str = SECRET,
    **headers: str,
) -> dict[str, str]:
    """Return the headers of a request, signed, for `http`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, url, named, body)
    SigV4Auth(Credentials(account, secret), service, REGION).add_auth(request)
    return {name.replace("-", "_"): value for name, value in request.headers.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ended(sfn: Any, execution: str) -> dict[str, Any]:
    """Wait for the end of an execution; returns its description."""

    def look() -> dict[str, Any] | None:
        description = sfn.describe_execution(executionArn=execution)
        return description if description["status"] != "RUNNING" else None

    return wait_until(look, what=f"the end of {execution}")


def _start(arguments: Sequence[str], environment: dict[str, str]) -> Server | None:
    """Start a server and wait until it is ready; None when it ended before, as when its port was taken meanwhile."""
    port = free_port()
    # SANDBOX_WITHOUT="<hook> ..." leaves hooks out, to see that a test notices.
    skipped = [f"--without-hook={name}" for name in os.environ.get("SANDBOX_WITHOUT", "").split()]
    command = [sys.executable, "-m", "sfn_harness.sandbox.server", "--port", str(port), *skipped, *arguments]
    variables = {**os.environ, "SFN_HARNESS_SECRET": SECRET, **environment}
    server = Server(f"http://127.0.0.1:{port}", subprocess.Popen(command, env=variables))

    def settled() -> bool:
        try:
            return server.process.poll() is not None or http(f"{server.endpoint}/_ministack/health").status == 200
        except OSError:
            return False

    wait_until(settled, what="the server's health")
    return server if server.process.poll() is None else None


@contextmanager
def running(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    server = _start(arguments, environment or {}) or _start(arguments, environment or {})
    assert server is not None, "the server ended before it was ready, twice"
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


@cache
def trust(service: str) -> str:
    return policy([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])


def policy(statements: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str] = "*") -> str:
    return policy([{"Effect": "Allow", "Action": action, "Resource": resource}])


PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Broken", "Cause": 'a "quoted" cause'}}}


class World:
    """One account of a server, with what most tests need in it."""

    def __init__(self, server: Server, account: str) -> None:
        self.server, self.account = server, account
        self.iam = server.client("iam", account)
        self.sfn = server.client("stepfunctions", account)
        self.gateway = server.client("apigateway", account)
        self.states_role = self.role("states", trust("states.amazonaws.com"))
        self.role("gateway", trust("apigateway.amazonaws.com"), allow("states:*"))

    def role(self, name: str, trusted: str, allowed: str | None = None) -> str:
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
        if allowed:
            self.permit(name, allowed)
        return arn

    def permit(self, role: str, allowed: str) -> None:
        """Let a role do what the policy says, in place of what it was permitted before."""
        self.iam.put_role_policy(RoleName=role, PolicyName="allowed", PolicyDocument=allowed)

    def machine(self, name: str, definition: dict[str, Any], kind: str = "STANDARD", role: str | None = None) -> str:
        return self.sfn.create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=role or self.states_role, type=kind
        )["stateMachineArn"]

    def function(self, name: str, code: str, runtime: str = "python3.13", file: str = "main.py") -> str:
        """Make a Lambda function of a module with a ``handler``, and a role called ``function``; returns its ARN."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(file, code)
        return self.server.client("lambda", self.account).create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=self.role("function", trust("lambda.amazonaws.com")),
            Handler="main.handler",
            Code={"ZipFile": packed.getvalue()},
        )["FunctionArn"]

    def call(self, action: str, body: bytes | str) -> Answer:
        """Send an action's request to Step Functions as it is, which boto3 would not."""
        headers = {"x_amz_target": f"AWSStepFunctions.{action}", "content_type": "application/x-amz-json-1.0"}
        url = f"{self.server.endpoint}/"
        return http(url, body, **signed("POST", url, body, service="states", account=self.account, **headers))

    def api(self, name: str = "api") -> Api:
        return Api(self, self.gateway.create_rest_api(name=name))


class Api:
    """A REST API that is built method by method, then deployed."""

    def __init__(self, world: World, created: dict[str, Any]) -> None:
        self.world, self.gateway, self.id = world, world.gateway, created["id"]
        self.resources = {"": created["rootResourceId"]}

    def resource(self, path: str) -> str:
        if path not in self.resources:
            parent, _, part = path.rpartition("/")
            self.resources[path] = self.gateway.create_resource(
                restApiId=self.id, parentId=self.resource(parent), pathPart=part
            )["id"]
        return self.resources[path]

    def method(
        self,
        path: str,
        verb: str = "POST",
        *,
        integration: dict[str, Any],
        responses: dict[str, dict[str, Any]] | None = None,
        **method: Any,
    ) -> None:
        where = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        self.gateway.put_method(**where, **{"authorizationType": "NONE", **method})
        self.gateway.put_integration(**where, **integration)
        for status, response in (responses if responses is not None else {"200": {}}).items():
            declared = dict.fromkeys(response.get("responseParameters", {}), False)
            self.gateway.put_method_response(**where, statusCode=status, responseParameters=declared)
            self.gateway.put_integration_response(**where, statusCode=status, **response)

    def states(self, path: str, action: str, template: str | None, verb: str = "POST", **changes: Any) -> None:
        method = {name: changes.pop(name) for name in ("responses", "requestParameters") if name in changes}
        integration = {
            "type": "AWS",
            "integrationHttpMethod": "POST",
            "uri": f"arn:aws:apigateway:{REGION}:states:action/{action}",
            "credentials": f"arn:aws:iam::{self.world.account}:role/gateway",
            **({"requestTemplates": {"application/json": template}} if template is not None else {}),
            **changes,
        }
        self.method(path, verb, integration=integration, **method)

    def mock(self, path: str, verb: str = "POST", template: str = '{"statusCode": 200}', **method: Any) -> None:
        integration = {"type": "MOCK", "requestTemplates": {"application/json": template}}
        self.method(path, verb, integration=integration, **method)

    def deploy(self, stage: str = "alpha", **settings: Any) -> str:
        return self.gateway.create_deployment(restApiId=self.id, stageName=stage, **settings)["id"]

    def call(
        self, path: str, body: bytes | str | None = None, verb: str | None = None, stage: str = "alpha", **headers: str
    ) -> Answer:
        return http(self.world.server.url(self.id, stage, path), body, verb, **headers)
