"""modules/notifications: a client that watches an execution gets one message when it ends."""

import json
import secrets
import time
from contextlib import ExitStack, contextmanager

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.e2e.roles import LOGS, logged, permissions_of, without

PATIENCE = 20  # seconds for a message that has to come
SILENCE = 1.5  # seconds after which none comes


class Client:
    """A WebSocket client."""

    def __init__(self, socket):
        self.socket = socket

    def subscribe(self, arn) -> None:
        self.socket.send(json.dumps({"action": "subscribe", "executionArn": arn}))

    def message(self, timeout: float = PATIENCE):
        return json.loads(self.socket.recv(timeout=timeout))

    def no_message(self, timeout: float = SILENCE) -> None:
        with pytest.raises(TimeoutError):
            self.socket.recv(timeout=timeout)

    def is_told(self, arn, timeout: float = SILENCE) -> bool:
        """Whether the next message says that this execution has ended, whatever else may come."""
        try:
            message = self.message(timeout)
        except (TimeoutError, ValueError):
            return False
        return message.get("type") == "ended" and message["executionArn"] == arn


class Notified:
    """A deployment of the configuration, and what the tests do with it."""

    def __init__(self, deployment):
        self.deployment, self.account = deployment, deployment.account
        self.executions = deployment.executions
        self.arns = deployment.outputs["state_machine_arns"]
        names = ("role_name", "table_name", "failed_queue_url", "function_name")
        self.role, self.table, self.failed_queue, self.function = (
            deployment.outputs["notifications"][name] for name in names
        )
        self.states, self.dynamodb = self.account.client("stepfunctions"), self.account.client("dynamodb")

    def url(self, output: str = "notifications", **query: str) -> str:
        url = self.account.url({**self.deployment.outputs, **self.deployment.outputs["notifications"]}[output])
        return url + "".join(f"{mark}{name}={value}" for mark, (name, value) in zip("?&&", query.items(), strict=False))

    @contextmanager
    def connected(self, url: str | None = None, origin: str | None = None, **query: str):
        proxy = True if self.account.endpoint is None else None
        url = url or self.url("url", **query)
        with connect(url, proxy=proxy, origin=origin, open_timeout=PATIENCE) as socket:
            yield Client(socket)

    def refused(self, url: str | None = None, origin: str | None = None, **query: str) -> int:
        """The status of the answer to a connection that is not made."""
        with pytest.raises(InvalidStatus) as refused, self.connected(url, origin, **query):
            pytest.fail("the connection was made")
        return refused.value.response.status_code

    def start(self, machine: str, **content) -> str:
        started = self.states.start_execution(
            stateMachineArn=self.arns[machine], input=json.dumps(content, ensure_ascii=False)
        )
        return started["executionArn"]

    def ended(self, machine: str = "echo", status: str = "SUCCEEDED", **content) -> dict:
        """The description of an execution that has ended."""
        return self.executions.wait(self.start(machine, **content), status)

    def handled(self, machine: str = "echo", status: str = "SUCCEEDED", **content) -> dict:
        """The description of an execution whose end the function has handled, so that no event of it tells anyone."""
        description = self.ended(machine, status, **content)
        pages = self.account.client("logs").get_paginator("filter_log_events")

        def lines() -> list[str]:
            found = pages.paginate(logGroupName=f"/aws/lambda/{self.function}")
            return [event["message"] for page in found for event in page["events"]]

        arn = description["executionArn"]
        eventually(lines, lambda lines: any("execution ended" in line and arn in line for line in lines))
        return description

    def stop(self, arn: str, **why: str) -> None:
        self.states.stop_execution(executionArn=arn, **why)

    def failed(self, arn: str) -> dict | None:
        """A call of the function about this execution that failed, taken from the queue with all others."""
        sqs = self.account.client("sqs")
        while messages := sqs.receive_message(QueueUrl=self.failed_queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=self.failed_queue, ReceiptHandle=message["ReceiptHandle"])
                call = json.loads(message["Body"])["requestPayload"]
                if call.get("detail", {}).get("executionArn") == arn:
                    return call
        return None

    def watchers(self, arn: str) -> set[str]:
        """What the table has of an execution but that it has ended."""
        key = {"KeyConditionExpression": "execution_arn = :arn", "ExpressionAttributeValues": {":arn": {"S": arn}}}
        items = self.dynamodb.query(TableName=self.table, ConsistentRead=True, **key)["Items"]
        return {item["watcher"]["S"] for item in items} - {"#ended"}

    def until_watched(self, arn: str, by: int = 1) -> set[str]:
        return eventually(lambda: self.watchers(arn), lambda watchers: len(watchers) == by)


