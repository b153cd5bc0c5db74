"""Terraform's environment: what it must see to talk to one account, and nothing else that would get in the way."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sfn_harness.terraform.mirror import Mirror, find_mirror

LOCAL_HOSTS = "127.0.0.1,localhost,::1"

# Left over from the person's own Terraform work, each of these changes what a command does or where it writes.
_INTRUDERS = ("TF_CLI_ARGS", "TF_VAR_")
_INTRUDER_NAMES = frozenset({"TF_DATA_DIR", "TF_WORKSPACE", "TF_REATTACH_PROVIDERS"})


def sandbox_environment(
    endpoint: str,
    account: str,
    region: str,
    secret: str,
    *,
    cli_configuration: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the whole environment in which Terraform works on `account` (12 digits) of the sandbox at `endpoint`.

    `secret` is the sandbox's, the secret access key of every account in it.
    Every ``AWS_*`` variable that this function did not set is gone, ``AWS_CA_BUNDLE`` included: the AWS provider fails
    on a CA bundle together with an endpoint of its own. The person's AWS profiles are not read.
    """
    return _common(environ, cli_configuration, keep_aws=False) | sandbox_variables(endpoint, account, region, secret)


def sandbox_variables(endpoint: str, account: str, region: str, secret: str) -> dict[str, str]:
    """Return the ``AWS_*`` variables that point any AWS tool or SDK at `account` (12 digits) of a sandbox."""
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def ambient_environment(
    region: str | None = None, *, cli_configuration: Path | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the whole environment in which Terraform works on AWS with the credentials that are there already."""
    environment = _common(environ, cli_configuration, keep_aws=True)
    if region:
        environment |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    return environment


@contextmanager
def provider_source(environ: Mapping[str, str] | None = None, mirror: Mirror | None = None) -> Iterator[Path | None]:
    """Give the path of the CLI configuration to use while the context lasts; None means Terraform's own defaults.

    With a mirror (found, or given) it is a file made for it; without, the person's ``TF_CLI_CONFIG_FILE`` if that file
    exists.
    """
    environ = os.environ if environ is None else environ
    mirror = mirror or find_mirror(environ)
    if mirror is None:
        own = environ.get("TF_CLI_CONFIG_FILE")
        yield Path(own) if own and Path(own).is_file() else None
        return
    with TemporaryDirectory(prefix="sfn-harness-cli-") as directory:
        file = Path(directory, "terraform.tfrc")
        file.write_text(mirror.cli_configuration(), encoding="utf-8")
        yield file


def without_aws(environ: Mapping[str, str]) -> dict[str, str]:
    """Return a copy of `environ` without any ``AWS_*`` variable, whatever its case."""
    return {name: value for name, value in environ.items() if not name.upper().startswith("AWS_")}


def with_direct_loopback(environ: Mapping[str, str]) -> dict[str, str]:
    """Return a copy of `environ` in which no proxy stands between here and this machine."""
    present = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    value = ",".join(part for part in (present, LOCAL_HOSTS) if part)
    return {**environ, "NO_PROXY": value, "no_proxy": value}


def _common(environ: Mapping[str, str] | None, cli_configuration: Path | None, *, keep_aws: bool) -> dict[str, str]:
    environ = dict(os.environ if environ is None else environ)
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(_INTRUDERS) and name not in _INTRUDER_NAMES and name != "TF_CLI_CONFIG_FILE"
    }
    if not keep_aws:
        kept = with_direct_loopback(without_aws(kept))
    kept |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    # Decoding the AWS provider's schema makes a lot of garbage, once: collecting it less often saves a tenth of a plan.
    kept.setdefault("GOGC", "400")
    if cli_configuration is not None:
        kept["TF_CLI_CONFIG_FILE"] = str(cli_configuration)
    return kept
