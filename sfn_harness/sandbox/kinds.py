"""The kinds of sandbox there are, and opening one by its name."""

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from sfn_harness.sandbox.account import Account, random_account
from sfn_harness.sandbox.local import LocalSandbox, SandboxError, reset_endpoint
from sfn_harness.sandbox.secret import DEFAULT_SECRET, given_secret


class Sandbox(Protocol):
    """What every sandbox can do.

    Attributes:
        endpoint: its URL; None for AWS.
        ephemeral: whether everything in it is gone once it is closed.
        shared: whether others work in the same account, so that names have to be unique.

    """

    endpoint: str | None
    ephemeral: bool
    shared: bool

    def new_account(self, region: str | None = None) -> Account:
        """Return an account nobody else uses; on AWS the one the ambient credentials belong to."""

    def reset(self) -> None:
        """Delete everything in it. Raises `SandboxError` where that is impossible or out of the question (AWS)."""

    def how_to_end(self) -> str:
        """Return the command that ends it if it was kept; "" if it is not ours to end."""

    def log_size(self) -> int:
        """Return the size of its log so far, in bytes."""

    def log_tail(self, lines: int = 40, since: int = 0) -> str:
        """Return the last `lines` of its log after the first `since` bytes; "" where it has none that we can read."""


class EndpointSandbox:
    """An emulator that somebody else started, at `endpoint` (``http://host:port``).

    Its secret is `secret`, or what SFN_HARNESS_SECRET says, or "sandbox".
    """

    ephemeral = False
    shared = False

    def __init__(self, endpoint: str, secret: str | None = None) -> None:
        self.endpoint: str | None = endpoint.rstrip("/")
        self.secret = secret or given_secret() or DEFAULT_SECRET

    def new_account(self, region: str | None = None) -> Account:
        """Return an account with a random id of 12 digits, which emulators keep apart from all others."""
        return random_account(self.endpoint, self.secret, region)

    def reset(self) -> None:
        """Delete everything in all accounts, where the emulator can do that."""
        reset_endpoint(self.endpoint, self.secret)

    def how_to_end(self) -> str:
        """Return "": it is not ours."""
        return ""

    def log_size(self) -> int:
        """Return 0: the log is not ours."""
        return 0

    def log_tail(self, lines: int = 40, since: int = 0) -> str:  # noqa: ARG002 - the protocol's signature
        """Return "": the log is not ours."""
        return ""


class AwsSandbox:
    """AWS, with the credentials and the region that boto3 and Terraform find in the environment."""

    endpoint = None
    ephemeral = False
    shared = True

    def __init__(self) -> None:
        session = boto3.Session()
        # boto3 reads AWS_DEFAULT_REGION only; Terraform and every other SDK read this one.
        region = os.environ.get("AWS_REGION") or session.region_name
        if not region:
            raise SandboxError("no region: set AWS_REGION to the region to deploy to")
        try:
            identity = session.client("sts", region_name=region).get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            raise SandboxError(f"the ambient AWS credentials do not work: {error}") from error
        self._account = Account(identity["Account"], region)

    def new_account(self, region: str | None = None) -> Account:
        """Return the account that the credentials belong to."""
        return replace(self._account, region=region or self._account.region)

    def reset(self) -> None:
        """Refuse: nobody wants an AWS account emptied by a test run."""
        raise SandboxError("an AWS account is not reset; destroy what was deployed instead")

    def how_to_end(self) -> str:
        """Return "": it is not ours."""
        return ""

    def log_size(self) -> int:
        """Return 0: there is no log."""
        return 0

    def log_tail(self, lines: int = 40, since: int = 0) -> str:  # noqa: ARG002 - the protocol's signature
        """Return "": there is no log."""
        return ""


@contextmanager
def open_sandbox(
    spec: str = "local", *, port: int | None = 0, log: Path | None = None, keep: bool = False
) -> Iterator[Sandbox]:
    """Give a sandbox that is ready, and end it afterwards if it was started for this.

    Args:
        spec: "local", "aws", or the URL of an emulator (``http://127.0.0.1:4566``).
        port: for "local", see `LocalSandbox`.
        log: for "local", where its log goes.
        keep: for "local", leave it running.

    Raises:
        ValueError: `spec` is none of these.
        SandboxError: it did not get ready, or can't be reached.

    """
    check_spec(spec)
    if spec == "local":
        with LocalSandbox(port=port, log=log, keep=keep) as sandbox:
            yield sandbox
    elif spec == "aws":
        yield AwsSandbox()
    else:
        check_reachable(spec)
        yield EndpointSandbox(spec)


def check_spec(spec: str) -> str:
    """Return `spec` if it names a sandbox.

    Raises:
        ValueError: it does not; the message says what does.

    """
    parts = urlsplit(spec)
    if spec not in ("local", "aws") and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError(f"no such sandbox: {spec!r}; write local, aws, or a URL such as http://127.0.0.1:4566")
    return spec


def check_reachable(endpoint: str) -> None:
    """Raise `SandboxError` unless something answers HTTP at `endpoint`."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(endpoint, timeout=5):
            pass
    except urllib.error.HTTPError:
        return  # An answer, if not a friendly one.
    except OSError as error:
        raise SandboxError(f"nothing answers at {endpoint}: {error}") from error
