"""Where a document's paths go: its base path, and what to do with it.

Source: "Set the OpenAPI basePath property", API Gateway developer guide.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sfn_harness.apigateway.openapi.document import Document, mapping, sequence

__all__ = ["base_path", "prefix_for"]


def base_path(document: Document) -> str:
    """Return the base path without a slash at its end; "" without one.

    In 3.0 it is the first server's variable ``basePath``, else the path of the first server's URL.
    """
    if document.is_swagger:
        return _clean(str(document.root.get("basePath") or ""))
    servers = [mapping(server) for server in sequence(document.root.get("servers"))]
    for server in servers:
        variable = mapping(mapping(server.get("variables")).get("basePath"))
        if variable:
            return _clean(str(variable.get("default") or ""))
    url = str(servers[0].get("url") or "") if servers else ""
    return _clean(urlsplit(url).path)


def _clean(path: str) -> str:
    return "/" + path.strip("/") if path.strip("/") else ""


def prefix_for(document: Document, mode: str) -> str:
    """Return what to put before every path: nothing (``ignore``), the base path (``prepend``), its tail (``split``)."""
    path = base_path(document)
    if mode == "prepend":
        return path
    if mode == "split":
        # The first part stands for the stage, or for a custom domain's base path mapping.
        _, _, tail = path.removeprefix("/").partition("/")
        return _clean(tail)
    return ""
