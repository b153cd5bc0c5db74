"""Item readers, result writers, and requests to web servers.

Recorded on AWS: localstack/localstack tests v4.14.0, at the dates given below.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime

import pytest

from sfn_harness.stepfunctions.errors import ServiceError, StateError
from sfn_harness.stepfunctions.ports import Connection, HttpAnswer
from tests.stepfunctions.task_world import World

STATES = "arn:aws:states:::"
GET, LIST, PUT = (f"{STATES}s3:{action}" for action in ("getObject", "listObjectsV2", "putObject"))
MOMENT = datetime(2025, 11, 6, 12, 0, 0, 123000, UTC)
WHERE = {"Bucket": "b", "Key": "k"}
ROWS = "Value1,Value2,Value3\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n"


@pytest.fixture
def world():
    return World()


def read(world, content, resource=GET, parameters=None, **config):
    """Return the items in an object, or the error."""
    contents = content if isinstance(content, dict) else {"k": content}

    def body(parameters):
        found = contents[parameters["Key"]]
        return {"Body": found.encode() if isinstance(found, str) else found}

    world.services.answers["s3", "GetObject"] = body
    given = WHERE if parameters is None else parameters
    try:
        return asyncio.run(world.integrations.read_items(resource, given, config, world.call(None)))
    except StateError as error:
        return error.error, error.cause


class TestReader:
    """v2/scenarios/test_base_scenarios, 21-09-2023, 25-03-2024 and 09-01-2025."""

    def test_csv_with_headers_in_the_first_row(self, world):
        assert read(world, f"Col1,Col2,Col3\n{ROWS}", InputType="CSV", CSVHeaderLocation="FIRST_ROW") == [
            {"Col1": "Value1", "Col2": "Value2", "Col3": "Value3"},
            {"Col1": "Value4", "Col2": "Value5", "Col3": "Value6"},
            {"Col1": "", "Col2": "", "Col3": ""},
            {"Col1": "true", "Col2": "1", "Col3": "'HelloWorld'"},
            {"Col1": "Null", "Col2": "None", "Col3": ""},
            {"Col1": "   ", "Col2": "", "Col3": ""},
        ]

    def test_csv_with_given_headers(self, world):
        found = read(world, ROWS, InputType="CSV", CSVHeaderLocation="GIVEN", CSVHeaders=["H1"])
        assert found == [{"H1": value} for value in ("Value1", "Value4", "", "true", "Null", "   ")]

    def test_csv_with_an_empty_header(self, world):
        found = read(world, "H1,\nValue4,Value5,Value6\n", InputType="CSV", CSVHeaderLocation="FIRST_ROW")
        assert found == [{"H1": "Value4", "": "Value5"}]

    def test_csv_with_another_delimiter(self, world):
        found = read(world, "a\tb\n1\t2\n", InputType="CSV", CSVHeaderLocation="FIRST_ROW", CSVDelimiter="TAB")
        assert found == [{"a": "1", "b": "2"}]

    def test_csv_with_a_header_twice(self, world):
        error = read(world, ROWS, InputType="CSV", CSVHeaderLocation="GIVEN", CSVHeaders=["H1", "H1"])
        assert error == ("States.ItemReaderFailed", "CSV headers cannot contain duplicates.")

    def test_json(self, world):
        assert read(world, '[{"a":1},2]', InputType="JSON") == [{"a": 1}, 2]

    def test_json_that_is_no_array(self, world):
        error = read(world, '{"a":1}', InputType="JSON")
        assert error == ("States.ItemReaderFailed", "Attempting to map over non-iterable node.")

    def test_json_with_a_pointer(self, world):
        """Source: "ItemReader (Map)", developer guide: ItemsPointer."""
        assert read(world, '{"a/b":[{"c":[1,2]}]}', InputType="JSON", ItemsPointer="/a~1b/0/c") == [1, 2]
        assert read(world, "{}", InputType="JSON", ItemsPointer="/a")[0] == "States.ItemReaderFailed"

    def test_json_lines(self, world):
        """Source: the same guide."""
        assert read(world, '{"a":1}\n\n{"a":2}\n', InputType="JSONL") == [{"a": 1}, {"a": 2}]

    @pytest.mark.parametrize(("most", "number"), [(2, 2), (0, 4), (None, 4), (100_000_001, 4)])
    def test_at_most_so_many(self, world, most, number):
        content = "Col1\n" + "v\n" * 4
        found = read(world, content, InputType="CSV", CSVHeaderLocation="FIRST_ROW", MaxItems=most)
        assert len(found) == number

    def test_less_than_none(self, world):
        error = read(world, "[]", InputType="JSON", MaxItems=-1)
        assert error == ("States.ItemReaderFailed", "field MaxItems must be positive")

    def test_what_is_not_there(self, world):
        world.services.answers["s3", "GetObject"] = ServiceError("NoSuchKey", "The key does not exist.", 404, "id")
        with pytest.raises(StateError) as error:
            asyncio.run(world.integrations.read_items(GET, WHERE, {"InputType": "JSON"}, world.call(None)))
        assert error.value.error == "States.ItemReaderFailed"
        assert error.value.cause.startswith("The key does not exist. (Service: S3, Status Code: 404,")

    def test_a_list_of_objects_page_by_page(self, world):
        def page(parameters):
            more = "ContinuationToken" not in parameters
            names = ["a", "b"] if more else ["c"]
            contents = [{"Key": name, "ETag": '"e"', "LastModified": MOMENT, "Size": 12} for name in names]
            return {"Contents": contents, "IsTruncated": more, "NextContinuationToken": "t"}

        world.services.answers["s3", "ListObjectsV2"] = page
        found = read(world, "", LIST, {"Bucket": "b"})
        assert [item["Key"] for item in found] == ["a", "b", "c"]
        assert found[0] == {
            "Etag": '"e"',
            "Key": "a",
            "LastModified": 1762430400,
            "Size": 12,
            "StorageClass": "STANDARD",
        }
        assert len(read(world, "", LIST, {"Bucket": "b"}, MaxItems=2)) == 2
        contents = {"a": "[1]", "b": "[2,3]", "c": "[4]"}
        loaded = read(world, contents, LIST, {"Bucket": "b"}, InputType="JSON", Transformation="LOAD_AND_FLATTEN")
        assert loaded == [1, 2, 3, 4]

    def test_an_inventory(self, world):
        """Source: the same guide, and "Amazon S3 Inventory" for the manifest."""
        manifest = {
            "destinationBucket": "arn:aws:s3:::inventories",
            "fileSchema": "Bucket, Key, Size",
            "files": [{"key": "one.csv.gz"}, {"key": "two.csv.gz"}],
        }
        contents = {
            "k": json.dumps(manifest),
            "one.csv.gz": gzip.compress(b'"b","x","1"\n'),
            "two.csv.gz": gzip.compress(b'"b","y","2"\n'),
        }
        found = read(world, contents, InputType="MANIFEST")
        assert found == [{"Bucket": "b", "Key": "x", "Size": "1"}, {"Bucket": "b", "Key": "y", "Size": "2"}]
        assert world.services.calls[-1][2] == {"Bucket": "inventories", "Key": "two.csv.gz"}


RUN = "arn:aws:states:us-east-1:111111111111:mapRun:machine/Label:11111111-2222-3333-4444-555555555555"


def described(status, **more):
    return {"ExecutionArn": "e", "Name": "n", "Status": status, "Input": "1", **more}


class TestWriter:
    """v2/scenarios/test_base_scenarios, 19-08-2024, for the key; the files: "ResultWriter (Map)", developer guide."""

    RESULTS = (
        described("SUCCEEDED", Output="[1,2]"),
        described("FAILED", Error="E", Cause="C"),
        described("SUCCEEDED", Output="3"),
    )

    def written(self, world, parameters, **config):
        world.services.answers["s3", "PutObject"] = {"ETag": "e"}
        call = world.call(None)
        details = asyncio.run(world.integrations.write_results(PUT, parameters, config, RUN, self.RESULTS, call))
        return details, {call[2]["Key"]: call[2]["Body"].decode() for call in world.services.calls}

    def test_a_manifest_and_a_file_for_each_end(self, world):
        details, files = self.written(world, {"Bucket": "b", "Prefix": "mapJobs"})
        folder = "mapJobs/11111111-2222-3333-4444-555555555555"
        assert details == {"Bucket": "b", "Key": f"{folder}/manifest.json"}
        assert sorted(files) == [f"{folder}/{name}.json" for name in ("FAILED_0", "SUCCEEDED_0", "manifest")]
        manifest = json.loads(files[f"{folder}/manifest.json"])
        assert (manifest["DestinationBucket"], manifest["MapRunArn"]) == ("b", RUN)
        assert manifest["ResultFiles"]["PENDING"] == []
        size = len(files[f"{folder}/SUCCEEDED_0.json"])
        assert manifest["ResultFiles"]["SUCCEEDED"] == [{"Key": f"{folder}/SUCCEEDED_0.json", "Size": size}]
        assert json.loads(files[f"{folder}/SUCCEEDED_0.json"]) == [self.RESULTS[0], self.RESULTS[2]]
        assert json.loads(files[f"{folder}/FAILED_0.json"])[0]["Error"] == "E"

    @pytest.mark.parametrize(("transformation", "rows"), [("COMPACT", [[1, 2], 3]), ("FLATTEN", [1, 2, 3])])
    def test_only_the_outputs(self, world, transformation, rows):
        _, files = self.written(world, {"Bucket": "b"}, Transformation=transformation, OutputType="JSONL")
        lines = files["11111111-2222-3333-4444-555555555555/SUCCEEDED_0.jsonl"].splitlines()
        assert [json.loads(line) for line in lines] == rows


API = {"ApiEndpoint": "id.execute-api.us-east-1.amazonaws.com", "Method": "POST", "Stage": "s", "Path": "p"}
URL = "https://id.execute-api.us-east-1.amazonaws.com/s/p"
INVOKE_API = f"{STATES}apigateway:invoke"


class TestApi:
    """v2/services/test_apigetway_task_service, 06-11-2025."""

    @pytest.mark.parametrize(
        ("body", "sent"),
        [
            ({}, None),
            ({"RequestBody": None}, None),
            ({"RequestBody": ""}, b'""'),
            ({"RequestBody": "HelloWorld"}, b'"HelloWorld"'),
            ({"RequestBody": {"message": "Hello", "none": None}}, b'{"message":"Hello"}'),
            ({"RequestBody": {"none": None}, "AllowNullValues": True}, b'{"none":null}'),
        ],
    )
    def test_bodies_are_json(self, world, body, sent):
        world.services.answers["POST", URL] = HttpAnswer(200, "OK", {"Content-Type": "application/json"}, b'{"a":1}')
        assert world.run(INVOKE_API, {**API, **body}) == {
            "Headers": {"Content-Type": ["application/json"]},
            "ResponseBody": {"a": 1},
            "StatusCode": 200,
            "StatusText": "OK",
        }
        assert world.services.calls[0][2][1] == sent
        assert world.events[0][1]["resourceType"] == "apigateway"

    def test_headers_and_query_parameters_are_lists(self, world):
        url = f"{URL}?q=1&q=2"
        world.services.answers["POST", url] = HttpAnswer(200, "OK", {}, b"text")
        more = {"Headers": {"h": ["1", "2"]}, "QueryParameters": {"q": ["1", "2"]}}
        assert world.run(INVOKE_API, {**API, **more})["ResponseBody"] == "text"
        assert world.services.calls[0][2][0]["h"] == "1,2"

    def test_a_header_that_is_no_list(self, world):
        given = {**API, "Headers": {"h": "text"}}
        error, cause = world.run(INVOKE_API, given)
        assert (error, world.events) == ("States.Runtime", [])
        assert cause == (
            "An error occurred while executing the state 'S' (entered at the event id #2). The Parameters "
            f"'{json.dumps(given, separators=(',', ':'))}' could not be used to start the Task: [The value of the "
            "field 'Headers' has an invalid format]"
        )

    def test_an_error(self, world):
        body = b'{"message":"Missing Authentication Token"}'
        world.services.answers["POST", URL] = HttpAnswer(403, "Forbidden", {}, body)
        assert world.run(INVOKE_API, API) == ("ApiGateway.403", body.decode())


CONNECTION = "arn:aws:events:us-east-1:111111111111:connection/c/1"
HTTP = {"ApiEndpoint": "https://example.com/p", "Method": "POST", "Authentication": {"ConnectionArn": CONNECTION}}
INVOKE_HTTP = f"{STATES}http:invoke"


class TestHttp:
    """Source: "Call HTTPS APIs in Step Functions workflows", developer guide (from memory)."""

    def sent(self, world, answer, url="https://example.com/p", connection=None, **more):
        world.services.answers["POST", url] = answer
        world.services.connections[CONNECTION] = connection or Connection({"Authorization": "Basic x"}, {}, {})
        result = world.run(INVOKE_HTTP, {**HTTP, **more})
        return result, world.services.calls[-1][2]

    def test_succeeds(self, world):
        answer = HttpAnswer(201, "Created", {"x": "y"}, b'{"a":1}')
        result, (headers, body) = self.sent(world, answer, RequestBody={"r": 1}, Headers={"h": "v"})
        expected = {"Headers": {"x": ["y"]}, "ResponseBody": {"a": 1}, "StatusCode": 201, "StatusText": "Created"}
        assert result == expected
        assert body == b'{"r":1}'
        assert headers == {
            "Authorization": "Basic x",
            "Content-Type": "application/json",
            "Range": "bytes=0-262144",
            "User-Agent": "Amazon|StepFunctions|HttpInvoke|us-east-1",
            "h": "v",
        }

    def test_fails(self, world):
        result, _ = self.sent(world, HttpAnswer(404, "Not Found", {}, b"nothing"))
        assert result == ("States.Http.StatusCode.404", "nothing")
        result, _ = self.sent(world, OSError("refused"))
        assert result == ("States.Http.Socket", "refused")

    def test_the_connections_own_parameters(self, world):
        connection = Connection({}, {"key": "k"}, {"more": "m"})
        url = "https://example.com/p?q=1&key=k"
        answer = HttpAnswer(200, "OK", {}, b"")
        _, (_, body) = self.sent(world, answer, url, connection, RequestBody={"r": 1}, QueryParameters={"q": 1})
        assert json.loads(body) == {"r": 1, "more": "m"}

    @pytest.mark.parametrize(
        ("arrays", "body"),
        [
            ("INDICES", b"a%5B0%5D=1&a%5B1%5D=2&o%5Bk%5D=v"),
            ("REPEAT", b"a=1&a=2&o%5Bk%5D=v"),
            ("COMMAS", b"a=1%2C2&o%5Bk%5D=v"),
            ("BRACKETS", b"a%5B%5D=1&a%5B%5D=2&o%5Bk%5D=v"),
        ],
    )
    def test_a_form(self, world, arrays, body):
        transform = {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": arrays}}
        given = {"RequestBody": {"a": [1, 2], "o": {"k": "v"}}, "Transform": transform}
        _, (headers, sent) = self.sent(world, HttpAnswer(200, "OK", {}, b""), **given)
        assert (headers["Content-Type"], sent) == ("application/x-www-form-urlencoded", body)

    def test_is_inspected(self, world):
        seen: dict = {}
        world.services.answers["POST", "https://example.com/p"] = HttpAnswer(200, "OK", {"x": "y"}, b"b")
        world.services.connections[CONNECTION] = Connection({}, {}, {})
        world.run(INVOKE_HTTP, HTTP, inspection=seen)
        assert (seen["request"]["method"], seen["request"]["url"]) == ("POST", "https://example.com/p")
        assert seen["response"] == {
            "protocol": "https",
            "statusCode": "200",
            "statusMessage": "OK",
            "headers": "[x: y]",
            "body": "b",
        }

    def test_without_a_connection(self, world):
        error, cause = world.run(INVOKE_HTTP, {"ApiEndpoint": "https://example.com", "Method": "GET"})
        assert error == "States.Runtime"
        assert cause.endswith("[The field 'ConnectionArn' is required but was missing]")
