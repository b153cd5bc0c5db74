"""What the ``Resource`` of a Task state names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Pattern(Enum):
    """How a service integration goes on after the service's answer."""

    RESPONSE = ""
    SYNC = ".sync"
    SYNC_2 = ".sync:2"
    CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class FunctionResource:
    """A Lambda function's ARN."""

    arn: str


@dataclass(frozen=True, slots=True)
class ActivityResource:
    """An activity's ARN."""

    arn: str


@dataclass(frozen=True, slots=True)
class ServiceResource:
    """``arn:<partition>:states:::[aws-sdk:]<service>:<action>[<pattern>]``.

    Attributes:
        arn: the whole.
        service: such as ``sqs``, or ``sfn`` of the SDK.
        action: such as ``sendMessage``, without the pattern.
        pattern: how it goes on.
        sdk: an integration of the SDK.

    """

    arn: str
    service: str
    action: str
    pattern: Pattern
    sdk: bool

    @property
    def event_type(self) -> str:
        """``resourceType`` in events."""
        return f"aws-sdk:{self.service}" if self.sdk else self.service

    @property
    def event_resource(self) -> str:
        """``resource`` in events."""
        return self.action + self.pattern.value


Resource = FunctionResource | ActivityResource | ServiceResource

_SERVICE = re.compile(
    r"arn:aws[a-z-]*:states:::(?P<sdk>aws-sdk:)?(?P<service>[a-z0-9-]+):(?P<action>[A-Za-z0-9]+)"
    r"(?P<pattern>\.sync:2|\.sync|\.waitForTaskToken)?"
)
# TestState has taken "arn:aws:lambda:your-region:your-account-id:function:yourHelloWorldFunction" (recorded on AWS,
# localstack/localstack tests v4.14.0, v2/test_state/test_state_configuration.py, 13-11-2025).
_FUNCTION = re.compile(r"arn:aws[a-z-]*:lambda:[A-Za-z0-9-]+:[A-Za-z0-9-]+:function:.+")
_ACTIVITY = re.compile(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:.+")


def parse_resource(arn: str) -> Resource | None:
    """Return what a resource names; None: nothing that a task can do."""
    service = _SERVICE.fullmatch(arn)
    if service is not None:
        pattern = Pattern(service["pattern"] or "")
        return ServiceResource(arn, service["service"], service["action"], pattern, service["sdk"] is not None)
    if _FUNCTION.fullmatch(arn):
        return FunctionResource(arn)
    return ActivityResource(arn) if _ACTIVITY.fullmatch(arn) else None
