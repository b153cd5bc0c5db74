"""The function of modules/notifications, with DynamoDB, Step Functions and connections in memory."""

import importlib
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

SOURCES = Path(__file__).parents[2] / "lambda_src"
MODULES = ("connections", "executions", "notifier", "subscriptions")
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
ARN = "arn:aws:states:eu-west-1:123456789012:execution:orders:one"
STARTED, STOPPED = 1795313156.134, 1795313157.3


@pytest.fixture(scope="module")
def function():
    """The function's modules, by name, imported as Lambda would and forgotten afterwards."""
    paths = [str(SOURCES / "notifications"), str(SOURCES)]
    known = {name: module for name, module in sys.modules.items() if name in MODULES or name.split(".")[0] == "shared"}
    for name in known:
        del sys.modules[name]
    sys.path[:0] = paths
    try:
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    finally:
        del sys.path[: len(paths)]
        for name in [name for name in sys.modules if name in MODULES or name.split(".")[0] == "shared"]:
            del sys.modules[name]
        sys.modules.update(known)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "Operation")


def holds(condition, item: dict) -> bool:
    """Whether an item meets a condition of boto3's."""
    operator, values = (condition.get_expression()[name] for name in ("operator", "values"))
    if operator == "AND":
        return all(holds(each, item) for each in values)
    value = item.get(values[0].name)
    if operator == "BETWEEN":
        return value is not None and values[1] <= value <= values[2]
    assert operator == "="
    return value == values[1]


class World:
    """The four services as boto3 shows them. `before` is called before every request to one of them."""

    def __init__(self, function, status: str = "RUNNING", lag: int = 0, before=lambda: None, page: int = 1):
        self.function, self.before, self.page = function, before, page
        self.items: dict[tuple[str, str], dict] = {}
        self.open = {"client", "other"}
        self.sent: list[tuple[str, dict]] = []
        self.later: list[dict] = []
        self.allowed_origins: list[str] = []
        self.slept = 0.0
        self.failing: set[str] = set()
        self.status, self.lag, self.redrives = status, lag, 0
        self.texts = {"output": '{"n": 1}', "error": "Kitchen.Closed", "cause": "until 9"}

    @property
    def notifier(self):
        return self.function.notifier.Notifier(
            self.function.subscriptions.Subscriptions(self, now=lambda: 1000.0),
            self.function.connections.Connections(self, self.sleep),
            self.function.executions.Executions(self, [MACHINE], self.sleep),
            self.call_later,
            self.allowed_origins,
        )

    def call_later(self, request: dict) -> None:
        self._request("invoke")
        self.later.append(json.loads(json.dumps(request)))

    def run_later(self) -> None:
        """Do the next call that the function has asked for."""
        [(method, request)] = self.later.pop(0).items()
        getattr(self.notifier, method)(request)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _request(self, name: str) -> None:
        self.before()
        if name in self.failing:
            raise refusal("InternalServerError")

    # DynamoDB

    def put_item(self, Item):  # noqa: N803
        self._request("put_item")
        self.items[Item["execution_arn"], Item["watcher"]] = dict(Item)

    def get_item(self, Key, ConsistentRead):  # noqa: N803
        self._request("get_item")
        assert ConsistentRead
        found = self.items.get((Key["execution_arn"], Key["watcher"]))
        return {"Item": dict(found)} if found else {}

    def delete_item(self, Key, ConditionExpression=None):  # noqa: N803
        self._request("delete_item")
        found = self.items.get((Key["execution_arn"], Key["watcher"]), {})
        if ConditionExpression is not None and not holds(ConditionExpression, found):
            raise refusal("ConditionalCheckFailedException")
        self.items.pop((Key["execution_arn"], Key["watcher"]), None)

    def query(self, KeyConditionExpression, ConsistentRead=False, IndexName=None, ExclusiveStartKey=("", "")):  # noqa: N803
        """Few items per page, so that what follows the first is asked for."""
        self._request("query")
        assert ConsistentRead == (IndexName is None)
        items = self.items.copy()  # other threads remove some meanwhile
        rest = [key for key in sorted(items) if key > ExclusiveStartKey]
        found = [key for key in rest if holds(KeyConditionExpression, items[key])]
        page = {"Items": [dict(items[key]) for key in found[: self.page]]}
        return page | ({"LastEvaluatedKey": found[self.page - 1]} if len(found) > self.page else {})

    # Step Functions

    def end(self, status: str) -> dict:
        """End the execution; return the event's detail."""
        self.status = status
        return {
            "executionArn": ARN,
            "stateMachineArn": MACHINE,
            "status": status,
            "startDate": round(STARTED * 1000),
            "stopDate": round(STOPPED * 1000),
            "redriveCount": self.redrives,
            **dict.fromkeys(self.texts),
            **self._results(),
        }

    def _results(self) -> dict:
        names = ("output",) if self.status == "SUCCEEDED" else ("error", "cause")
        return {name: self.texts[name] for name in names if name in self.texts}

    def describe_execution(self, executionArn):  # noqa: N803
        self._request("describe_execution")
        if executionArn != ARN or self.status == "UNKNOWN":
            raise refusal("ExecutionDoesNotExist")
        described = {"executionArn": ARN, "startDate": datetime.fromtimestamp(STARTED, UTC)}
        described["redriveCount"] = self.redrives
        if self.status != "RUNNING" and self.lag > 0:
            self.lag -= 1
            return described | {"status": "RUNNING"}
        if self.status == "RUNNING":
            return described | {"status": "RUNNING"}
        return described | {
            "status": self.status,
            "stopDate": datetime.fromtimestamp(STOPPED, UTC),
            **self._results(),
        }

    # Connections

    def post_to_connection(self, ConnectionId, Data):  # noqa: N803
        self._request("post_to_connection")
        if ConnectionId not in self.open:
            raise refusal("GoneException")
        self.sent.append((ConnectionId, json.loads(Data)))

    def watched(self, connection_id: str = "client") -> bool:
        return (ARN, connection_id) in self.items


