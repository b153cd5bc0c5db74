"""The URI of an AWS service integration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["ServiceUri", "parse_service_uri"]


@dataclass(frozen=True, slots=True)
class ServiceUri:
    """``arn:<partition>:apigateway:<region>:[<subdomain>.]<service>:{action|path}/<rest>``."""

    partition: str
    region: str
    service: str
    kind: str
    rest: str

    @property
    def action(self) -> str | None:
        """The action's name of an ``action`` URI, without ``&Version=...``; None for a ``path`` URI."""
        return self.rest.partition("&")[0] if self.kind == "action" else None

    @property
    def lambda_function(self) -> str | None:
        """The function (ARN or name) of a Lambda invocation URI, None for any other."""
        _, found, tail = self.rest.partition("/functions/")
        function, slash, verb = tail.rpartition("/")
        if self.service != "lambda" or not found or not slash or verb != "invocations":
            return None
        return function


@lru_cache(maxsize=1024)
def parse_service_uri(uri: str) -> ServiceUri | None:
    """Take an integration URI apart, None when it is not a service integration's.

    Source: the ``uri`` member of PutIntegration, API Gateway API reference.
    """
    parts = uri.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "apigateway":
        return None
    kind, slash, rest = parts[5].partition("/")
    if not slash or kind not in ("action", "path"):
        return None
    # A subdomain ("runtime.sagemaker") comes before the service.
    return ServiceUri(parts[1], parts[3], parts[4].rpartition(".")[2], kind, rest)
