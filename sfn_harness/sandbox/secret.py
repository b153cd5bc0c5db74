"""The secret of a sandbox: the secret access key of every account in it, and the key to its maintenance endpoints."""

import os
import re
import secrets
from collections.abc import Mapping

VARIABLE = "SFN_HARNESS_SECRET"  # sets it, for tools that can't ask
DEFAULT_SECRET = "sandbox"  # noqa: S105 - what emulators are called with that take any

_BYTES = 24  # 192 bits
_SECRET = re.compile(r"[A-Za-z0-9._~-]+")


def given_secret(environ: Mapping[str, str] | None = None) -> str | None:
    """Return the secret that the environment sets, None if it sets none.

    Raises:
        ValueError: it can't be one.

    """
    text = (os.environ if environ is None else environ).get(VARIABLE)
    if not text:
        return None
    if not _SECRET.fullmatch(text):
        raise ValueError(f"{VARIABLE} has to be made of letters, digits and the characters . _ ~ - only")
    return text


def new_secret(environ: Mapping[str, str] | None = None) -> str:
    """Return the secret for a new sandbox: the one that the environment sets, or a random one.

    Raises:
        ValueError: what the environment sets can't be one.

    """
    return given_secret(environ) or secrets.token_urlsafe(_BYTES)