def request(route: str, connection_id: str = "client", body=None, **query) -> dict:
    context = {"routeKey": route, "connectionId": connection_id, "requestId": "request"}
    return {"requestContext": context, "body": json.dumps(body), "queryStringParameters": query or None}


def subscription(arn=ARN, connection_id: str = "client") -> dict:
    return request("subscribe", connection_id, {"action": "subscribe", "executionArn": arn})


def ended(status: str = "SUCCEEDED", **results) -> dict:
    results = results or {"output": '{"n": 1}'}
    return {
        "type": "ended",
        "executionArn": ARN,
        "status": status,
        "startDate": pytest.approx(STARTED, abs=1e-6),
        "stopDate": pytest.approx(STOPPED, abs=1e-6),
        **results,
    }


class TestAMessageWhicheverComesFirst:
    """One of the two parties does all that it does between any two requests of the other.

    The client is told once, or twice if both were about to tell it.
    """

    @pytest.mark.parametrize("lag", [0, 1, 3], ids=lambda lag: f"lag{lag}")
    @pytest.mark.parametrize("on_connect", [False, True])
    def test_the_end_comes_between_two_requests_of_the_subscriber(self, function, lag, on_connect):
        step = 0
        while True:
            world, requests = World(function, lag=lag), count()

            def end(world=world, step=step, requests=requests):
                if next(requests) == step:
                    world.before = lambda: None
                    world.notifier.execution_ended(world.end("SUCCEEDED"))

            world.before = end
            if on_connect:
                world.notifier.connect(request("$connect", executionArn=ARN))
                world.run_later()
            else:
                world.notifier.subscribe(subscription())
            if next(requests) <= step:
                break  # the subscriber had been done
            assert world.sent in ([("client", ended())], [("client", ended())] * 2), step
            assert not world.watched()
            step += 1
        assert step >= 3
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        assert world.sent == [("client", ended())]

    @pytest.mark.parametrize("lag", [0, 1, 3], ids=lambda lag: f"lag{lag}")
    def test_the_subscription_comes_between_two_requests_of_who_handles_the_end(self, function, lag):
        step = 0
        while True:
            world, requests = World(function, lag=lag), count()
            world.notifier.subscribe(subscription(connection_id="other"))
            detail = world.end("SUCCEEDED")

            def subscribe(world=world, step=step, requests=requests):
                if next(requests) == step:
                    world.before = lambda: None
                    world.notifier.subscribe(subscription())

            world.before = subscribe
            world.notifier.execution_ended(detail)
            if next(requests) <= step:
                break
            told = [client for client, message in world.sent if message == ended()]
            assert set(told) == {"client", "other"}, step
            assert (len(told), told.count("other")) in ((2, 1), (3, 1)), step
            step += 1
        assert step >= 4

    def test_an_event_that_comes_twice_is_told_once(self, function):
        world = World(function)
        world.notifier.subscribe(subscription())
        detail = world.end("SUCCEEDED")
        for _ in range(2):
            world.notifier.execution_ended(detail)
        assert world.sent == [("client", ended())]

    def test_an_execution_that_was_redriven_runs_again(self, function):
        world = World(function)
        world.notifier.execution_ended(world.end("FAILED"))
        world.status, world.redrives = "RUNNING", 1
        world.notifier.subscribe(subscription())
        assert (world.sent, world.slept) == ([], 0)
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        assert world.sent == [("client", ended())]