def eventually(look, good, seconds: float = PATIENCE):
    deadline = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)
    return seen


@pytest.fixture(scope="module")
def notified(deploy, configurations):
    return Notified(deploy(configurations / "notifications"))


def expected(description: dict) -> dict:
    """The message for an execution that DescribeExecution describes so."""
    names = ("executionArn", "status", "output", "error", "cause")
    dates = {name: pytest.approx(description[name].timestamp(), abs=0.002) for name in ("startDate", "stopDate")}
    return {"type": "ended"} | {name: description[name] for name in names if name in description} | dates


@pytest.mark.contract("notifications.told")
class TestOneMessageWhenItEnds:
    @pytest.mark.parametrize(
        ("machine", "status"), [("timed", "SUCCEEDED"), ("failing", "FAILED"), ("late", "TIMED_OUT")]
    )
    def test_by_itself(self, notified, machine, status):
        with notified.connected() as client:
            arn = notified.start(machine, seconds=1, dish="soupe à l'oignon", number=10**19)
            client.subscribe(arn)
            message = client.message()
            assert message == expected(notified.executions.wait(arn, status))
            client.no_message()
        assert ("output" in message, "error" in message) == (status == "SUCCEEDED", status == "FAILED")

    @pytest.mark.parametrize("why", [{}, {"error": "Changed", "cause": 'It\'s "off"\né'}])
    def test_because_it_is_stopped(self, notified, why):
        with notified.connected() as client:
            arn = notified.start("slow")
            client.subscribe(arn)
            notified.until_watched(arn)
            notified.stop(arn, **why)
            message = client.message()
            assert message == expected(notified.executions.wait(arn, "ABORTED"))
            assert {name: message[name] for name in ("error", "cause") if name in message} == why
            client.no_message()

    def test_before_that_there_is_silence(self, notified):
        with notified.connected() as client:
            arn = notified.start("slow")
            client.subscribe(arn)
            client.no_message()
            notified.stop(arn)
            assert client.is_told(arn, PATIENCE)

    def test_to_each_of_several_clients(self, notified):
        arn = notified.start("slow")
        with notified.connected() as one, notified.connected() as two, notified.connected(executionArn=arn) as three:
            clients = [one, two, three]
            for client in clients[:2]:
                client.subscribe(arn)
            notified.until_watched(arn, by=3)
            notified.stop(arn)
            assert [client.is_told(arn, PATIENCE) for client in clients] == [True] * 3
            for client in clients:
                client.no_message(0.3)
        assert not notified.watchers(arn)

    def test_to_a_client_that_watches_several(self, notified):
        arns = {notified.start("timed", seconds=seconds) for seconds in (1, 2)}
        with notified.connected() as client:
            for arn in arns:
                client.subscribe(arn)
            assert {client.message()["executionArn"] for _ in arns} == arns
            client.no_message(0.3)

    def test_even_if_it_subscribes_twice(self, notified):
        arn = notified.start("slow")
        with notified.connected(executionArn=arn) as client:
            client.subscribe(arn)
            client.subscribe(arn)
            client.no_message(0.5)
            notified.stop(arn)
            assert client.is_told(arn, PATIENCE)
            client.no_message()

    def test_without_an_output_that_is_too_long_for_a_message(self, notified):
        with notified.connected() as client:
            arn = notified.start("timed", seconds=1, text="é" * 70_000)
            client.subscribe(arn)
            message = client.message()
            assert client.is_told(arn) is False
            client.subscribe(arn)
            assert client.message() == message
        assert message["omitted"] == ["output"]
        assert "output" not in message


