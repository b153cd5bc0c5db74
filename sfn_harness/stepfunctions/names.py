"""Names and ARNs: what the service takes, and what it says to others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sfn_harness.stepfunctions.errors import ApiError

# CreateStateMachine, "name" (API reference): what the name of a state machine, an execution or an activity must not
# contain.
_FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff\U0010ffff]")
_ARN = re.compile(r"arn:[^:]*:states:([^:]*):([^:]*):([^:]+):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Arn:
    """An ARN of Step Functions.

    Attributes:
        text: all of it.
        region: the region that it names.
        account: the account that it names.
        kind: ``stateMachine``, ``execution``, ``express``, ``activity`` or ``mapRun``.
        name: what comes after the kind: the name of a state machine (with ``/label`` for that of a Map state) or of an
            activity.
        qualifier: what comes after the name: a version, an alias, an execution's name; None if there is nothing.

    """

    text: str
    region: str
    account: str
    kind: str
    name: str
    qualifier: str | None

    @property
    def machine(self) -> str:
        """The name of the state machine, without a label."""
        return self.name.partition("/")[0]


def check_name(name: str) -> None:
    """Refuse a name with a character that no name has. Raises ApiError (InvalidName)."""
    if _FORBIDDEN.search(name):
        raise ApiError("InvalidName", f"Invalid Name: '{name}'")


@lru_cache(maxsize=1024)
def parse_arn(text: str, *kinds: str) -> Arn:
    """Return the parts of an ARN of one of the kinds. Raises ApiError (InvalidArn)."""
    if not text.startswith("arn:"):
        raise _invalid(f"Invalid ARN prefix: {text}")
    match = _ARN.fullmatch(text)
    if match is None:
        raise _invalid(f"Invalid ARN: {text}")
    region, account, kind, rest = match.groups()
    if kind not in kinds:
        raise _invalid(f"Resource type not valid in this context: {kind}")
    name, colon, qualifier = rest.partition(":")
    if not name or (colon and not qualifier):
        raise _invalid(f"Invalid ARN: {text}")
    return Arn(text, region, account, kind, name, qualifier or None)


def _invalid(reason: str) -> ApiError:
    return ApiError("InvalidArn", f"Invalid Arn: '{reason}'")
