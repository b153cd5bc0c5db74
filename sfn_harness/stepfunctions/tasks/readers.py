"""Where the items of distributed Map states are read from: objects in S3, their contents, and their list.

Sources: "ItemReader (Map)", Step Functions developer guide; causes and what becomes of short and long rows were
recorded on AWS (localstack/localstack tests v4.14.0, v2/scenarios/test_base_scenarios, 2023-09-21 to 2025-01-09).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.faults import not_assumable, sdk_fault
from sfn_harness.stepfunctions.tasks.hash_order import hash_order
from sfn_harness.stepfunctions.tasks.interface import TaskCall

Json = Any
Config = Mapping[str, Json]

_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


def _failed(cause: str) -> StateError:
    return StateError("States.ItemReaderFailed", cause)


async def _s3(call: TaskCall, operation: str, parameters: Mapping[str, Json]) -> dict[str, Json]:
    shape = catalog.operation_model("s3", operation[:1].lower() + operation[1:]).input_shape
    try:
        return await call.services.call("s3", operation, models.request(shape, parameters), call.role)
    except NotAssumableError as error:
        raise _failed(not_assumable(call.role.arn).cause or "") from error
    except ServiceError as error:
        raise _failed(sdk_fault(error, "s3").cause or "") from error


async def read_items(resource: str, parameters: Json, config: Config, call: TaskCall) -> list[Json]:
    """Return the items that an ItemReader reads; see `interface.Integrations`."""
    most = config.get("MaxItems") or None
    if most is not None and most < 0:
        raise _failed("field MaxItems must be positive")
    if resource.endswith(":s3:listObjectsV2"):
        if config.get("Transformation") != "LOAD_AND_FLATTEN":
            return [item async for item in _objects(parameters, call, most)]
        found: list[Json] = []
        async for item in _objects(parameters, call, None):
            content = await _content({"Bucket": parameters["Bucket"], "Key": item["Key"]}, call)
            found.extend(_items(content, config))
            if most is not None and len(found) >= most:
                break
        return found[:most]
    content = await _content(parameters, call)
    if config.get("ManifestType") == "ATHENA_DATA":
        return await _athena(content, config, call, most)
    if config.get("InputType") == "MANIFEST":
        return await _inventory(content, call, most)
    return list(islice(_items(content, config), most))


async def _objects(parameters: Mapping[str, Json], call: TaskCall, most: int | None) -> AsyncIterator[Json]:
    """Give what ListObjectsV2 lists, as items have it."""
    given, left = dict(parameters), most
    while True:
        page = await _s3(call, "ListObjectsV2", given)
        for item in page.get("Contents") or []:
            yield {
                "Etag": item.get("ETag"),
                "Key": item["Key"],
                "LastModified": int(item["LastModified"].timestamp()),
                "Size": item["Size"],
                "StorageClass": item.get("StorageClass", "STANDARD"),
            }
            if left is not None:
                left -= 1
                if not left:
                    return
        if not page.get("IsTruncated"):
            return
        given["ContinuationToken"] = page["NextContinuationToken"]


async def _content(parameters: Mapping[str, Json], call: TaskCall) -> bytes:
    return bytes((await _s3(call, "GetObject", parameters)).get("Body") or b"")


def _text(content: bytes) -> str:
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    return content.decode("utf-8-sig", errors="replace")


def _items(content: bytes, config: Config) -> Iterable[Json]:
    """Return the items in an object. Raises StateError."""
    kind = config.get("InputType", "JSON")
    text = _text(content)
    if kind == "CSV":
        return _rows(text, config)
    try:
        if kind == "JSONL":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return _elements(json.loads(text), config.get("ItemsPointer"))
    except ValueError as error:
        raise _failed(f"Unable to parse the object as {kind}: {error}") from error


def _elements(value: Json, pointer: str | None) -> Iterable[Json]:
    for step in (pointer or "").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise _failed(f"The JSON pointer {pointer} does not point to anything.") from error
    if not isinstance(value, list):
        raise _failed("Attempting to map over non-iterable node.")
    return value


def _rows(text: str, config: Config) -> Iterator[Json]:
    """Give the rows of a CSV file by its headers: what a row lacks is empty, what it has too many is dropped."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_DELIMITERS[config.get("CSVDelimiter", "COMMA")])
    rows = (row for row in lines if row)
    given = config.get("CSVHeaderLocation") == "GIVEN"
    headers = list(config.get("CSVHeaders") or []) if given else next(rows, [])
    if len(set(headers)) != len(headers):
        raise _failed("CSV headers cannot contain duplicates.")
    places = hash_order(headers)
    return ({headers[place]: row[place] if place < len(row) else "" for place in places} for row in rows)


async def _inventory(content: bytes, call: TaskCall, most: int | None) -> list[Json]:
    """Return the objects that an inventory of S3 lists: its manifest names the files."""
    try:
        manifest = json.loads(_text(content))
        bucket = manifest["destinationBucket"].rpartition(":")[2]
        headers = [name.strip() for name in manifest["fileSchema"].split(",")]
        keys = [file["key"] for file in manifest["files"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _failed("The manifest is not one of an S3 inventory.") from error
    given = {"CSVHeaderLocation": "GIVEN", "CSVHeaders": headers}
    found: list[Json] = []
    for key in keys:
        found.extend(_rows(_text(await _content({"Bucket": bucket, "Key": key}, call)), given))
        if most is not None and len(found) >= most:
            break
    return found[:most]


async def _athena(content: bytes, config: Config, call: TaskCall, most: int | None) -> list[Json]:
    """Return the rows of the files that a manifest of Athena (UNLOAD) lists by their addresses."""
    found: list[Json] = []
    for line in _text(content).splitlines():
        bucket, _, key = line.strip().strip('"').removeprefix("s3://").partition("/")
        if key:
            found.extend(_items(await _content({"Bucket": bucket, "Key": key}, call), config))
        if most is not None and len(found) >= most:
            break
    return found[:most]