@pytest.mark.contract("notifications.told")
class TestAnExecutionThatHasEndedIsAnsweredAtOnce:
    @pytest.mark.parametrize(("machine", "status"), [("echo", "SUCCEEDED"), ("late", "TIMED_OUT")])
    def test_by_message(self, notified, machine, status):
        description = notified.handled(machine, status, dish="pizza")
        with notified.connected() as client:
            client.subscribe(description["executionArn"])
            assert client.message() == expected(description)
            client.no_message()

    def test_on_connect(self, notified):
        description = notified.handled(dish="pizza")
        with notified.connected(executionArn=description["executionArn"]) as client:
            assert client.message() == expected(description)
            client.no_message()

    def test_again_if_asked_again(self, notified):
        arn = notified.handled()["executionArn"]
        with notified.connected(executionArn=arn) as client:
            for _ in range(2):
                assert client.is_told(arn, PATIENCE)
                client.subscribe(arn)
            assert client.is_told(arn, PATIENCE)
            client.no_message()


# Seconds from the start of an execution to its subscription. Here one of a single Pass state ends after 0.15 s, and the
# subscription takes some hundredths, so these are from well before the end to well after it.
DELAYS = [step * 0.01 for step in range(25)]


@pytest.mark.contract("notifications.told")
class TestASubscriptionAtTheMomentOfTheEndIsTold:
    """Once, or twice if both the answer to the subscription and the handler of the end were about to tell it."""

    def start(self, notified, delay: float) -> str:
        arn = notified.start("echo")
        time.sleep(delay)
        return arn

    def test_by_message(self, notified):
        with notified.connected() as client:
            for delay in DELAYS:
                arn = self.start(notified, delay)
                client.subscribe(arn)
                # What comes before it is told for the second time.
                eventually(client.message, lambda message, arn=arn: message["executionArn"] == arn)

    def test_on_connect(self, notified):
        for delay in DELAYS[::3]:
            arn = self.start(notified, delay)
            with notified.connected(executionArn=arn) as client:
                assert client.is_told(arn, PATIENCE)


@pytest.mark.contract("notifications.many")
class TestManyClients:
    def test_more_than_one_call_tells(self, notified):
        """Half of the connections are real; the rows of the others are removed."""
        arn = notified.start("slow")
        with ExitStack() as stack:
            clients = [stack.enter_context(notified.connected(executionArn=arn)) for _ in range(20)]
            gone = [f"gone-{number}" for number in range(200)]
            for connection in gone:
                row = {"execution_arn": arn, "watcher": connection, "connection_id": connection, "request_id": "r"}
                notified.dynamodb.put_item(
                    TableName=notified.table, Item={name: {"S": value} for name, value in row.items()}
                )
            notified.until_watched(arn, by=len(clients) + len(gone))
            notified.stop(arn)
            assert [client.is_told(arn, PATIENCE) for client in clients] == [True] * len(clients)
        notified.until_watched(arn, by=0)


