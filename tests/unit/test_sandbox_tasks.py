"""Tasks in the sandbox that reach its other services, and what they answer there."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sandbox_server import PASS, REGION, World, allow, ended, running, trust, wait_until

ACCOUNTS = itertools.count(310000000200)
MACHINES = (f"m{number}" for number in itertools.count())
STATES = "arn:aws:states:::"


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def world(server):
    world = World(server, str(next(ACCOUNTS)))
    world.permit("states", allow("*"))
    return world


def task(resource, parameters=None, **more):
    return {"Type": "Task", "Resource": resource, "Parameters": parameters or {}, **more}


def run(world, *states, given="{}"):
    """Run states one after another; returns the execution's description."""
    names = [f"S{number}" for number in range(len(states))]
    definition = {
        "StartAt": "S0",
        "States": {
            name: {**state, "Next": following} if following else {**state, "End": True}
            for name, state, following in zip(names, states, [*names[1:], None], strict=True)
        },
    }
    machine = world.machine(next(MACHINES), definition)
    return ended(world.sfn, world.sfn.start_execution(stateMachineArn=machine, input=given)["executionArn"])


def output(world, *states, given="{}"):
    description = run(world, *states, given=given)
    assert description["status"] == "SUCCEEDED", (description.get("error"), description.get("cause"))
    return json.loads(description["output"])


def test_dynamodb(world):
    world.server.client("dynamodb", world.account).create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    item = {"k": {"S": "v"}}
    put = task(f"{STATES}dynamodb:putItem", {"TableName": "items", "Item": item})
    got = output(world, put, task(f"{STATES}dynamodb:getItem", {"TableName": "items", "Key": item}))
    assert got["Item"] == item
    failed = run(world, task(f"{STATES}dynamodb:getItem", {"TableName": "nothing", "Key": item}))
    assert failed["error"] == "DynamoDB.ResourceNotFoundException"
    failed = run(world, task(f"{STATES}aws-sdk:dynamodb:putItem", {"TableName": "items", "Item": None}))
    assert failed["error"] == "DynamoDb.DynamoDbException"
    assert failed["cause"].startswith("1 validation error detected: Value null at 'item' failed to satisfy constraint")


def test_s3(world):
    world.server.client("s3", world.account).create_bucket(
        Bucket="objects", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    where = {"Bucket": "objects", "Key": "folder/k"}
    put = task(f"{STATES}aws-sdk:s3:putObject", {**where, "Body": {"a": 1}})
    assert output(world, put, task(f"{STATES}aws-sdk:s3:getObject", where))["Body"] == '{"a":1}'
    failed = run(world, task(f"{STATES}aws-sdk:s3:getObject", {"Bucket": "objects", "Key": "none"}))
    assert failed["error"] == "S3.NoSuchKeyException"


def test_sqs(world):
    queue = world.server.client("sqs", world.account).create_queue(QueueName="q")["QueueUrl"]
    send = task(f"{STATES}sqs:sendMessage", {"QueueUrl": queue, "MessageBody": {"a": 1}})
    got = output(world, send, task(f"{STATES}aws-sdk:sqs:receiveMessage", {"QueueUrl": queue}))
    assert [message["Body"] for message in got["Messages"]] == ['{"a":1}']
    failed = run(world, task(f"{STATES}sqs:sendMessage", {"QueueUrl": "no-such-queue", "MessageBody": "m"}))
    assert (failed["error"], failed["cause"]) == (
        "SQS.SdkClientException",
        "Unable to execute HTTP request: no-such-queue: Name or service not known",
    )


def test_secrets(world):
    make = task(f"{STATES}aws-sdk:secretsmanager:createSecret", {"Name": "n", "SecretString": "s"})
    read = task(f"{STATES}aws-sdk:secretsmanager:getSecretValue", {"SecretId": "n"})
    assert output(world, make, read)["SecretString"] == "s"


def test_events(world):
    """Recorded on AWS: localstack/localstack tests v4.14.0, v2/services/test_events_task_service, 06-11-2025."""
    entry = {"Source": "s", "DetailType": "d", "Detail": {"a": 1}}
    put = task(f"{STATES}events:putEvents", {"Entries": [entry]})
    assert output(world, put)["FailedEntryCount"] == 0
    bad = [entry, {**entry, "Detail": '"text"'}, {"DetailType": "d", "Detail": {}}]
    failed = run(world, task(f"{STATES}events:putEvents", {"Entries": bad}))
    told = json.loads(failed["cause"])
    assert (failed["error"], told["FailedEntryCount"]) == ("EventBridge.FailedEntry", 2)
    assert "EventId" in told["Entries"][0]
    assert told["Entries"][1:] == [
        {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."},
        {
            "ErrorCode": "InvalidArgument",
            "ErrorMessage": "Parameter Source is not valid. Reason: Source is a required argument.",
        },
    ]


def test_a_rule_starts_an_execution(world):
    machine = world.machine("target", PASS)
    events = world.server.client("events", world.account)
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["s"]}))
    role = world.role("rule", trust("events.amazonaws.com"), allow("states:StartExecution"))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": machine, "RoleArn": role, "Input": '{"by":"rule"}'}])
    events.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}])
    wait_until(lambda: world.sfn.list_executions(stateMachineArn=machine)["executions"], what="the execution")
    execution = world.sfn.list_executions(stateMachineArn=machine)["executions"][0]["executionArn"]
    assert ended(world.sfn, execution)["input"] == '{"by":"rule"}'


