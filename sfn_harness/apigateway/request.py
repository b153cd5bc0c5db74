"""The messages that travel through an integration: request, integration, backend request and response, answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "BackendRequest",
    "BackendResponse",
    "GatewayFailure",
    "GatewayRequest",
    "GatewayResponse",
    "Integration",
    "IntegrationResponse",
]

# API Gateway's default and greatest integration timeout of a REST API.
DEFAULT_TIMEOUT_SECONDS = 29.0


class GatewayFailure(Exception):  # noqa: N818  (it is an answer to the caller, not a defect)
    """An error that API Gateway answers itself, through the gateway response of ``response_type``.

    ``message`` is ``$context.error.message`` (None renders as null), ``detail`` is for a log only, ``validation`` is
    ``$context.error.validationErrorString``, ``status`` replaces the response type's own status.
    """

    def __init__(
        self,
        response_type: str,
        message: str | None = "Internal server error",
        *,
        detail: str = "",
        validation: str | None = None,
        status: int | None = None,
        error_type: str | None = None,
    ) -> None:
        super().__init__(f"{response_type}: {detail or message}")
        self.response_type = response_type
        self.message = message
        self.detail = detail
        self.validation = validation
        self.status = status
        self.error_type = error_type


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """What the caller sent, as the method request sees it.

    ``headers`` has lower-case names; ``querystring`` has every value of each name; ``context`` is ``$context``.
    """

    method: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    querystring: Mapping[str, Sequence[str]] = field(default_factory=dict)
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8", errors="replace")

    def single_querystring(self) -> dict[str, str]:
        """Each query parameter's last value, which is the one ``$input.params`` and parameter mappings see."""
        return {name: values[-1] for name, values in self.querystring.items() if values}


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """One entry of an integration's responses."""

    status: int
    selection_pattern: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Integration:
    """A method's integration, as deployed. ``method_statuses`` are the statuses that the method response declares."""

    type: str
    uri: str = ""
    http_method: str = "POST"
    credentials: str | None = None
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    request_templates: Mapping[str, str] = field(default_factory=dict)
    passthrough: str = "WHEN_NO_MATCH"
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    responses: tuple[IntegrationResponse, ...] = ()
    method_statuses: frozenset[str] = frozenset()

    @classmethod
    def from_method(cls, method: Mapping[str, Any]) -> Integration:
        """Build from a Method as the control plane returns it (``methodIntegration``, ``methodResponses``)."""
        source = method.get("methodIntegration") or {}
        responses = tuple(
            IntegrationResponse(
                status=int(entry.get("statusCode") or status),
                selection_pattern=entry.get("selectionPattern") or "",
                parameters=dict(entry.get("responseParameters") or {}),
                templates=dict(entry.get("responseTemplates") or {}),
            )
            # AWS does not say which of several matching patterns wins; the lowest status does, so a run repeats.
            for status, entry in sorted((source.get("integrationResponses") or {}).items())
        )
        return cls(
            type=(source.get("type") or "").upper(),
            uri=source.get("uri") or "",
            http_method=source.get("httpMethod") or "POST",
            credentials=source.get("credentials") or None,
            request_parameters=dict(source.get("requestParameters") or {}),
            request_templates=dict(source.get("requestTemplates") or {}),
            passthrough=(source.get("passthroughBehavior") or "WHEN_NO_MATCH").upper(),
            timeout=int(source.get("timeoutInMillis") or DEFAULT_TIMEOUT_SECONDS * 1000) / 1000,
            responses=responses,
            method_statuses=frozenset(str(status) for status in method.get("methodResponses") or {}),
        )


@dataclass(slots=True)
class BackendRequest:
    """What goes to the backend, once mapped. ``headers`` has lower-case names.

    ``overrides`` is what the request's template made of ``$context.requestOverride`` and ``responseOverride``: the
    response's template sees it, and the response is overridden with it.
    """

    uri: str
    http_method: str
    headers: dict[str, str]
    querystring: dict[str, list[str]]
    body: bytes
    credentials: str | None = None
    overrides: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BackendResponse:
    """What the backend answered. ``selector`` is the text that selection patterns are matched against."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    selector: str | None = None

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def selected_by(self) -> str:
        """The text for selection patterns: the status unless the backend gave another."""
        return str(self.status) if self.selector is None else self.selector


@dataclass(slots=True)
class GatewayResponse:
    """What the caller gets."""

    status: int
    headers: dict[str, str]
    body: bytes
