"""OpenAPI documents as API Gateway imports them: a document becomes a neutral description of a REST API.

``describe(body, ...)`` is the way in; nothing here knows an emulator. Source for all of it: "Develop REST APIs using
OpenAPI in API Gateway" and "OpenAPI extensions for API Gateway", API Gateway developer guide.
"""

from __future__ import annotations

from sfn_harness.apigateway.openapi.description import Description, Method, Model
from sfn_harness.apigateway.openapi.document import InvalidDocument
from sfn_harness.apigateway.openapi.importer import describe

__all__ = ["Description", "InvalidDocument", "Method", "Model", "describe"]