@pytest.mark.contract("notifications.failed")
class TestWhatFails:
    def test_goes_to_the_queue_and_can_be_done_again(self, notified):
        arn = notified.start("slow")
        with notified.connected(executionArn=arn) as client:
            notified.until_watched(arn)
            with without(notified.deployment, notified.role, "execute-api:ManageConnections"):
                notified.stop(arn)
                failed = eventually(lambda: notified.failed(arn), bool, 60)
            assert notified.watchers(arn)
            notified.account.client("lambda").invoke(FunctionName=notified.function, Payload=json.dumps(failed))
            assert client.is_told(arn, PATIENCE)
        assert not notified.watchers(arn)

    def test_a_client_is_told_although_step_functions_throttles(self, notified, faults):
        description = notified.ended(dish="pizza")
        throttled = {"status": 400, "error_type": "ThrottlingException", "message": "Rate exceeded"}
        with (
            faults(notified.deployment, "DescribeExecution", **throttled, calls=3),
            notified.connected(executionArn=description["executionArn"]) as client,
        ):
            assert client.message() == expected(description)

    @pytest.mark.contract("notifications.error")
    def test_a_client_is_told_to_subscribe_again_when_step_functions_says_nothing(self, notified, faults):
        arn = notified.ended()["executionArn"]
        with (
            faults(notified.deployment, "DescribeExecution", status=400, error_type="AccessDeniedException"),
            notified.connected(executionArn=arn) as client,
        ):
            error = client.message()
        assert (error["type"], error["error"], error["executionArn"]) == ("error", "InternalError", arn)
        assert not notified.watchers(arn)

    def test_the_queue_is_encrypted_and_keeps_for_two_weeks(self, notified):
        sqs = notified.account.client("sqs")
        settings = sqs.get_queue_attributes(QueueUrl=notified.failed_queue, AttributeNames=["All"])["Attributes"]
        assert (settings["SqsManagedSseEnabled"], settings["MessageRetentionPeriod"]) == ("true", str(14 * 86400))

    def test_both_callers_of_the_function_know_the_queue(self, notified):
        account = notified.account
        sqs = account.client("sqs")
        arn = sqs.get_queue_attributes(QueueUrl=notified.failed_queue, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        asynchronous = account.client("lambda").get_function_event_invoke_config(FunctionName=notified.function)
        assert asynchronous["DestinationConfig"]["OnFailure"]["Destination"] == arn
        [target] = account.client("events").list_targets_by_rule(Rule=notified.table)["Targets"]
        assert target["DeadLetterConfig"]["Arn"] == arn
        policy = json.loads(
            sqs.get_queue_attributes(QueueUrl=notified.failed_queue, AttributeNames=["Policy"])["Attributes"]["Policy"]
        )
        [statement] = policy["Statement"]
        assert (statement["Principal"], statement["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")


@pytest.mark.contract("notifications.error")
class TestOnlyExecutionsOfTheModulesStateMachines:
    @pytest.mark.parametrize("kind", ["foreign", "state machine", "express", "nonsense", "number", "missing"])
    def test_others_are_an_error(self, notified, kind):
        arn = notified.arns["echo"]
        other = {
            "foreign": notified.start("foreign"),
            "state machine": arn,
            "express": arn.replace(":stateMachine:", ":express:") + ":name:run",
            "nonsense": "nonsense",
            "number": 1,
            "missing": None,
        }[kind]
        with notified.connected() as client:
            client.subscribe(other)
            error = client.message()
            client.no_message(0.3)
        assert set(error) == {"type", "error", "message", "requestId"}
        assert (error["type"], error["error"]) == ("error", "InvalidArn")
        assert error["requestId"]

    def test_a_connection_with_one_is_refused(self, notified):
        assert notified.refused(executionArn=notified.start("foreign")) == 403

    @pytest.mark.parametrize("on_connect", [False, True])
    def test_one_that_does_not_exist(self, notified, on_connect):
        arn = notified.arns["echo"].replace(":stateMachine:", ":execution:") + f":{secrets.token_hex(8)}"
        with notified.connected(**({"executionArn": arn} if on_connect else {})) as client:
            if not on_connect:
                client.subscribe(arn)
            error = client.message()
            client.no_message(0.3)
        assert (error["type"], error["error"], error["executionArn"]) == ("error", "ExecutionDoesNotExist", arn)
        assert error["requestId"]
        assert not notified.watchers(arn)

    @pytest.mark.parametrize("sent", ["hello", "{}", '{"action": "dance"}', "[]", '{"action": 1}'])
    def test_what_is_no_subscription_is_an_error(self, notified, sent):
        with notified.connected() as client:
            client.socket.send(sent)
            error = client.message()
        assert (error["type"], error["error"]) == ("error", "UnknownAction")
        assert '{"action": "subscribe", "executionArn": "..."}' in error["message"]


class TestClientsThatAreGone:
    def test_one_that_has_closed_is_forgotten(self, notified):
        arns = [notified.start("slow") for _ in range(2)]
        with notified.connected(executionArn=arns[0]) as client:
            client.subscribe(arns[1])
            for arn in arns:
                notified.until_watched(arn)
        for arn in arns:
            notified.until_watched(arn, by=0)
            notified.stop(arn)

    def test_one_whose_end_was_not_noticed_is_removed_and_the_others_are_told(self, notified):
        """A row of a connection that never was: $disconnect is not promised to come."""
        arns = [notified.start("slow") for _ in range(2)]
        for arn in arns:
            row = {"execution_arn": arn, "watcher": "L0SM9cOFvHcCIhw=", "connection_id": "L0SM9cOFvHcCIhw="}
            notified.dynamodb.put_item(TableName=notified.table, Item={name: {"S": row[name]} for name in row})
        with notified.connected(executionArn=arns[0]) as client:
            notified.until_watched(arns[0], by=2)
            notified.stop(arns[0])
            assert client.is_told(arns[0], PATIENCE)
        for arn in arns:
            notified.until_watched(arn, by=0)
        notified.stop(arns[1])

    def test_rows_expire(self, notified):
        settings = notified.dynamodb.describe_time_to_live(TableName=notified.table)["TimeToLiveDescription"]
        assert (settings["TimeToLiveStatus"], settings["AttributeName"]) == ("ENABLED", "expires_at")
        arn = notified.start("slow")
        with notified.connected(executionArn=arn):
            notified.until_watched(arn)
            [item] = [item for item in rows_of(notified) if item["execution_arn"]["S"] == arn]
        assert 2 * 3600 - 60 < float(item["expires_at"]["N"]) - time.time() <= 2 * 3600
        notified.stop(arn)


def rows_of(notified) -> list[dict]:
    pages = notified.dynamodb.get_paginator("scan").paginate(TableName=notified.table)
    return [item for page in pages for item in page["Items"]]


def is_told_of_an_ended_one(notified) -> bool:
    arn = notified.handled()["executionArn"]
    with notified.connected() as client:
        client.subscribe(arn)
        return client.is_told(arn)


def is_told_when_it_ends(notified) -> bool:
    arn = notified.start("slow")
    with notified.connected() as client:
        client.subscribe(arn)
        time.sleep(0.3)
        notified.stop(arn)
        return client.is_told(arn)


def is_told_after_connecting(notified) -> bool:
    arn = notified.handled()["executionArn"]
    try:
        with notified.connected(executionArn=arn) as client:
            return client.is_told(arn)
    except InvalidStatus:
        return False


def is_forgotten(notified) -> bool:
    arn = notified.start("slow")
    with notified.connected(executionArn=arn):
        notified.until_watched(arn)
    try:
        eventually(lambda: notified.watchers(arn), lambda watchers: not watchers, SILENCE)
    except AssertionError:
        return False
    finally:
        notified.stop(arn)
    return True


def is_logged(notified) -> bool:
    return logged(notified.deployment, f"/aws/lambda/{notified.table}", lambda: is_told_when_it_ends(notified))


def is_removed_once_told(notified) -> bool:
    arn = notified.start("slow")
    with notified.connected(executionArn=arn) as client:
        notified.until_watched(arn)
        notified.stop(arn)
        assert client.is_told(arn, PATIENCE)
        try:
            eventually(lambda: notified.watchers(arn), lambda watchers: not watchers, SILENCE)
        except AssertionError:
            return False
    return True


def is_kept_when_it_fails(notified) -> bool:
    arn = notified.start("slow")
    with notified.connected(executionArn=arn):
        notified.until_watched(arn)
        with without(notified.deployment, notified.role, "execute-api:ManageConnections"):
            notified.stop(arn)
            try:
                eventually(lambda: notified.failed(arn), bool, 10)
            except AssertionError:
                return False
    return True


# Action, end of the ARN that it is allowed on => what stops working without it.
PROBES = {
    ("dynamodb:DeleteItem", "-notifications"): is_removed_once_told,
    ("dynamodb:GetItem", "-notifications"): is_told_of_an_ended_one,
    ("dynamodb:PutItem", "-notifications"): is_told_when_it_ends,
    ("dynamodb:Query", "-notifications"): is_told_when_it_ends,
    ("dynamodb:Query", "/index/by_connection"): is_forgotten,
    ("execute-api:ManageConnections", "/alpha/POST/@connections/*"): is_told_when_it_ends,
    ("lambda:InvokeFunction", "-notifications"): is_told_after_connecting,
    ("logs:CreateLogStream", "-notifications:log-stream:*"): is_logged,
    ("logs:PutLogEvents", "-notifications:log-stream:*"): is_logged,
    ("sqs:SendMessage", "-notifications-failed"): is_kept_when_it_fails,
    ("states:DescribeExecution", ":*"): is_told_of_an_ended_one,
}


class TestTheRoleAllowsExactlyWhatTheFunctionNeeds:
    def test_every_permission_has_a_probe(self, notified):
        for action, arns in permissions_of(notified.deployment, notified.role).items():
            ends = tuple(end for each, end in PROBES if each == action)
            assert all(arn.endswith(ends) for arn in arns), (action, arns)

    @pytest.mark.parametrize(
        ("action", "resource"),
        [pytest.param(*probe, marks=[pytest.mark.local_only] if probe[0] in LOGS else []) for probe in PROBES],
    )
    def test_without_one_something_breaks(self, notified, action, resource):
        works = PROBES[action, resource]
        # On AWS a changed policy takes some seconds to be in force.
        eventually(lambda: works(notified), bool, 60)
        with without(notified.deployment, notified.role, action, resource):
            eventually(lambda: works(notified), lambda told: not told, 60)
        eventually(lambda: works(notified), bool, 60)

    def test_resources_are_the_modules_own(self, notified):
        permissions = permissions_of(notified.deployment, notified.role)
        watched = {arn for name, arn in notified.arns.items() if name != "foreign"}
        assert permissions.pop("states:DescribeExecution") == {
            arn.replace(":stateMachine:", ":execution:") + ":*" for arn in watched
        }
        api = notified.deployment.outputs["notifications"]["api_id"]
        [messages] = permissions.pop("execute-api:ManageConnections")
        assert messages.endswith(f":{api}/alpha/POST/@connections/*")
        for arn in set().union(*permissions.values()):
            own = arn.removesuffix(":log-stream:*").removesuffix("/index/by_connection").removesuffix("-failed")
            assert own.endswith((f"/{notified.table}", f":{notified.table}")), arn


@pytest.mark.contract("notifications.origin")
class TestOrigins:
    """A page of another origin is refused; what is no page says no origin."""

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "http://orders.example.com", "https://orders.example.com:444", "null"]
    )
    def test_another_page_is_refused(self, notified, origin):
        assert notified.refused(origin=origin) == 403

    def test_a_page_that_is_allowed_is_told(self, notified):
        description = notified.ended()
        arn = description["executionArn"]
        with notified.connected(origin="https://orders.example.com", executionArn=arn) as client:
            assert client.message() == expected(description)

    def test_by_default_no_page_may_connect(self, notified):
        assert notified.refused(notified.url("guarded_url", token="soup"), "https://orders.example.com") == 403


