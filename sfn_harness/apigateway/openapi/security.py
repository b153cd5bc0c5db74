"""Security schemes: API keys, signatures, authorizers, and what a ``security`` list asks of a method.

Sources: "x-amazon-apigateway-authorizer object", "x-amazon-apigateway-authtype property" and "x-amazon-apigateway-auth
object", API Gateway developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sfn_harness.apigateway.openapi.description import Findings
from sfn_harness.apigateway.openapi.document import Document, mapping, sequence

__all__ = ["Authorization", "Security"]

_AUTHORIZATION_TYPES = {"token": "CUSTOM", "request": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS"}
_COPIED = (
    "authorizerCredentials",
    "authorizerResultTtlInSeconds",
    "authorizerUri",
    "identityValidationExpression",
    "providerARNs",
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a method asks of its caller: PutMethod's members, and the authorizer's name."""

    settings: dict[str, Any]
    authorizer: str | None = None


def _identity_source(scheme: dict[str, Any], extension: dict[str, Any]) -> str | None:
    """Return where the authorizer finds the caller's identity: its own say, else the scheme's header or parameter."""
    if extension.get("identitySource"):
        return str(extension["identitySource"])
    if str(extension.get("type")).lower() == "request":
        return None
    place = "querystring" if scheme.get("in") == "query" else "header"
    return f"method.request.{place}.{scheme.get('name') or 'Authorization'}"


def _authorizer(name: str, scheme: dict[str, Any], extension: dict[str, Any]) -> dict[str, Any]:
    authorizer = {
        "name": name,
        "type": str(extension["type"]).upper(),
        "identitySource": _identity_source(scheme, extension),
        "authType": scheme.get("x-amazon-apigateway-authtype"),
        **{key: extension.get(key) for key in _COPIED},
    }
    return {key: value for key, value in authorizer.items() if value is not None}


class Security:
    """The schemes of a document, and what they mean for methods.

    ``authorizers`` has CreateAuthorizer's members by name.
    """

    def __init__(self, document: Document, findings: Findings) -> None:
        """Read the schemes; a method that asks for one that API Gateway has no use for gets a warning."""
        self._findings = findings
        self._default = document.root.get("security")
        self._auth = mapping(document.extension("auth"))
        self._schemes: dict[str, dict[str, Any]] = {}
        self.authorizers: dict[str, dict[str, Any]] = {}
        for name, node in document.components("securityDefinitions", "securitySchemes").items():
            scheme = mapping(document.resolve(node))
            extension = mapping(document.resolve(scheme.get("x-amazon-apigateway-authorizer")))
            kind = str(extension.get("type") or "").lower()
            if kind in _AUTHORIZATION_TYPES:
                self.authorizers[name] = _authorizer(name, scheme, extension)
                self._schemes[name] = {"authorizationType": _AUTHORIZATION_TYPES[kind]}
            elif extension:
                findings.fail(f"Unable to create authorizer '{name}': Invalid authorizer type specified: {kind}")
            elif str(scheme.get("x-amazon-apigateway-authtype") or "").lower() == "awssigv4":
                self._schemes[name] = {"authorizationType": "AWS_IAM"}
            elif scheme.get("type") == "apiKey" and str(scheme.get("name")).lower() == "x-api-key":
                self._schemes[name] = {"apiKeyRequired": True}

    def of(self, operation: dict[str, Any], where: str) -> Authorization:
        """Return what an operation asks for; the document's ``security`` where it has none of its own."""
        settings: dict[str, Any] = {"authorizationType": "NONE", "apiKeyRequired": False}
        authorizer: str | None = None
        for name, scopes in self._required(operation):
            scheme = self._schemes.get(name)
            if scheme is None:
                self._findings.warn(f"Security scheme '{name}' of {where} is not one API Gateway supports. Ignoring.")
            elif "apiKeyRequired" in scheme:
                settings["apiKeyRequired"] = True
            elif settings["authorizationType"] == "NONE":
                settings |= scheme
                authorizer = name if name in self.authorizers else None
                if scopes and scheme["authorizationType"] == "COGNITO_USER_POOLS":
                    settings["authorizationScopes"] = [str(scope) for scope in scopes]
        asked = mapping(operation.get("x-amazon-apigateway-auth")) or self._auth
        kind = str(asked.get("type") or "").upper()
        if settings["authorizationType"] == "NONE" and kind == "AWS_IAM":
            settings["authorizationType"] = kind
        return Authorization(settings, authorizer)

    def _required(self, operation: dict[str, Any]) -> list[tuple[str, list[Any]]]:
        lists = operation.get("security", self._default)
        return [(name, sequence(scopes)) for item in sequence(lists) for name, scopes in mapping(item).items()]
