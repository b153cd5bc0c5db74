"""ImportRestApi and PutRestApi: a REST API from an OpenAPI document.

MiniStack imports a document for CloudFormation only, without templates, responses, models and validators.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.apigateway.openapi import Description, InvalidDocument, Method, describe
from sfn_harness.sandbox.hooks.models import ImportedModel
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

# What a document describes, and so what a failed import puts back.
_PARTS = (
    "_authorizers_v1",
    "_documentation_parts",
    "_gateway_responses",
    "_models",
    "_request_validators",
    "_resources",
    "_rest_apis",
)
# The members that overwriting resets. Source: ``put_rest_api_mode`` of Terraform's aws_api_gateway_rest_api; the
# endpoint's type, the tags and the id stay.
_DEFAULTS: dict[str, Any] = {
    "description": "",
    "version": "",
    "apiKeySource": "HEADER",
    "binaryMediaTypes": [],
    "minimumCompressionSize": None,
    "policy": None,
    "disableExecuteApiEndpoint": False,
}
# PutIntegration's members that MiniStack's does not keep.
_KEPT_BESIDE = ("cacheNamespace", "connectionId", "tlsConfig")
_MODES = ("merge", "overwrite")
_BASE_PATHS = ("ignore", "prepend", "split")


class _Refused(Exception):  # noqa: N818  (it is an answer to the caller, not a defect)
    """The document cannot be imported; the text is API Gateway's answer."""


def _message(response: Response) -> str | None:
    """Return what a control plane call was refused with, None when it was not."""
    return json.loads(response[2])["message"] if response[0] >= 400 else None


def _created(response: Response) -> str:
    return json.loads(response[2])["id"]


def _with_ancestors(paths: tuple[str, ...]) -> list[str]:
    """Return the paths and all that lead to them, each after the one above it; ``/`` is left out."""
    found: dict[str, None] = {}
    for path in paths:
        above = ""
        for part in path.strip("/").split("/"):
            if part:
                above = f"{above}/{part}"
                found[above] = None
    return list(found)