@pytest.mark.contract("notifications.authorization")
class TestAnAuthorizer:
    @pytest.mark.parametrize(("query", "status"), [({}, 401), ({"token": "salad"}, 403)])
    def test_refuses(self, notified, query, status):
        assert notified.refused(notified.url("guarded_url", **query)) == status

    def test_lets_in(self, notified):
        arn = notified.ended()["executionArn"]
        with notified.connected(notified.url("guarded_url", token="soup", executionArn=arn)) as client:
            assert client.is_told(arn, PATIENCE)


@pytest.mark.contract("notifications.authorization")
class TestSignedConnections:
    """The default."""

    def test_an_unsigned_one_is_refused(self, notified):
        assert notified.refused(notified.url("signed_url")) == 403

    def test_a_signed_one_is_accepted(self, notified):
        arn = notified.ended("foreign")["executionArn"]
        with notified.connected(self.signed(notified, notified.url("signed_url"))) as client:
            client.subscribe(arn)
            assert client.is_told(arn, PATIENCE)

    @staticmethod
    def signed(notified, url: str) -> str:
        scheme, _, rest = url.partition("://")
        request = AWSRequest("GET", f"{'https' if scheme == 'wss' else 'http'}://{rest}")
        credentials = notified.account.session().get_credentials().get_frozen_credentials()
        SigV4QueryAuth(credentials, "execute-api", notified.account.region).add_auth(request)
        return f"{scheme}://{request.url.partition('://')[2]}"