class TestWhatFails:
    def test_a_message_that_could_not_be_sent_is_sent_when_the_event_comes_again(self, function):
        world = World(function)
        for client in ("client", "other"):
            world.notifier.subscribe(subscription(connection_id=client))
        detail, world.failing = world.end("SUCCEEDED"), {"post_to_connection"}
        with pytest.raises(ExceptionGroup) as failed:
            world.notifier.execution_ended(detail)
        assert len(failed.value.exceptions) == 2
        assert world.watched("client")
        assert world.watched("other")
        world.failing.clear()
        world.notifier.execution_ended(detail)
        assert sorted(client for client, _ in world.sent) == ["client", "other"]

    @pytest.mark.parametrize("on_connect", [False, True])
    def test_a_subscription_that_fails_is_an_error_and_no_subscription(self, function, on_connect):
        world = World(function)
        world.failing = {"describe_execution"}
        if on_connect:
            world.notifier.connect(request("$connect", executionArn=ARN))
            world.run_later()
        else:
            world.notifier.subscribe(subscription())
        [(_, error)] = world.sent
        assert (error["type"], error["error"], error["executionArn"]) == ("error", "InternalError", ARN)
        assert not world.watched()

    @pytest.mark.parametrize("operation", ["get_item", "post_to_connection"])
    def test_a_client_that_subscribes_and_can_not_be_told_is_told_later(self, function, operation):
        """Nobody repeats the call of a route, so another call is asked for, which Lambda repeats."""
        world = World(function, status="SUCCEEDED")
        world.failing = {operation}
        world.notifier.subscribe(subscription())
        assert (world.sent, world.watched()) == ([], True)
        world.failing.clear()
        world.run_later()
        assert (world.sent, world.watched()) == ([("client", ended())], False)

    @pytest.mark.parametrize("operation", ["delete_item", "post_to_connection"])
    def test_an_answer_that_was_ended_early_is_repeated(self, function, operation):
        world = World(function, status="SUCCEEDED")
        world.notifier.connect(request("$connect", executionArn=ARN))
        [later] = world.later
        world.failing = {operation}
        with pytest.raises(ExceptionGroup):
            world.notifier.answer(later["answer"])
        assert world.watched()
        world.failing.clear()
        world.notifier.answer(later["answer"])
        assert not world.watched()
        assert world.sent == [("client", ended())] * (2 if operation == "delete_item" else 1)
        world.notifier.answer(later["answer"])
        assert len(world.sent) == (2 if operation == "delete_item" else 1)

    def test_a_connection_whose_answer_nobody_will_look_for_is_refused_and_forgotten(self, function):
        world = World(function)
        world.failing = {"invoke"}
        assert world.notifier.connect(request("$connect", executionArn=ARN)) == 500
        assert world.items == {}

    def test_a_client_that_subscribes_again_as_soon_as_it_is_told_is_told_again(self, function):
        """The removal of the first subscription does not remove the second."""
        world = World(function)
        world.notifier.subscribe(subscription())
        detail = world.end("SUCCEEDED")
        post, again = world.post_to_connection, []

        def post_to_connection(**message):
            post(**message)
            if not again:
                again.append(
                    subscription() | {"requestContext": {**subscription()["requestContext"], "requestId": "2"}}
                )
                world.items[ARN, "client"] |= {"request_id": "2"}

        world.post_to_connection = post_to_connection
        world.notifier.execution_ended(detail)
        assert world.watched()
        world.notifier.answer({"executionArn": ARN, "connectionId": "client", "requestId": "2"})
        assert (world.sent, world.watched()) == ([("client", ended())] * 2, False)

    def test_a_description_that_stays_behind_is_an_error(self, function):
        world = World(function, lag=99)
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        world.notifier.subscribe(subscription())
        assert [message["error"] for _, message in world.sent] == ["InternalError"]
        assert world.slept == pytest.approx(3.1)

    def test_an_execution_that_is_not_known_yet_is_asked_for_again(self, function):
        world = World(function, status="UNKNOWN")
        world.sleep = lambda seconds: setattr(world, "status", "RUNNING")
        world.notifier.subscribe(subscription())
        assert world.sent == []
        assert world.watched()


