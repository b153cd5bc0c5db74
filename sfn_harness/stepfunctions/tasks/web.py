"""Requests to web servers: ``apigateway:invoke`` and ``http:invoke``.

Sources: "Create API Gateway REST APIs with Step Functions" and "Call HTTPS APIs in Step Functions workflows",
developer guide; the answers of APIs and their errors were recorded on AWS (localstack/localstack tests v4.14.0,
v2/services/test_apigetway_task_service, 2023-08-20 to 2025-11-06). What HTTP tasks answer is from memory of the guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.ports import Connection, HttpAnswer
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.faults import not_assumable, sdk_fault
from sfn_harness.stepfunctions.tasks.interface import TaskCall

Json = Any

_API_MEMBERS = (
    "AllowNullValues",
    "ApiEndpoint",
    "AuthType",
    "Headers",
    "Method",
    "Path",
    "QueryParameters",
    "RequestBody",
    "Stage",
)


def _lists(values: Json) -> Iterator[tuple[str, str]]:
    """Give the pairs of an object whose members are texts, or lists of them."""
    for name, value in (values or {}).items():
        for item in value if isinstance(value, list) else [value]:
            yield name, models.text_of(item)


def _with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}" if pairs else url


def _joined(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _content(answer: HttpAnswer) -> Json:
    text = answer.body.decode(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _shaped(answer: HttpAnswer) -> dict[str, Json]:
    return {
        "Headers": {name: [value] for name, value in answer.headers.items()},
        "ResponseBody": _content(answer),
        "StatusCode": answer.status,
        "StatusText": answer.reason,
    }


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _unusable(call: TaskCall, reason: str) -> StateError:
    text = models.compact(call.parameters)
    return call.broken(f"The Parameters '{text}' could not be used to start the Task: [{reason}]")


class InvokeApi:
    """``apigateway:invoke``: a method of a REST or HTTP API."""

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters that are known. Raises StateError (States.Runtime): a member has the wrong form."""
        given = call.parameters if isinstance(call.parameters, Mapping) else {}
        for name in ("ApiEndpoint", "Method"):
            if not isinstance(given.get(name), str):
                raise _unusable(call, f"The field '{name}' is required but was missing")
        for name in ("Headers", "QueryParameters"):
            value = given.get(name)
            if value is None:
                continue
            if not isinstance(value, dict) or not all(isinstance(item, list) for item in value.values()):
                raise _unusable(call, f"The value of the field '{name}' has an invalid format")
        return {name: value for name, value in given.items() if name in _API_MEMBERS}

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Send the request. Raises StateError (ApiGateway.<status>)."""
        endpoint = parameters["ApiEndpoint"].rstrip("/")
        url = endpoint if "://" in endpoint else f"https://{endpoint}"
        for part in (parameters.get("Stage"), (parameters.get("Path") or "").lstrip("/")):
            if part:
                url += f"/{quote(str(part), safe='/$-._~!&()*+,;=:@%')}"
        body = parameters.get("RequestBody")
        if not parameters.get("AllowNullValues"):
            body = _without_nulls(body)
        headers = {"Content-Type": "application/json", **_joined(_lists(parameters.get("Headers")))}
        try:
            answer = await call.services.http(
                parameters["Method"],
                _with_query(url, list(_lists(parameters.get("QueryParameters")))),
                headers,
                None if body is None else models.compact(body).encode(),
            )
        except OSError as error:
            raise StateError("ApiGateway.SdkClientException", f"Unable to execute HTTP request: {error}") from error
        if answer.status >= 400:
            raise StateError(f"ApiGateway.{answer.status}", answer.body.decode(errors="replace"))
        return _shaped(answer)


class InvokeHttp:
    """``http:invoke``: any web server, with what an EventBridge connection adds to requests."""

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters. Raises StateError (States.Runtime): a member is missing."""
        given = call.parameters if isinstance(call.parameters, Mapping) else {}
        for name in ("ApiEndpoint", "Method"):
            if not isinstance(given.get(name), str):
                raise _unusable(call, f"The field '{name}' is required but was missing")
        if not _connection(given):
            raise _unusable(call, "The field 'ConnectionArn' is required but was missing")
        return given

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Send the request. Raises StateError (States.Http.StatusCode.<status>, States.Http.Socket)."""
        try:
            added = await call.services.connection(
                _connection(parameters), parameters["Method"], parameters["ApiEndpoint"], call.role
            )
        except NotAssumableError as error:
            raise not_assumable(call.role.arn) from error
        except ServiceError as error:
            raise sdk_fault(error, "events") from error
        region = call.role.scope.region
        url, headers, body = _request(parameters, added, region)
        shown = (url, headers, body) if call.reveals_secrets else _request(parameters, _NOTHING_ADDED, region)
        request = {"protocol": url.partition(":")[0], "method": parameters["Method"], "url": shown[0]}
        _inspect(call, "request", request, shown[1], shown[2])
        try:
            answer = await call.services.http(parameters["Method"], url, headers, body)
        except OSError as error:
            raise StateError("States.Http.Socket", str(error)) from error
        response = {
            "protocol": url.partition(":")[0],
            "statusCode": str(answer.status),
            "statusMessage": answer.reason,
        }
        _inspect(call, "response", response, answer.headers, answer.body)
        if answer.status >= 300:
            cause = answer.body.decode(errors="replace")
            raise StateError(f"States.Http.StatusCode.{answer.status}", cause)
        return _shaped(answer)


_NOTHING_ADDED = Connection({}, {}, {})


def _request(
    parameters: Mapping[str, Json], added: Connection, region: str
) -> tuple[str, dict[str, str], bytes | None]:
    """Return the URL, the headers and the body of a request."""
    headers = {
        "User-Agent": f"Amazon|StepFunctions|HttpInvoke|{region}",
        "Range": "bytes=0-262144",
        **_joined(_lists(parameters.get("Headers"))),
        **added.headers,
    }
    if "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json"
    query = [*_lists(parameters.get("QueryParameters")), *added.query.items()]
    body = _encoded(parameters, added.body, headers)
    return _with_query(parameters["ApiEndpoint"], query), headers, body


def _connection(parameters: Mapping[str, Json]) -> str:
    """Return the connection's ARN, empty without one. Both forms of naming it are documented."""
    for name in ("Authentication", "InvocationConfig"):
        arn = (parameters.get(name) or {}).get("ConnectionArn")
        if isinstance(arn, str):
            return arn
    return ""