def test_an_api(world):
    """Recorded on AWS: v2/services/test_apigetway_task_service, 06-11-2025, with an edge-optimized API."""
    gateway = world.gateway
    api = gateway.create_rest_api(name="a")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    place = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode":200}'})
    gateway.put_method_response(**place, statusCode="200")
    template = {"application/json": '{"q":"$input.params(\'q\')"}'}
    gateway.put_integration_response(**place, statusCode="200", responseTemplates=template)
    gateway.create_deployment(restApiId=api, stageName="s")
    call = {"Method": "POST", "Stage": "s", "QueryParameters": {"q": ["1"]}}
    for endpoint in (f"{api}.execute-api.{REGION}.amazonaws.com", f"{world.server.endpoint}/restapis/{api}"):
        got = output(world, task(f"{STATES}apigateway:invoke", {**call, "ApiEndpoint": endpoint}))
        assert (got["StatusCode"], got["StatusText"], got["ResponseBody"]) == (200, "OK", {"q": "1"})
        assert got["Headers"]["X-Cache"] == ["Miss from cloudfront"]
        failed = run(world, task(f"{STATES}apigateway:invoke", {**call, "ApiEndpoint": endpoint, "Path": "none"}))
        assert failed["error"] == "ApiGateway.403"
        assert json.loads(failed["cause"]) == {"message": "Missing Authentication Token"}


class Web(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = {"authorization": self.headers["Authorization"], "path": self.path, "body": json.loads(body)}
        answer = json.dumps(told).encode()
        self.send_response(404 if self.path.startswith("/none") else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def web():
    server = HTTPServer(("127.0.0.1", 0), Web)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_web_server(world, web):
    connection = world.server.client("events", world.account).create_connection(
        Name="c",
        AuthorizationType="BASIC",
        AuthParameters={
            "BasicAuthParameters": {"Username": "u", "Password": "p"},
            "InvocationHttpParameters": {"QueryStringParameters": [{"Key": "k", "Value": "v"}]},
        },
    )["ConnectionArn"]
    call = {"Method": "POST", "Authentication": {"ConnectionArn": connection}, "RequestBody": {"a": 1}}
    got = output(world, task(f"{STATES}http:invoke", {**call, "ApiEndpoint": f"{web}/p"}))
    assert got["ResponseBody"] == {"authorization": "Basic dTpw", "path": "/p?k=v", "body": {"a": 1}}
    failed = run(world, task(f"{STATES}http:invoke", {**call, "ApiEndpoint": f"{web}/none"}))
    assert failed["error"] == "States.Http.StatusCode.404"
    conditions = {"StringEquals": {"states:HTTPMethod": "GET"}}
    statements = [
        {"Effect": "Allow", "Action": ["events:*", "secretsmanager:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "states:InvokeHTTPEndpoint", "Resource": "*", "Condition": conditions},
    ]
    world.permit("states", json.dumps({"Version": "2012-10-17", "Statement": statements}))
    refused = run(world, task(f"{STATES}http:invoke", {**call, "ApiEndpoint": f"{web}/p"}))
    assert "is not authorized to perform: states:InvokeHTTPEndpoint" in refused["cause"]


def test_an_activity(world):
    arn = world.sfn.create_activity(name="a")["activityArn"]
    with ThreadPoolExecutor(1) as pool:
        description = pool.submit(run, world, task(arn, {"a": 1}))
        work = world.sfn.get_activity_task(activityArn=arn, workerName="w")
        assert json.loads(work["input"]) == {"a": 1}
        world.sfn.send_task_success(taskToken=work["taskToken"], output='{"b":2}')
        assert description.result()["output"] == '{"b":2}'


def test_a_distributed_map_reads_and_writes_objects(world):
    s3 = world.server.client("s3", world.account)
    s3.create_bucket(Bucket="maps", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="maps", Key="items.csv", Body=b"a,b\n1,2\n3,4\n")
    state = {
        "Type": "Map",
        "ItemReader": {
            "Resource": f"{STATES}s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": "maps", "Key": "items.csv"},
        },
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **PASS},
        "ResultWriter": {
            "Resource": f"{STATES}s3:putObject",
            "Parameters": {"Bucket": "maps", "Prefix": "results"},
        },
    }
    details = output(world, state)["ResultWriterDetails"]
    manifest = json.loads(s3.get_object(**details)["Body"].read())
    written = manifest["ResultFiles"]["SUCCEEDED"][0]["Key"]
    results = json.loads(s3.get_object(Bucket="maps", Key=written)["Body"].read())
    assert [json.loads(result["Output"]) for result in results] == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_a_reset_forgets_everything():
    with running() as server:
        world = World(server, "310000000300")
        wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
        world.sfn.start_execution(stateMachineArn=world.machine("m", wait))
        assert server.maintain("/_ministack/reset", "", "POST").status == 200
        assert world.sfn.list_state_machines()["stateMachines"] == []