class _Import:
    """One document on its way into one API of the current account and region."""

    def __init__(self, api_id: str, description: Description, *, overwrite: bool) -> None:
        self._id, self._description, self._overwrite = api_id, description, overwrite
        self._errors = description.findings.errors
        self._authorizers: dict[str, str] = {}
        self._validators: dict[str, str] = {}

    def run(self) -> list[str]:
        """Change the API, and return what was refused; the API is half changed then."""
        self._settings()
        self._authorizers = self._named("_authorizers_v1", self._description.authorizers, "_create_authorizer")
        self._validators = self._named("_request_validators", self._description.validators, "_create_request_validator")
        self._models()
        self._gateway_responses()
        resources = self._resources()
        for method in self._description.methods:
            if method.path in resources:
                self._method(resources[method.path], method)
        return self._errors

    def _settings(self) -> None:
        api, given = apigateway_v1._rest_apis.get(self._id), dict(self._description.settings)
        endpoints = given.pop("vpcEndpointIds", None)
        configuration = api["endpointConfiguration"] = dict(api.get("endpointConfiguration") or {})
        if self._overwrite:
            configuration.pop("vpcEndpointIds", None)
            api.update(copy.deepcopy(_DEFAULTS))
        if endpoints is not None:
            configuration["vpcEndpointIds"] = endpoints
        api.update(given)

    def _named(self, store: str, wanted: Mapping[str, dict[str, Any]], create: str) -> dict[str, str]:
        """Put things with names in place of those that had them, under their ids; return all ids by name."""
        records = getattr(apigateway_v1, store).setdefault(self._id, {})
        ids = {record["name"]: key for key, record in records.items()}
        if self._overwrite:
            for name in ids.keys() - wanted.keys():
                records.pop(ids.pop(name))
        for name, members in wanted.items():
            # Names are unique: what had this one makes room first, and its id stays.
            replaced = records.pop(ids.get(name), None)
            response = getattr(apigateway_v1, create)(self._id, members)
            refused = _message(response)
            if refused:
                self._errors.append(f"Unable to create '{name}': {refused}")
                if replaced is not None:
                    records[ids[name]] = replaced
                continue
            new = _created(response)
            record = records.pop(new)
            record["id"] = ids.setdefault(name, new)
            records[record["id"]] = record
        return ids

    def _models(self) -> None:
        before = apigateway_v1._models.get(self._id) or {}
        apigateway_v1._models[self._id] = {} if self._overwrite else dict(before)
        records = apigateway_v1._models.get(self._id)
        for name, model in self._description.models.items():
            records.pop(name, None)
            response = apigateway_v1._create_model(
                self._id,
                {
                    "name": name,
                    "description": model.description,
                    "schema": json.dumps(model.schema, ensure_ascii=False, indent=2),
                    "contentType": model.content_type,
                },
            )
            refused = _message(response)
            if refused:
                self._errors.append(f"Unable to create model for '{name}': {refused}")
                continue
            records[name] = ImportedModel(records[name])
            if name in before:
                records[name]["id"] = before[name]["id"]

    def _gateway_responses(self) -> None:
        if self._overwrite:
            apigateway_v1._gateway_responses[self._id] = {}
            apigateway_v1._documentation_parts[self._id] = {}
        for kind, members in self._description.gateway_responses.items():
            refused = _message(apigateway_v1._put_gateway_response(self._id, kind, members))
            if refused:
                self._errors.append(f"Unable to put gateway response '{kind}': {refused}")

    def _resources(self) -> dict[str, str]:
        """Make the resources of all paths, and return the ids by path. A path that stays keeps its id."""
        records = apigateway_v1._resources.get(self._id)
        wanted = _with_ancestors(self._description.paths)
        if self._overwrite:
            for key, record in list(records.items()):
                record["resourceMethods"] = {}
                if record["path"] != "/" and record["path"] not in wanted:
                    del records[key]
        ids = {record["path"]: key for key, record in records.items()}
        for path in wanted:
            if path not in ids:
                above, _, part = path.rpartition("/")
                if (above or "/") not in ids:
                    continue  # refused already
                response = apigateway_v1._create_resource(self._id, ids[above or "/"], {"pathPart": part})
                refused = _message(response)
                if refused:
                    self._errors.append(f"Unable to create resource at path '{path}': {refused}")
                else:
                    ids[path] = _created(response)
        return ids

    def _method(self, resource_id: str, method: Method) -> None:
        where = self._id, resource_id, method.verb
        place = f"'{method.verb}' for resource at path '{method.path}'"
        settings = dict(method.settings)
        if method.authorizer is not None:
            settings["authorizerId"] = self._authorizers.get(method.authorizer)
        if method.validator is not None:
            settings["requestValidatorId"] = self._validators.get(method.validator)
        self._note(f"Unable to put method on {place}", apigateway_v1._put_method(*where, settings))
        for status, members in method.responses.items():
            answer = apigateway_v1._put_method_response(*where, status, members)
            self._note(f"Unable to put method response on {place}", answer)
        if method.integration is None:
            return
        answer = apigateway_v1._put_integration(*where, method.integration)
        if self._note(f"Unable to put integration on {place}", answer):
            return
        record = apigateway_v1._resources.get(self._id)[resource_id]["resourceMethods"][method.verb]
        record["methodIntegration"].update(
            {key: method.integration[key] for key in _KEPT_BESIDE if key in method.integration}
        )
        for status, members in method.integration_responses.items():
            answer = apigateway_v1._put_integration_response(*where, status, members)
            self._note(f"Unable to put integration response on {place}", answer)

    def _note(self, what: str, response: Response) -> bool:
        refused = _message(response)
        if refused:
            self._description.findings.fail(f"{what}: {refused}")
        return bool(refused)


def _saved(api_id: str) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(apigateway_v1, name).get(api_id)) for name in _PARTS}


def _restore(api_id: str, saved: dict[str, Any]) -> None:
    for name, part in saved.items():
        store = getattr(apigateway_v1, name)
        if part is None:
            store.pop(api_id, None)
        else:
            store[api_id] = part