def _inspect(call: TaskCall, what: str, about: dict[str, Json], headers: Mapping[str, str], body: bytes | None) -> None:
    if call.inspection is None:
        return
    said = ", ".join(f"{name}: {value}" for name, value in headers.items())
    call.inspection[what] = {**about, "headers": f"[{said}]"}
    if body:
        call.inspection[what]["body"] = body.decode(errors="replace")


def _encoded(parameters: Mapping[str, Json], added: Mapping[str, str], headers: dict[str, str]) -> bytes | None:
    """Return the body: JSON, or a form where Transform says so."""
    body = parameters.get("RequestBody")
    if added and (body is None or isinstance(body, dict)):
        body = {**(body or {}), **added}
    if body is None:
        return None
    transform = parameters.get("Transform") or {}
    if transform.get("RequestBodyEncoding") != "URL_ENCODED":
        return models.text_of(body).encode()
    for name in [name for name in headers if name.lower() == "content-type"]:
        del headers[name]
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    arrays = (transform.get("RequestEncodingOptions") or {}).get("ArrayFormat", "INDICES")
    return urlencode(list(_form(body, arrays))).encode()


def _form(body: Mapping[str, Json], arrays: str) -> Iterator[tuple[str, str]]:
    """Give the fields of a form; ``arrays`` says how a list is written."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _form({f"{name}[{key}]": item for key, item in value.items()}, arrays)
        elif not isinstance(value, list):
            yield name, models.text_of(value)
        elif arrays == "COMMAS":
            yield name, ",".join(models.text_of(item) for item in value)
        else:
            for index, item in enumerate(value):
                suffix = {"INDICES": f"[{index}]", "BRACKETS": "[]"}.get(arrays, "")
                yield f"{name}{suffix}", models.text_of(item)
