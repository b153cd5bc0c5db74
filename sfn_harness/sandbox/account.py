"""One account of a sandbox (or of AWS): how Terraform, boto3 and HTTP clients reach it."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import boto3
import botocore.session
from botocore.config import Config

from sfn_harness.sandbox.secret import DEFAULT_SECRET
from sfn_harness.terraform.environment import (
    ambient_environment,
    sandbox_environment,
    sandbox_variables,
)

DEFAULT_REGION = "us-east-1"

# An API's own host; the region and the partition's suffix are there to be dropped.
_INVOKE_HOST = re.compile(r"^(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$")


@dataclass(frozen=True)
class Account:
    """An account, `id` (12 digits), and a `region` of it; `endpoint` is the sandbox's URL, None for AWS itself.

    `secret` is the sandbox's, which signs every request to it.
    """

    id: str
    region: str = DEFAULT_REGION
    endpoint: str | None = None
    secret: str = field(default=DEFAULT_SECRET, repr=False)

    def environment(
        self, cli_configuration: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return the whole environment for Terraform to work on this account."""
        if self.endpoint is None:
            return ambient_environment(self.region, cli_configuration=cli_configuration, environ=environ)
        return sandbox_environment(
            self.endpoint, self.id, self.region, self.secret, cli_configuration=cli_configuration, environ=environ
        )

    def variables(self) -> dict[str, str]:
        """Return the ``AWS_*`` variables that point AWS tools at this account; {} for AWS, where they are set."""
        return {} if self.endpoint is None else sandbox_variables(self.endpoint, self.id, self.region, self.secret)

    def session(self) -> boto3.Session:
        """Return a boto3 session; for a sandbox, one that no profile, configuration file or CA bundle can divert."""
        if self.endpoint is None:
            return boto3.Session(region_name=self.region)
        # (name in a configuration file, environment variable, default, conversion): no variable, so no surprise.
        fixed = {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
            "ca_bundle": (None, None, None, None),
        }
        return boto3.Session(
            aws_access_key_id=self.id,
            aws_secret_access_key=self.secret,
            region_name=self.region,
            botocore_session=botocore.session.Session(session_vars=fixed),
        )

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of a service; `options` go to ``boto3.Session.client``."""
        if self.endpoint is None:
            return self.session().client(service, **options)
        # {} is "no proxies"; None would be "those in the environment".
        config = Config(
            proxies={},
            connect_timeout=5,
            read_timeout=70,
            retries={"mode": "standard"},
            # boto3 puts sync- before the host for StartSyncExecution, and no host of an emulator has that name.
            inject_host_prefix=False,
        )
        if "config" in options:
            config = config.merge(options.pop("config"))
        return self.session().client(service, **{"endpoint_url": self.endpoint, "config": config, **options})

    def url(self, invoke_url: str) -> str:
        """Return where `invoke_url`, as AWS would have it (https or wss), is served: the same on AWS.

        In a sandbox ``https://<id>.execute-api.<region>.amazonaws.com/<stage>/<path>`` is at
        ``<endpoint>/_aws/execute-api/<id>/<stage>/<path>``. Any other URL is returned as it is.
        """
        if self.endpoint is None:
            return invoke_url
        parts = urlsplit(invoke_url)
        host = _INVOKE_HOST.match(parts.hostname or "")
        if not host:
            return invoke_url
        scheme, netloc, *_ = urlsplit(self.endpoint)
        if parts.scheme in ("ws", "wss"):
            scheme = {"http": "ws", "https": "wss"}[scheme]
        return urlunsplit((scheme, netloc, f"/_aws/execute-api/{host['api']}{parts.path}", parts.query, parts.fragment))

    def text(self, text: str) -> str:
        """Return `text`, such as a curl command, with every invoke URL in it replaced by where it is served."""
        return re.sub(r"(?:https|wss)://[^\s'\"<>]+", lambda match: self.url(match[0]), text)


def random_account(endpoint: str | None, secret: str, region: str | None = None) -> Account:
    """Return an account with a random id of 12 digits; the first is not 0, so that no tool takes it for a number."""
    return Account(str(secrets.randbelow(9 * 10**11) + 10**11), region or DEFAULT_REGION, endpoint, secret)
