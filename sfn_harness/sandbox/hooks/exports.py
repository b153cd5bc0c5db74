"""GetExport: the OpenAPI document of what a stage serves.

Recorded on AWS, 2025-05-06 (localstack, test_apigateway_extended.snapshot.json: test_export_oas30_openapi). What these
recordings do not show is MiniStack's: signatures and Cognito authorizers are not in the document.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1

from sfn_harness.sandbox.hooks.deployments import serving, snapshot_of
from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_MODEL = re.compile(r"https://apigateway\.amazonaws\.com/restapis/[^/]+/models/([^/]+)")


def _with_references(value: Any, container: str) -> Any:
    """Copy a schema with references into the document in place of those to API Gateway's models."""
    if isinstance(value, list):
        return [_with_references(item, container) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"#/{container}/{found[1]}"
        if key == "$ref" and isinstance(item, str) and (found := _MODEL.fullmatch(item))
        else _with_references(item, container)
        for key, item in value.items()
    }


def _build_api_export(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def build_api_export(api_id: str, stage_name: str, export_type: str, *included: Any) -> dict[str, Any]:
        stage = apigateway_v1._stages_v1[api_id][stage_name]
        with serving(snapshot_of(api_id, stage)):
            document = original(api_id, stage_name, export_type, *included)
        if export_type != "oas30":
            document["definitions"] = _with_references(document["definitions"], "definitions")
            return document
        document["components"]["schemas"] = _with_references(document["components"]["schemas"], "components/schemas")
        for server in document["servers"]:
            address = server["url"].rpartition("/")[0]
            server |= {"url": f"{address}/{{basePath}}", "variables": {"basePath": {"default": stage_name}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                if "requestBody" in operation:
                    operation["requestBody"]["required"] = True
                for response in operation["responses"].values():
                    response.setdefault("content", {})
        return document

    return build_api_export


def _get_export(original: Callable[..., Response]) -> Callable[..., Response]:
    def get_export(api_id: str, stage_name: str, export_type: str, *request: Any) -> Response:
        status, headers, body = original(api_id, stage_name, export_type, *request)
        if status == 200:
            date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            extension = headers["Content-Type"].rpartition("/")[2]
            headers |= {
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f'attachment; filename="{export_type.lower()}_{date}.{extension}"',
            }
        return status, headers, body

    return get_export


_V1 = "ministack.services.apigateway_v1"

USES = {_V1: ("_stages_v1",)}

HOOKS = (
    Hook(_V1, "_build_api_export", "An export is of the stage's deployment.", _build_api_export),
    Hook(_V1, "_get_export", "The document is sent as a file.", _get_export),
)