@pytest.mark.local_only
def test_the_logs_have_no_inputs_and_outputs(notified):
    """The local sandbox keeps the log lines of calls by EventBridge and by the function, not of those by the API."""
    secret = secrets.token_hex(8)
    with notified.connected() as client:
        arn = notified.start("timed", seconds=1, secret=secret)
        client.subscribe(arn)
        assert secret in client.message()["output"]
        stopped = notified.start("slow", secret=secret)
        client.subscribe(stopped)
        notified.until_watched(stopped)
        notified.stop(stopped, error=secret, cause=secret)
        assert secret in client.message()["cause"]
    lines = eventually(lambda: log_lines(notified), lambda lines: any(stopped in line for line in lines))
    assert not any(secret in line for line in lines)
    own = [json.loads(line) for line in lines if line.startswith("{")]
    assert {line["message"] for line in own if line.get("execution_arn") == arn} == {"execution ended", "told"}


def log_lines(notified) -> list[str]:
    pages = notified.account.client("logs").get_paginator("filter_log_events")
    return [
        event["message"]
        for page in pages.paginate(logGroupName=f"/aws/lambda/{notified.table}")
        for event in page["events"]
    ]


def test_a_second_plan_shows_no_change(notified):
    plan = notified.deployment.plan()
    assert plan.is_empty, plan.changes


