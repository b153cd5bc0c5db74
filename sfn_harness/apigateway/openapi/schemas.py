"""Models: the document's schemas, and those that it writes in place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from sfn_harness.apigateway.openapi.description import Findings, Model
from sfn_harness.apigateway.openapi.document import Document, mapping
from sfn_harness.apigateway.validation import schema_error

__all__ = ["Models"]

_REFERENCE = re.compile(r"#/(?:components/schemas|definitions)/([^/]+)")
_NAME = re.compile(r"[A-Za-z0-9]+")


class Models:
    """The models of a document: ``by_name``, to which ``name_of`` adds the ones for schemas written in place."""

    def __init__(self, document: Document, model_url: Callable[[str], str], findings: Findings) -> None:
        """Take the document's schemas. ``model_url`` is the address of a model, which replaces references to it."""
        self._model_url = model_url
        self._findings = findings
        self.by_name: dict[str, Model] = {}
        shared = document.components("definitions", "schemas")
        self._known = frozenset(shared)
        for name, schema in shared.items():
            if not _NAME.fullmatch(name):
                findings.fail(f"Unable to create model for '{name}': Model name must be alphanumeric: {name}")
                continue
            refused = schema_error(schema)
            if refused:
                findings.fail(f"Unable to create model for '{name}': {refused}")
                continue
            self.by_name[name] = Model(name, self._rewritten(schema), str(mapping(schema).get("description") or ""))

    def _rewritten(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self._rewritten(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        return {
            key: self._model_url(found[1])
            if key == "$ref" and isinstance(item, str) and (found := _REFERENCE.fullmatch(item))
            else self._rewritten(item)
            for key, item in schema.items()
        }

    def name_of(self, schema: Any) -> str | None:
        """Return the name of the model for a schema, a reference or not; None (with a warning) for an unknown one.

        A schema written in place becomes a model of its own. AWS gives it a random name (``MODEL`` and six characters);
        here the name follows from the schema, so that importing a document twice changes nothing.
        """
        if not isinstance(schema, dict):
            return None
        found = _REFERENCE.fullmatch(str(schema.get("$ref") or ""))
        if found:
            if found[1] in self._known:
                return found[1]
            self._findings.warn(f"Reference to model '{found[1]}' not found. Ignoring.")
            return None
        refused = schema_error(schema)
        if refused:
            self._findings.fail(f"Unable to create model for a schema in place: {refused}")
            return None
        rewritten = self._rewritten(schema)
        digest = hashlib.sha256(json.dumps(rewritten, sort_keys=True, default=str).encode()).hexdigest()
        name = f"MODEL{digest[:6]}"
        self.by_name.setdefault(name, Model(name, rewritten))
        return name
