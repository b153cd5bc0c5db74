"""Operations: parameters, bodies and responses, as a method request and its method responses have them."""

from __future__ import annotations

import re
from typing import Any

from sfn_harness.apigateway.openapi.description import Findings, Method
from sfn_harness.apigateway.openapi.document import Document, mapping, sequence
from sfn_harness.apigateway.openapi.integrations import integration_of, integration_responses_of, refusal_of
from sfn_harness.apigateway.openapi.schemas import Models
from sfn_harness.apigateway.openapi.security import Security

__all__ = ["ANY", "VERBS", "Operations"]

ANY = "x-amazon-apigateway-any-method"
VERBS = ("get", "put", "post", "delete", "options", "head", "patch")
_PLACES = {"query": "querystring", "header": "header", "path": "path"}
_STATUS = re.compile(r"[1-5]\d\d")


class Operations:
    """Turns the operations of a document into methods."""

    def __init__(self, document: Document, models: Models, security: Security, findings: Findings) -> None:
        """Take what operations refer to."""
        self._document, self._models, self._security, self._findings = document, models, security, findings
        self._validator = document.extension("request-validator")
        self._validators = mapping(document.extension("request-validators"))

    def method(self, path: str, key: str, operation: dict[str, Any], shared: list[Any]) -> Method:
        """Return the method of an operation at ``path``; ``shared`` are the path item's parameters."""
        verb = "ANY" if key == ANY else key.upper()
        parameters = self._parameters([*shared, *sequence(operation.get("parameters"))])
        authorization = self._security.of(operation, f"'{verb}' at path '{path}'")
        node = operation.get("x-amazon-apigateway-integration")
        integration = integration_of(self._document, node)
        refusal = refusal_of(integration) if integration is not None else None
        if refusal:
            self._findings.fail(f"Unable to put integration on '{verb}' for resource at path '{path}': {refusal}")
        settings = {
            **authorization.settings,
            "operationName": str(operation.get("operationId") or ""),
            "requestParameters": self._request_parameters(parameters),
            "requestModels": self._request_models(operation, parameters),
        }
        return Method(
            path=path,
            verb=verb,
            settings=settings,
            authorizer=authorization.authorizer,
            validator=self._validator_of(operation, verb, path),
            responses=self._responses(operation, verb, path),
            integration=integration,
            integration_responses=integration_responses_of(self._document, node),
        )

    def _parameters(self, nodes: list[Any]) -> list[dict[str, Any]]:
        """Resolve the parameters; an operation's own replaces the path item's of the same name and place."""
        chosen: dict[tuple[str, str], dict[str, Any]] = {}
        for node in nodes:
            parameter = self._document.resolve(node)
            if isinstance(parameter, dict):
                place, name = str(parameter.get("in")), str(parameter.get("name"))
                chosen[place, name] = {**parameter, "in": place, "name": name}
            else:
                self._findings.warn(f"Reference to parameter '{mapping(node).get('$ref')}' not found. Ignoring.")
        return list(chosen.values())

    @staticmethod
    def _request_parameters(parameters: list[dict[str, Any]]) -> dict[str, bool]:
        return {
            f"method.request.{_PLACES[parameter['in']]}.{parameter['name']}": (
                parameter["in"] == "path" or parameter.get("required") is True
            )
            for parameter in parameters
            if parameter["in"] in _PLACES
        }

    def _request_models(self, operation: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, str]:
        if self._document.is_swagger:
            types = operation.get("consumes", self._document.root.get("consumes"))
            body = next((parameter for parameter in parameters if parameter["in"] == "body"), {})
            return self._models_for(dict.fromkeys(self._types(types), body.get("schema")))
        body = mapping(self._document.resolve(operation.get("requestBody")))
        return self._models_for(self._schemas(body))

    @staticmethod
    def _types(value: Any) -> list[str]:
        return [str(item) for item in sequence(value)] or ["application/json"]

    @staticmethod
    def _schemas(content: dict[str, Any]) -> dict[str, Any]:
        return {kind: mapping(entry).get("schema") for kind, entry in mapping(content.get("content")).items()}

    def _models_for(self, schemas: dict[str, Any]) -> dict[str, str]:
        named = {kind: self._models.name_of(schema) for kind, schema in schemas.items()}
        return {kind: name for kind, name in named.items() if name is not None}

    def _responses(self, operation: dict[str, Any], verb: str, path: str) -> dict[str, dict[str, Any]]:
        responses: dict[str, dict[str, Any]] = {}
        for status, node in mapping(operation.get("responses")).items():
            if not _STATUS.fullmatch(status):
                self._findings.warn(
                    f"Unable to put method response on '{verb}' for resource at path '{path}': "
                    f"'{status}' is not a status code. Ignoring."
                )
                continue
            response = mapping(self._document.resolve(node))
            if self._document.is_swagger:
                types = self._types(operation.get("produces", self._document.root.get("produces")))
                schemas = dict.fromkeys(types, response.get("schema"))
            else:
                schemas = self._schemas(response)
            responses[status] = {
                "responseModels": self._models_for(schemas),
                "responseParameters": {
                    f"method.response.header.{name}": mapping(self._document.resolve(header)).get("required") is True
                    for name, header in mapping(response.get("headers")).items()
                },
            }
        return responses

    def _validator_of(self, operation: dict[str, Any], verb: str, path: str) -> str | None:
        name = operation.get("x-amazon-apigateway-request-validator", self._validator)
        if name is None or str(name) in self._validators:
            return None if name is None else str(name)
        self._findings.fail(
            f"Unable to put method '{verb}' on resource at path '{path}': Invalid Request Validator identifier "
            f"specified: {name}"
        )
        return None