def test_destroy_leaves_nothing_behind(deploy, configurations):
    deployment = deploy(configurations / "notifications", name="left", fresh=True)
    inventory = inventory_of(deployment.account, deployment.variables["name"])
    assert all(inventory.values()), inventory
    deployment.destroy()
    left = inventory_of(deployment.account, deployment.variables["name"])
    assert not any(left.values()), left


def inventory_of(account, prefix: str) -> dict[str, list[str]]:
    """What an account holds of the kinds of thing the module makes, as the services list it."""

    def named(names):
        return [name for name in names if name.removeprefix("/aws/lambda/").startswith(prefix)]

    def listed(service: str, operation: str, items: str, key: str | None = None, **options):
        answer = getattr(account.client(service), operation)(**options)[items]
        return named(item[key] if key else item for item in answer)

    return {
        "APIs": listed("apigatewayv2", "get_apis", "Items", "Name"),
        "functions": listed("lambda", "list_functions", "Functions", "FunctionName"),
        "queues": named(url.rpartition("/")[2] for url in account.client("sqs").list_queues().get("QueueUrls", [])),
        "log groups": listed("logs", "describe_log_groups", "logGroups", "logGroupName"),
        "roles": listed("iam", "list_roles", "Roles", "RoleName", MaxItems=1000),
        "rules": listed("events", "list_rules", "Rules", "Name"),
        "tables": listed("dynamodb", "list_tables", "TableNames"),
    }
