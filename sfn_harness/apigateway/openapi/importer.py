"""A document, as a whole: its settings, its paths, and everything that they refer to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sfn_harness.apigateway.openapi.base_path import prefix_for
from sfn_harness.apigateway.openapi.description import Description, Findings, Method
from sfn_harness.apigateway.openapi.document import Document, mapping, sequence
from sfn_harness.apigateway.openapi.operations import ANY, VERBS, Operations
from sfn_harness.apigateway.openapi.schemas import Models
from sfn_harness.apigateway.openapi.security import Security

__all__ = ["describe"]

_INFO = {"name": "title", "description": "description", "version": "version"}
_PATH_PART = re.compile(r"[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\+?\}")
# The members of a path item that are neither an operation nor read here, and mean nothing to API Gateway.
_IGNORED_MEMBERS = ("$ref", "description", "parameters", "servers", "summary")


def _endpoint(document: Document) -> dict[str, Any]:
    """``x-amazon-apigateway-endpoint-configuration``: at the top in 2.0, in a server in 3.0."""
    nodes = [document.root, *sequence(document.root.get("servers"))]
    found = (mapping(node).get("x-amazon-apigateway-endpoint-configuration") for node in nodes)
    return next((mapping(configuration) for configuration in found if configuration), {})


def _settings(document: Document, findings: Findings) -> dict[str, Any]:
    info = mapping(document.root.get("info"))
    policy, size = document.extension("policy"), document.extension("minimum-compression-size")
    if size is not None and not str(size).isdecimal():
        findings.fail(f"Invalid minimum compression size specified: {size}")
        size = None
    types, source = document.extension("binary-media-types"), document.extension("api-key-source")
    endpoint = _endpoint(document)
    settings: dict[str, Any] = {
        **{key: str(info[name]) for key, name in _INFO.items() if info.get(name) is not None},
        "apiKeySource": None if source is None else str(source).upper(),
        "binaryMediaTypes": None if types is None else [str(item) for item in sequence(types)],
        "minimumCompressionSize": None if size is None else int(size),
        "policy": json.dumps(policy) if isinstance(policy, dict) else policy,
        "disableExecuteApiEndpoint": endpoint.get("disableExecuteApiEndpoint"),
        "vpcEndpointIds": endpoint.get("vpcEndpointIds"),
    }
    return {key: value for key, value in settings.items() if value is not None}


def _validators(document: Document) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "name": name,
            "validateRequestBody": mapping(validator).get("validateRequestBody") is True,
            "validateRequestParameters": mapping(validator).get("validateRequestParameters") is True,
        }
        for name, validator in mapping(document.extension("request-validators")).items()
    }


def _gateway_responses(document: Document) -> dict[str, dict[str, Any]]:
    responses = {}
    for kind, node in mapping(document.extension("gateway-responses")).items():
        response = mapping(document.resolve(node))
        status = response.get("statusCode")
        responses[kind] = {
            **({} if status is None else {"statusCode": str(status)}),
            "responseParameters": mapping(response.get("responseParameters")),
            "responseTemplates": mapping(response.get("responseTemplates")),
        }
    return responses


def _methods(
    document: Document, operations: Operations, prefix: str, findings: Findings
) -> tuple[list[str], list[Method]]:
    """Return every path, and every method, of a document whose paths go below ``prefix``."""
    paths: list[str] = []
    methods: list[Method] = []
    for relative, item in document.paths():
        path = (prefix + relative).rstrip("/") or "/"
        wrong = [part for part in path.split("/") if part and not _PATH_PART.fullmatch(part)]
        if wrong:
            findings.fail(
                f"Unable to create resource at path '{path}': Resource's path part only allow a-zA-Z0-9._-: or a valid "
                "greedy path variable and curly brackets at the beginning and the end"
            )
            continue
        paths.append(path)
        for key, operation in item.items():
            if key in (*VERBS, ANY) and isinstance(operation, dict):
                methods.append(operations.method(path, key, operation, sequence(item.get("parameters"))))
            elif key not in _IGNORED_MEMBERS and not key.startswith("x-"):
                findings.warn(f"Parse issue: attribute paths.'{relative}'.{key} is unexpected")
    return paths, methods


def describe(body: bytes, *, model_url: Callable[[str], str], base_path: str = "ignore") -> Description:
    """Describe a document: OpenAPI 3.0 or Swagger 2.0, JSON or YAML.

    ``model_url`` gives the address of a model by its name; references in schemas become that. ``base_path`` is
    ``ignore``, ``prepend`` or ``split``. What is wrong with parts of the document is in the description's ``findings``.

    Raises InvalidDocument: it is no document of these.
    """
    document, findings = Document(body), Findings()
    models = Models(document, model_url, findings)
    security = Security(document, findings)
    operations = Operations(document, models, security, findings)
    paths, methods = _methods(document, operations, prefix_for(document, base_path), findings)
    return Description(
        settings=_settings(document, findings),
        paths=tuple(paths),
        methods=tuple(methods),
        models=models.by_name,
        authorizers=security.authorizers,
        validators=_validators(document),
        gateway_responses=_gateway_responses(document),
        findings=findings,
    )
