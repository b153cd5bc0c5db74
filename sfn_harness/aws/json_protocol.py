"""AWS's JSON protocol: from the body of a request to what is asked, and from an answer or an error to a body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sfn_harness.aws.errors import ApiError
from sfn_harness.aws.model import Service

Json = Any

# The namespaces of errors that the framework of AWS's services raises itself.
_FRAMEWORK = {
    "ValidationException": "com.amazon.coral.validate",
    "SerializationException": "com.amazon.coral.service",
    "UnknownOperationException": "com.amazon.coral.service",
    "AccessDeniedException": "com.amazon.coral.service",
}


class Response(NamedTuple):
    """An answer in the JSON protocol."""

    status: int
    headers: dict[str, str]
    body: bytes


class JsonProtocol:
    """The JSON protocol of one service.

    Args:
        service: whose operations there are.
        namespace: what stands before the ``#`` in the types of the service's own errors.

    """

    def __init__(self, service: Service, namespace: str) -> None:
        self._service, self._namespace = service, namespace
        self._content_type = f"application/x-amz-json-{service.json_version}"

    def read(self, target: str, body: bytes) -> tuple[str, dict[str, Json]]:
        """Return the operation that the header ``X-Amz-Target`` names, and the request.

        Raises:
            ApiError: UnknownOperationException, SerializationException.

        """
        operation = target.rpartition(".")[2]
        if operation not in self._service.operation_names:
            raise ApiError("UnknownOperationException")
        return operation, self.request(body)

    def request(self, body: bytes) -> dict[str, Json]:
        """Return the request in a body. Raises ApiError (SerializationException): it is no JSON object."""
        try:
            request = json.loads(_readable(body)) if body else {}
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            raise ApiError("SerializationException", "Unable to parse JSON")
        return request

    def answer(self, members: Mapping[str, Json]) -> Response:
        """Return the answer of an operation, whose dates are seconds since 1970."""
        return self._response(200, members)

    def refusal(self, error: ApiError, *, status: int = 400, qualified: bool = True) -> Response:
        """Return the answer of an operation that refuses.

        Args:
            error: why.
            status: the HTTP status.
            qualified: the error's type has its namespace, which SDKs drop.

        """
        namespace = _FRAMEWORK.get(error.code, self._namespace)
        members = {"__type": f"{namespace}#{error.code}" if qualified else error.code}
        if error.message:
            members["message"] = error.message
        members |= {name: value for name, value in error.members.items() if value is not None}
        return self._response(status, members)

    def _response(self, status: int, members: Mapping[str, Json]) -> Response:
        body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Response(status, {"Content-Type": self._content_type}, body)


def _readable(body: bytes) -> bytes | str:
    """Return a body without lone surrogates, such as U+D800: Java writes ``?`` for them, which have no UTF-8 form.

    That AWS's services do so is from memory.
    """
    if b"\\u" not in body and b"\xed" not in body:  # an escape, or the first byte of a surrogate
        return body
    text = json.dumps(json.loads(body), ensure_ascii=False)
    return text.encode("utf-8", "replace")
