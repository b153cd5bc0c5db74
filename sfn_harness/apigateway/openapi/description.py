"""What an OpenAPI document says of a REST API, in the members of API Gateway's own requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Description", "Findings", "Method", "Model"]


@dataclass(frozen=True, slots=True)
class Model:
    """A model, as CreateModel takes it. ``schema`` is a JSON schema whose references are API Gateway's."""

    name: str
    schema: Any
    description: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Method:
    """A method. ``settings`` are PutMethod's members but for ids; the authorizer and the validator are given by name.

    ``responses`` are PutMethodResponse's members by status. ``integration`` has PutIntegration's members (its
    ``httpMethod`` is the integration's), None without one; ``integration_responses`` has PutIntegrationResponse's by
    status.
    """

    path: str
    verb: str
    settings: dict[str, Any] = field(default_factory=dict)
    authorizer: str | None = None
    validator: str | None = None
    responses: dict[str, dict[str, Any]] = field(default_factory=dict)
    integration: dict[str, Any] | None = None
    integration_responses: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """What is wrong with a document: errors refuse it, warnings do so when the caller asks for that."""

    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        """Add a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def fail(self, text: str) -> None:
        """Add an error, once."""
        if text not in self.errors:
            self.errors.append(text)


@dataclass(frozen=True, slots=True)
class Description:
    """A REST API, as a document describes it.

    ``settings`` has the RestApi's members that the document sets: ``name``, ``description``, ``version``,
    ``apiKeySource``, ``binaryMediaTypes``, ``minimumCompressionSize``, ``policy`` (JSON text),
    ``disableExecuteApiEndpoint``, ``vpcEndpointIds``. ``authorizers`` (CreateAuthorizer), ``validators``
    (CreateRequestValidator) and ``models`` are by name, ``gateway_responses`` (PutGatewayResponse) by type. ``paths``
    are all paths, those without a method included.
    """

    settings: dict[str, Any]
    paths: tuple[str, ...]
    methods: tuple[Method, ...]
    models: dict[str, Model]
    authorizers: dict[str, dict[str, Any]]
    validators: dict[str, dict[str, Any]]
    gateway_responses: dict[str, dict[str, Any]]
    findings: Findings
