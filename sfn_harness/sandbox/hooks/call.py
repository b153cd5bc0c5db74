"""One call to a stage of a REST API: what it is about, and its ``$context``."""

from __future__ import annotations

import base64
import os
import re
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ministack.core.arn import execute_api_arn
from ministack.core.responses import get_request_client_ip

from sfn_harness.apigateway.request import GatewayRequest
from sfn_harness.sandbox.hooks.deployments import Snapshot

__all__ = ["CURRENT", "USES", "Call", "request_id_of"]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_REPLACED = "UUID_REPLACED_INVALID_REQUEST_ID"


def request_id_of(headers: Mapping[str, str]) -> str:
    """Return ``$context.requestId``: the client's, when it sends a UUID as ``x-amzn-requestid``, or a new one.

    Source: "Set up CloudWatch logging for REST APIs", API Gateway guide: clients can override the id with a UUID; any
    other value is replaced by this text in access logs. That templates see it, too, is from memory.
    """
    given = headers.get("x-amzn-requestid")
    if given is None:
        return str(uuid.uuid4())
    return given if _UUID.fullmatch(given) else _REPLACED


@dataclass
class Call:
    """The request, and what routing and authorization have found out about it so far."""

    api_id: str
    stage_name: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query_params: dict[str, list[str]]
    account: str
    region: str
    stage: dict[str, Any] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    resource: dict[str, Any] = field(default_factory=dict)
    path_params: dict[str, str] = field(default_factory=dict)
    authorizer: dict[str, Any] | None = None
    identity: dict[str, Any] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    time: float = field(default_factory=time.time)

    @cached_property
    def extended_request_id(self) -> str:
        """``$context.extendedRequestId``, which AWS also sends as ``x-amz-apigw-id``. No client can choose it.

        Seen on AWS: 16 characters of base64 that end with ``=``, ``JJbxmplHYosFVYQ=`` for one.
        """
        return base64.b64encode(os.urandom(11)).decode()

    @property
    def source_arn(self) -> str:
        """The ARN that API Gateway acts for: ``aws:SourceArn`` in trust and function policies."""
        path = self.resource.get("path") or self.path
        return execute_api_arn(self.region, self.account, self.api_id, self.stage_name, self.method, path)

    @property
    def stage_variables(self) -> dict[str, str]:
        """The stage's variables."""
        return self.stage.get("variables") or {}

    def context(self) -> dict[str, Any]:
        """``$context``. Source: "Variables for data transformations for API Gateway", API Gateway guide."""
        moment = time.gmtime(self.time)
        domain = self.headers.get("host", "").partition(":")[0]
        context: dict[str, Any] = {
            "accountId": self.account,
            "apiId": self.api_id,
            "deploymentId": self.stage.get("deploymentId"),
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "extendedRequestId": self.extended_request_id,
            "httpMethod": self.method,
            "identity": {
                "sourceIp": get_request_client_ip(),
                "userAgent": self.headers.get("user-agent", ""),
                **self.identity,
            },
            "path": f"/{self.stage_name}{self.path}",
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", moment),
            "requestTimeEpoch": int(self.time * 1000),
            "resourceId": self.resource.get("id", ""),
            "resourcePath": self.resource.get("path", ""),
            "stage": self.stage_name,
        }
        if self.authorizer is not None:
            context["authorizer"] = self.authorizer
        return context

    def gateway_request(self) -> GatewayRequest:
        """Return the call as the integration pipeline takes it."""
        return GatewayRequest(
            method=self.method,
            body=self.body,
            headers=self.headers,
            querystring=self.query_params,
            path_parameters=self.path_params,
            context=self.context(),
            stage_variables=self.stage_variables,
        )


CURRENT: ContextVar[Call | None] = ContextVar("current_call", default=None)

USES = {
    "ministack.core.arn": ("execute_api_arn",),
    "ministack.core.responses": ("get_request_client_ip",),
}