def _apply(api_id: str, body: bytes, parameters: Mapping[str, str], *, overwrite: bool) -> list[str]:
    """Import a document, and return the warnings. Raises _Refused, with the API as it was."""
    base_path = parameters.get("basepath", "ignore").lower()
    if base_path not in _BASE_PATHS:
        raise _Refused(f"Invalid base path behavior specified: {base_path}")
    try:
        description = describe(
            body,
            model_url=lambda name: f"https://apigateway.amazonaws.com/restapis/{api_id}/models/{name}",
            base_path=base_path,
        )
    except InvalidDocument as error:
        raise _Refused(str(error)) from error
    saved = _saved(api_id)
    try:
        errors = _Import(api_id, description, overwrite=overwrite).run()
        warnings = description.findings.warnings
        if errors:
            also = ["Additionally, these warnings were found:", *(f"\t{text}" for text in warnings)] if warnings else []
            raise _Refused("\n".join(["Errors found during import:", *(f"\t{text}" for text in errors), *also]))
        if warnings and parameters.get("failonwarnings", "").lower() == "true":
            raise _Refused("\n".join(["Warnings found during import:", *(f"\t{text}" for text in warnings)]))
    except BaseException:
        _restore(api_id, saved)
        raise
    return warnings


def _answer(api_id: str, warnings: list[str], status: int) -> Response:
    view = apigateway_v1._rest_api_view(apigateway_v1._rest_apis.get(api_id))
    return apigateway_v1._v1_response({**view, **({"warnings": warnings} if warnings else {})}, status)


def _put_rest_api(api_id: str, body: bytes, parameters: Mapping[str, str]) -> Response:
    if apigateway_v1._rest_apis.get(api_id) is None:
        return apigateway_v1._v1_error("NotFoundException", "Invalid API identifier specified", 404)
    mode = parameters.get("mode", "merge").lower()
    try:
        if mode not in _MODES:
            raise _Refused(f"Invalid update mode specified: {mode}")
        warnings = _apply(api_id, body, parameters, overwrite=mode == "overwrite")
    except _Refused as refused:
        return apigateway_v1._v1_error("BadRequestException", str(refused), 400)
    return _answer(api_id, warnings, 200)


def _import_rest_api(body: bytes, parameters: Mapping[str, str]) -> Response:
    # Recorded on AWS: an imported API is edge-optimized unless ``parameters`` say otherwise.
    kind = parameters.get("endpointconfigurationtypes", "EDGE")
    api_id = _created(
        apigateway_v1._create_rest_api({"endpointConfiguration": {"types": [kind], "ipAddressType": "ipv4"}})
    )
    try:
        warnings = _apply(api_id, body, parameters, overwrite=False)
    except _Refused as refused:
        apigateway_v1._delete_rest_api(api_id)
        return apigateway_v1._v1_error("BadRequestException", str(refused), 400)
    return _answer(api_id, warnings, 201)


def _single(query_params: Mapping[str, Any] | None) -> dict[str, str]:
    """Return each query parameter's first value, by its name in lower case."""
    return {
        name.lower(): str(value[0] if value else "") if isinstance(value, list) else str(value)
        for name, value in (query_params or {}).items()
    }


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        match method, path.strip("/").split("/"):
            case "PUT", ["restapis", api_id]:
                return _put_rest_api(api_id, body or b"", _single(query_params))
            case "POST", ["restapis"] if _single(query_params).get("mode") == "import":
                return _import_rest_api(body or b"", _single(query_params))
        return await original(method, path, headers, body, query_params)

    return handle_request


_V1 = "ministack.services.apigateway_v1"

USES = {
    _V1: (
        *_PARTS,
        "_create_authorizer",
        "_create_model",
        "_create_request_validator",
        "_create_resource",
        "_create_rest_api",
        "_delete_rest_api",
        "_put_gateway_response",
        "_put_integration",
        "_put_integration_response",
        "_put_method",
        "_put_method_response",
        "_rest_api_view",
        "_v1_error",
        "_v1_response",
    )
}


def _create_rest_api(original: Callable[[dict[str, Any]], Response]) -> Callable[[dict[str, Any]], Response]:
    def create_rest_api(data: dict[str, Any]) -> Response:
        # "endpointConfiguration", CreateRestApi, API reference: edge-optimized unless told otherwise.
        return original({"endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"}, **data})

    return create_rest_api


HOOKS = (
    Hook(_V1, "_create_rest_api", "An API is edge-optimized unless told otherwise.", _create_rest_api),
    Hook(
        _V1,
        "handle_request",
        "Terraform's body is PutRestApi, which MiniStack does not have.",
        _handle_request,
        part="import",
    ),
)
