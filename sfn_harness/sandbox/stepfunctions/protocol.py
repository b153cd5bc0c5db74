"""Requests to the services of the sandbox as the AWS SDK would send them, and their answers, by botocore's models."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlencode

from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import ResponseParser, create_parser
from botocore.serialize import Serializer, create_serializer

from sfn_harness.stepfunctions.errors import ServiceError

Json = Any

# In the order of preference; the sandbox does not speak CBOR everywhere.
_PROTOCOLS = ("json", "rest-json", "rest-xml", "query", "ec2")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as MiniStack's functions take it: names of headers in lower case, the path decoded."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Client:
    """What it takes to talk to one service."""

    model: ServiceModel
    protocol: str
    serializer: Serializer
    parser: ResponseParser

    @property
    def signing_name(self) -> str:
        """The service's name in signatures."""
        return self.model.metadata.get("signingName") or self.model.metadata["endpointPrefix"]


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()


@lru_cache(maxsize=64)
def client(service: str) -> Client:
    """Return the client of a service by botocore's name."""
    model = ServiceModel(_loader().load_service_model(service, "service-2"), service)
    spoken = model.metadata.get("protocols") or [model.metadata["protocol"]]
    protocol = next((name for name in _PROTOCOLS if name in spoken), model.metadata["protocol"])
    return Client(model, protocol, create_serializer(protocol, include_validation=False), create_parser(protocol))


@lru_cache(maxsize=1024)
def operation(service: str, name: str) -> OperationModel:
    """Return an operation of a service, which botocore's models share between calls."""
    return client(service).model.operation_model(name)


def _check_required(service: str, model: OperationModel, parameters: Mapping[str, Json]) -> None:
    """Refuse a request that lacks a member as AWS does, before anybody trips over it. Raises ServiceError."""
    if model.input_shape is None:
        return
    missing = [name for name in model.input_shape.required_members if parameters.get(name) is None]
    if not missing or not set(missing) - set(model.idempotent_members):
        return
    if service == "sqs":
        said = f"The request must contain the parameter {missing[0]}."
        raise ServiceError("MissingParameter", said, 400, str(uuid.uuid4()))
    said = "; ".join(
        f"Value null at '{name[:1].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null"
        for name in missing
    )
    number = f"{len(missing)} validation error{'s' if len(missing) > 1 else ''} detected"
    raise ServiceError("ValidationException", f"{number}: {said}", 400, str(uuid.uuid4()))


def serialized(service: str, name: str, parameters: Mapping[str, Json], account: str, region: str) -> Request:
    """Return the request of an operation. Raises ServiceError: it can't be made."""
    model, speaker = operation(service, name), client(service)
    _check_required(service, model, parameters)
    filled = {member: str(uuid.uuid4()) for member in model.idempotent_members if member not in parameters}
    try:
        made = speaker.serializer.serialize_to_request({**parameters, **filled}, model)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ServiceError("SerializationException", str(error), 400, str(uuid.uuid4())) from error
    path, _, in_path = made["url_path"].partition("?")
    query = {pair.partition("=")[0]: [unquote(pair.partition("=")[2])] for pair in in_path.split("&") if pair}
    given = made["query_string"] or {}
    query |= {key: [str(item) for item in (v if isinstance(v, list) else [v])] for key, v in dict(given).items()}
    body = made["body"]
    if isinstance(body, Mapping):
        body = urlencode(body).encode()
    elif isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    headers = {key.lower(): str(value) for key, value in made["headers"].items()}
    credential = f"{account}/20260101/{region}/{speaker.signing_name}/aws4_request"
    headers |= {
        "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
        "content-length": str(len(body or b"")),
        "host": f"{speaker.model.metadata['endpointPrefix']}.{region}.amazonaws.com",
    }
    return Request(made["method"], unquote(path), headers, bytes(body or b""), query)


def parsed(service: str, name: str, status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Json]:
    """Return an answer as botocore has it. Raises ServiceError: it is an error."""
    request_id = str(uuid.uuid4())
    received = HeadersDict({**headers, "x-amzn-requestid": request_id})
    model = operation(service, name)
    answer = client(service).parser.parse(
        {"status_code": status, "headers": received, "body": body}, model.output_shape
    )
    error = answer.get("Error")
    if status >= 300 and error is not None:
        raise ServiceError(error.get("Code") or str(status), error.get("Message") or "", status, request_id)
    shape = model.output_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    if payload and shape.members[payload].type_name == "blob" and isinstance(answer.get(payload), str):
        answer[payload] = answer[payload].encode()  # botocore takes a body that is a blob for a text
    answer["ResponseMetadata"]["RequestId"] = request_id
    return answer
