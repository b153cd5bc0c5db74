"""Reading a document: JSON or YAML, OpenAPI 3.0 or Swagger 2.0, and the references inside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

__all__ = ["Document", "InvalidDocument", "mapping", "sequence"]

_MAX_REFERENCES = 32  # of references to references; a circle has no end


class InvalidDocument(ValueError):  # noqa: N818  (its text is API Gateway's answer)
    """Not a document that API Gateway reads. Recorded on AWS: it does not say why."""

    def __init__(self) -> None:
        super().__init__("Invalid OpenAPI input.")


class _Loader(yaml.SafeLoader):
    """YAML's plain values, with dates left as the text they are: ``version: 2024-01-31`` is no date."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mapping(value: Any) -> dict[str, Any]:
    """Return the value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Return the value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def _named(value: Any) -> Any:
    """Give every object names that are text: YAML reads ``200:`` as a number."""
    if isinstance(value, dict):
        return {str(key): _named(item) for key, item in value.items()}
    return [_named(item) for item in value] if isinstance(value, list) else value


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        pass
    try:
        # A SafeLoader: it makes nothing but plain values.
        return _named(yaml.load(body, Loader=_Loader))  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidDocument from error


class Document:
    """A document. ``root`` is its object; ``is_swagger`` tells version 2.0 from 3.0."""

    def __init__(self, body: bytes) -> None:
        """Read the document. Raises InvalidDocument."""
        root = _read(body)
        if not isinstance(root, dict) or not isinstance(root.get("paths", {}), dict):
            raise InvalidDocument
        self.root: dict[str, Any] = root
        self.is_swagger = str(root.get("swagger")) == "2.0"
        if not self.is_swagger and not str(root.get("openapi")).startswith("3.0"):
            raise InvalidDocument

    def resolve(self, node: Any) -> Any:
        """Follow a node's ``$ref`` within the document; None when it leads nowhere."""
        for _ in range(_MAX_REFERENCES):
            reference = node.get("$ref") if isinstance(node, dict) else None
            if not isinstance(reference, str):
                return node
            node = self._at(reference)
        return None

    def _at(self, reference: str) -> Any:
        place, node = reference.removeprefix("#"), self.root
        if place == reference:
            return None
        for step in place.split("/")[1:]:
            node = mapping(node).get(step.replace("~1", "/").replace("~0", "~"))
        return node

    def components(self, swagger_name: str, name: str) -> dict[str, Any]:
        """Return a group of shared definitions: at the top in 2.0, below ``components`` in 3.0."""
        if self.is_swagger:
            return mapping(self.root.get(swagger_name))
        return mapping(mapping(self.root.get("components")).get(name))

    def extension(self, name: str) -> Any:
        """Return the value of ``x-amazon-apigateway-<name>`` of the whole document."""
        return self.resolve(self.root.get(f"x-amazon-apigateway-{name}"))

    def paths(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every path and its item."""
        for path, item in mapping(self.root.get("paths")).items():
            if path.startswith("/"):
                yield path, mapping(self.resolve(item))