class TestAConnectionInTheMaking:
    def test_nothing_is_sent_before_connect_has_answered(self, function):
        world = World(function, status="SUCCEEDED")
        world.open.clear()
        assert world.notifier.connect(request("$connect", executionArn=ARN)) == 200
        assert world.later == [{"answer": {"executionArn": ARN, "connectionId": "client", "requestId": "request"}}]

    @pytest.mark.parametrize("by_event", [False, True])
    def test_gone_is_taken_for_not_yet_there(self, function, by_event):
        world = World(function)
        world.open.clear()
        world.notifier.connect(request("$connect", executionArn=ARN))

        def sleep(seconds):
            world.slept += seconds
            if world.slept > 1:
                world.open.add("client")

        world.sleep = sleep
        detail = world.end("SUCCEEDED")
        if by_event:
            world.notifier.execution_ended(detail)
        world.run_later()
        assert world.sent == [("client", ended())]

    def test_but_not_for_ever(self, function):
        world = World(function)
        world.open.clear()
        world.notifier.connect(request("$connect", executionArn=ARN))
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        assert (world.sent, world.watched()) == ([], False)
        assert 4.5 < world.slept < 5.5

    def test_an_older_one_is_gone_at_once_with_all_its_subscriptions(self, function):
        world = World(function)
        world.notifier.subscribe(subscription())
        world.items[ARN + "2", "client"] = {**world.items[ARN, "client"], "execution_arn": ARN + "2"}
        world.open.clear()
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        assert world.slept == 0
        assert [watcher for _, watcher in world.items] == ["#ended"]

    def test_one_that_names_another_state_machines_execution_is_refused(self, function):
        world = World(function)
        assert world.notifier.connect(request("$connect", executionArn=ARN.replace("orders", "salaries"))) == 403
        assert (world.items, world.later) == ({}, [])

    def test_one_that_names_none_is_let_in(self, function):
        world = World(function)
        assert world.notifier.connect(request("$connect")) == 200
        assert (world.items, world.later) == ({}, [])


class Ended(BaseException):
    """Lambda ends the function: no handler of exceptions sees it."""


