"""AWS's JSON protocol: from the body of a request to what is asked, and from an answer or an error to a body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Response:
    """An answer in the JSON protocol."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class JsonProtocol:
    """The JSON protocol of one service.

    Args:
        service: whose operations there are.
        namespace: what stands before the ``#`` in the types of the service's own errors.

    """

    def __init__(self, service: Service, namespace: str) -> None:
        self._service, self._namespace = service, namespace
        self._headers = {"Content-Type": f"application/x-amz-json-{service.json_version}"}

    def read(self, target: str, body: bytes) -> tuple[str, dict[str, Json]]:
        """Return the operation that the header ``X-Amz-Target`` names, and the request.

        Raises:
            ApiError: UnknownOperationException, SerializationException.

        """
        operation = target.rpartition(".")[2]
        if operation not in self._service.operation_names:
            raise ApiError("UnknownOperationException")
        try:
            request = json.loads(_readable(body)) if body else {}
        except (ValueError, RecursionError) as error:
            raise ApiError("SerializationException", "Unable to parse JSON") from error
        if not isinstance(request, dict):
            raise ApiError("SerializationException", "Unable to parse JSON")
        return operation, request

    def answer(self, members: Mapping[str, Json]) -> Response:
        """Return the answer of an operation, whose dates are seconds since 1970."""
        return Response(200, _bytes(members), self._headers)

    def refusal(self, error: ApiError) -> Response:
        """Return the answer of an operation that refuses."""
        namespace = _FRAMEWORK.get(error.code, self._namespace)
        members = {"__type": f"{namespace}#{error.code}", "message": error.message, **error.members}
        return Response(400, _bytes(members), self._headers)


def _bytes(members: Mapping[str, Json]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _readable(body: bytes) -> bytes | str:
    """Return a body without lone surrogates, such as U+D800: Java writes ``?`` for them, which have no UTF-8 form.

    That AWS's services do so is from memory.
    """
    if b"\\u" not in body and b"\xed" not in body:  # an escape, or the first byte of a surrogate
        return body
    text = json.dumps(json.loads(body), ensure_ascii=False)
    return text.encode("utf-8", "replace")
