"""Models: what CreateModel refuses, and what of an imported one is validated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.apigateway.validation import schema_error, validated_part
from sfn_harness.sandbox.hooks.refusals import Response, refuse
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES", "ImportedModel"]


class ImportedModel(dict):
    """The record of a model that a document brought, which not all is validated of."""


def _create_model(original: Callable[..., Response]) -> Callable[..., Response]:
    def create_model(api_id: str, data: dict[str, Any]) -> Response:
        # Recorded on AWS, 2024-04-15 (localstack, test_model_validation). Of the schema {} nothing is known.
        if not data.get("name"):
            return refuse("Model name must be non-empty")
        if not data.get("schema"):
            return refuse("Model schema must have at least 1 property or array items defined")
        if data["name"] in (apigateway_v1._models.get(api_id) or {}):
            return refuse("Model name already exists for this REST API", 409)
        try:
            refused = schema_error(json.loads(data["schema"]))
        except ValueError:
            refused = (
                "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"
            )
        return refuse(refused) if refused else original(api_id, data)

    return create_model


def _update_model(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_model(api_id: str, name: str, data: dict[str, Any]) -> Response:
        response = original(api_id, name, data)
        models = apigateway_v1._models.get(api_id) or {}
        if name in models:
            models[name] = dict(models[name])
        return response

    return update_model


def _methods(api_id: str) -> Iterator[dict[str, Any]]:
    for resource in (apigateway_v1._resources.get(api_id) or {}).values():
        yield from (resource.get("resourceMethods") or {}).values()


def _delete_model(original: Callable[..., Response]) -> Callable[..., Response]:
    def delete_model(api_id: str, name: str) -> Response:
        if any(name in (method.get("requestModels") or {}).values() for method in _methods(api_id)):
            return refuse(f"Cannot delete model '{name}', is referenced by a method", 409)
        return original(api_id, name)

    return delete_model


@lru_cache(maxsize=256)
def _validated(schema: str) -> Any:
    # Parsed once for each text: MiniStack tells schemas that refer to themselves by their identity.
    return validated_part(json.loads(schema))


def _model_schema(original: Callable[..., Any]) -> Callable[..., Any]:
    def model_schema(api_id: str, name: str) -> Any:
        record = (apigateway_v1._models.get(api_id) or {}).get(name)
        return _validated(record["schema"]) if isinstance(record, ImportedModel) else original(api_id, name)

    return model_schema


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_models", "_resources", "_v1_error")}

HOOKS = (
    Hook(_V1, "_create_model", "AWS refuses keywords that its models do not know.", _create_model),
    Hook(_V1, "_update_model", "Of a model that was updated all is validated.", _update_model),
    Hook(_V1, "_delete_model", "AWS keeps a model that a method names.", _delete_model),
    Hook(_V1, "_model_schema", "Of a model that was imported not all is validated.", _model_schema),
)