class Lambda:
    """Runs the function's asynchronous calls at the same time, each up to three times, as Lambda does."""

    def __init__(self, world):
        self.world, self.failed, self.calls = world, [], 0

    def run(self, request: dict) -> None:
        [(method, argument)] = request.items()
        for _ in range(3):
            self.calls += 1
            try:
                getattr(self.world.notifier, method)(argument)
            except (Exception, Ended):
                continue
            return
        self.failed.append(request)

    def run_all(self) -> None:
        """Run what the function has asked for until it asks for nothing."""
        while self.world.later:
            requests, self.world.later = self.world.later, []
            with ThreadPoolExecutor(10) as pool:
                list(pool.map(self.run, requests))


@pytest.mark.contract("notifications.many")
class TestManyWatchers:
    WATCHERS = 5000

    @pytest.fixture
    def crowd(self, function):
        """A world in which 5,000 clients watch, and a message takes 20 ms."""
        world = World(function, page=500)
        clients = [f"client-{number:0>4}" for number in range(self.WATCHERS)]
        world.open = set(clients)
        for client in clients:
            world.notifier.subscribe(subscription(connection_id=client))
        post = world.post_to_connection

        def post_to_connection(ConnectionId, Data):  # noqa: N803
            post(ConnectionId, Data)
            time.sleep(0.02)

        world.post_to_connection = post_to_connection
        return world, clients

    def told(self, world) -> Counter:
        return Counter(client for client, message in world.sent if message == ended())

    def test_all_are_told_once_by_calls_of_a_hundred_each(self, function, crowd):
        world, clients = crowd
        runtime = Lambda(world)
        runtime.run({"execution_ended": world.end("SUCCEEDED")})
        assert (len(world.later), world.sent) == (self.WATCHERS / function.notifier.BATCH, [])
        assert max(len(json.dumps(request)) for request in world.later) < 262_144
        runtime.run(world.later.pop())
        assert len(world.sent) == function.notifier.BATCH
        runtime.run_all()
        assert self.told(world) == Counter(clients)
        assert (runtime.failed, [watcher for _, watcher in world.items]) == ([], ["#ended"])

    def test_all_are_told_although_each_call_is_ended_in_the_middle(self, function, crowd):
        """Of each call the first two tries end after some messages, in the removal of the one told last."""
        world, clients = crowd
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        delete, removals, tries = world.delete_item, Counter(), Counter()

        def delete_item(Key, ConditionExpression=None):  # noqa: N803
            batch = int(Key["watcher"].rpartition("-")[2]) // function.notifier.BATCH
            removals[batch] += 1
            if removals[batch] % 40 == 0 and tries[batch] < 2:
                tries[batch] += 1
                raise Ended
            delete(Key, ConditionExpression)

        world.delete_item = delete_item
        runtime = Lambda(world)
        runtime.run_all()
        told = self.told(world)
        assert set(told) == set(clients)
        assert max(told.values()) <= 3
        assert runtime.calls == 3 * self.WATCHERS / function.notifier.BATCH
        assert (runtime.failed, [watcher for _, watcher in world.items]) == ([], ["#ended"])

    def test_what_fails_three_times_is_left_to_be_done_again(self, function, crowd):
        world, clients = crowd
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        world.failing = {"post_to_connection"}
        runtime = Lambda(world)
        runtime.run_all()
        assert len(runtime.failed) == self.WATCHERS / function.notifier.BATCH
        assert world.sent == []
        world.failing.clear()
        world.later = runtime.failed
        Lambda(world).run_all()
        assert self.told(world) == Counter(clients)

    def test_a_handler_that_is_ended_before_it_has_asked_for_all_calls_asks_again(self, crowd):
        world, clients = crowd
        detail, calls = world.end("SUCCEEDED"), count()

        def before():
            if len(world.later) == 10 and next(calls) == 0:
                raise Ended

        world.before = before
        runtime = Lambda(world)
        runtime.run({"execution_ended": detail})
        runtime.run_all()
        assert set(self.told(world)) == set(clients)


class TestOrigins:
    """Browsers say which page connects; other clients do not."""

    PAGE = "https://orders.example.com"

    @pytest.mark.parametrize(
        ("allowed", "origin", "status"),
        [
            ([], None, 200),
            ([], PAGE, 403),
            ([PAGE], None, 200),
            ([PAGE], PAGE, 200),
            ([PAGE], PAGE + ".evil.example", 403),
            ([PAGE], "http://orders.example.com", 403),
            ([PAGE], "null", 403),
            ([PAGE], "", 403),
            (["*"], PAGE, 200),
            (["*"], "null", 200),
        ],
    )
    @pytest.mark.parametrize("header", ["Origin", "origin"])
    def test_who_may_connect(self, function, allowed, origin, status, header):
        world = World(function)
        world.allowed_origins = allowed
        event = request("$connect", executionArn=ARN) | {"headers": {"Host": "x"}}
        event["headers"] |= {} if origin is None else {header: origin}
        assert world.notifier.connect(event) == status
        assert world.watched() == (status == 200)


class TestMessages:
    @pytest.mark.parametrize("status", ["FAILED", "ABORTED", "TIMED_OUT"])
    @pytest.mark.parametrize("names", [(), ("error",), ("error", "cause")])
    def test_an_event_and_a_description_give_the_same(self, function, status, names):
        results = {name: text for name, text in World(function).texts.items() if name in names}
        for early in (True, False):
            world = World(function)
            world.texts = results
            if early:
                world.notifier.subscribe(subscription())
            world.notifier.execution_ended(world.end(status))
            if not early:
                world.notifier.subscribe(subscription())

            [(_, message)] = world.sent
            assert {name: message[name] for name in ("error", "cause") if name in message} == results

    def test_what_an_event_lacks_is_asked_for(self, function):
        world = World(function, lag=2)
        world.notifier.subscribe(subscription())
        world.notifier.execution_ended(world.end("SUCCEEDED") | {"output": None, "outputDetails": {"included": False}})
        assert world.sent == [("client", ended())]

    @pytest.mark.parametrize(
        ("status", "name", "text"),
        [("SUCCEEDED", "output", "é" * 64_000), ("FAILED", "cause", "\0" * 32_768)],
    )
    def test_what_there_is_no_room_for_is_left_out(self, function, status, name, text):
        world = World(function)
        world.texts[name] = text
        world.notifier.subscribe(subscription())
        world.notifier.execution_ended(world.end(status))
        [(_, message)] = world.sent
        assert message["omitted"] == [name]
        assert name not in message
        assert ("error" in message) == (status == "FAILED")

    def test_what_just_fits_is_sent(self, function):
        world = World(function)
        world.texts["output"] = '"' + "é" * 60_000 + '"'
        world.notifier.subscribe(subscription())
        world.notifier.execution_ended(world.end("SUCCEEDED"))
        assert world.sent == [("client", ended(output=world.texts["output"]))]


@pytest.mark.parametrize(
    ("arn", "allowed"),
    [
        (ARN, True),
        (ARN.replace("one", "a" * 80), True),
        (ARN.replace("one", "a" * 81), False),
        (ARN.replace("one", ""), False),
        (ARN.replace("orders", "orders2"), False),
        (ARN.replace(":execution:", ":express:") + ":run", False),
        (ARN + ":run", False),
        (ARN.replace("123456789012", "999999999999"), False),
        (ARN.replace("eu-west-1", "eu-west-2"), False),
        (MACHINE, False),
        ("", False),
        (None, False),
        ([ARN], False),
    ],
)
def test_which_executions_may_be_watched(function, arn, allowed):
    world = World(function)
    world.notifier.subscribe(subscription(arn))
    assert world.watched() == (allowed and arn == ARN)
    assert [error["error"] for _, error in world.sent] == (
        [] if arn == ARN else ["ExecutionDoesNotExist" if allowed else "InvalidArn"]
    )


def test_log_lines_are_json_without_what_executions_say(function, capsys):
    world = World(function)
    world.texts = dict.fromkeys(world.texts, "secret")
    world.notifier.subscribe(subscription())
    world.notifier.execution_ended(world.end("FAILED"))
    world.notifier.connect(request("$connect", executionArn="secret"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in lines] == ["execution ended", "told", "refused a connection"]
    assert "secret" not in json.dumps(lines)
