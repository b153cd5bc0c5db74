"""What happens when a client connects, subscribes or leaves, and when an execution ends.

At least one message for each subscription, whichever comes first, the subscription or the end:

- A subscriber writes its subscription and then looks whether the execution has ended. The handler of the end writes
  that it has ended and then looks who has subscribed. Both look with consistent reads, so at least one sees the other.
- A subscription is removed after its message was sent. A call that fails, or is ended, is repeated by Lambda, and tells
  those who are still in the table; what fails three times goes to a queue.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from connections import Connections
from executions import ExecutionNotFoundError, Executions, has_ended, message, redrive_count
from shared.log import log
from subscriptions import Subscription, Subscriptions

HOW_TO = 'Send {"action": "subscribe", "executionArn": "..."}.'
BATCH = 100  # clients that one call of the function tells
SENDERS = 16  # messages that one call sends at the same time


class Notifier:
    """Connects subscriptions, connections and executions.

    The methods for routes take API Gateway's event and return a status code.

    Args:
        subscriptions: who watches what.
        connections: how clients are reached, by several threads.
        executions: how executions stand.
        call_later: has a method called with a request, by another call of the function: ``{<method>: <request>}``.
        allowed_origins: origins whose pages may connect; "*" is every one.

    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        connections: Connections,
        executions: Executions,
        call_later: Callable[[dict[str, dict[str, str]]], None],
        allowed_origins: Collection[str] = (),
    ) -> None:
        self._subscriptions = subscriptions
        self._connections = connections
        self._executions = executions
        self._call_later = call_later
        self._allowed_origins = allowed_origins

    def connect(self, event: Mapping[str, Any]) -> int:
        """Let a client in, and subscribe it to the execution of the query string, if that names one."""
        context = event["requestContext"]
        connection_id = context["connectionId"]
        if not self._is_allowed(_origin(event)):
            log("WARNING", "refused a connection", connection_id=connection_id, reason="origin")
            return 403
        arn = (event.get("queryStringParameters") or {}).get("executionArn")
        if arn is None:
            return 200
        if not self._executions.may_be_watched(arn):
            log("WARNING", "refused a connection", connection_id=connection_id, reason="execution")
            return 403
        self._subscriptions.add(arn, connection_id, context["requestId"], connecting=True)
        # Nothing can be sent before this call has returned, so another one looks whether the execution has ended.
        try:
            self._call_later({"answer": _request(arn, context)})
        except Exception as error:
            log("ERROR", "could not subscribe", connection_id=connection_id, error=type(error).__name__)
            self._subscriptions.remove_connection(connection_id)
            return 500
        return 200

    def subscribe(self, event: Mapping[str, Any]) -> int:
        """Subscribe a client to the execution that its message names, or tell it why not."""
        context = event["requestContext"]
        arn = json.loads(event["body"]).get("executionArn")
        if not self._executions.may_be_watched(arn):
            return self._send_error(context, "InvalidArn", f"No execution that can be watched here. {HOW_TO}")
        self._subscriptions.add(arn, context["connectionId"], context["requestId"])
        request = _request(arn, context)
        try:
            self.answer(request)
        except Exception as error:
            # Nobody repeats the call of a route. Lambda repeats this one.
            log("ERROR", "answering later", connection_id=context["connectionId"], error=type(error).__name__)
            self._call_later({"answer": request})
        return 200

    def unknown_action(self, event: Mapping[str, Any]) -> int:
        """Tell a client what it can send."""
        return self._send_error(event["requestContext"], "UnknownAction", f"There is no such action. {HOW_TO}")

    def disconnect(self, event: Mapping[str, Any]) -> int:
        """Forget a client that has left."""
        self._subscriptions.remove_connection(event["requestContext"]["connectionId"])
        return 200

    def answer(self, request: Mapping[str, str]) -> None:
        """Tell a client that has subscribed if the execution has ended, if there is none, or if nobody can say.

        Args:
            request: ``{"executionArn", "connectionId", "requestId"}``.

        Raises:
            ExceptionGroup, ClientError, BotoCoreError: the client was told nothing; the subscription is still there.

        """
        arn, connection_id = request["executionArn"], request["connectionId"]
        try:
            description = self._describe(arn)
            failure = None
        except ExecutionNotFoundError:
            failure = ("ExecutionDoesNotExist", f"There is no execution {arn}.")
        except Exception as error:
            # The client must not wait for what may never come.
            log("ERROR", "could not look", connection_id=connection_id, error=type(error).__name__)
            failure = ("InternalError", "The subscription failed. Send it again.")
        if not failure and not has_ended(description):
            return
        subscription = self._subscriptions.find(arn, connection_id, request["requestId"])
        if subscription is None:
            return  # it was told in the meantime
        if failure:
            self._send_error(request, *failure, arn, self._subscriptions.patience(subscription))
            self._subscriptions.remove(subscription)
        else:
            self._tell(arn, [subscription], message(description))

    def execution_ended(self, detail: Mapping[str, Any]) -> None:
        """Tell everyone who watches an execution that it has ended.

        Args:
            detail: of an event "Step Functions Execution Status Change" with a status that is an end.

        Raises:
            ExceptionGroup: some could not be told. Lambda calls again for events, and they are told then.

        """
        arn = detail["executionArn"]
        self._subscriptions.remember_ended(arn, redrive_count(detail))
        watching = self._subscriptions.watching(arn)
        log("INFO", "execution ended", execution_arn=arn, status=detail["status"], watching=len(watching))
        if not watching:
            return
        text = message(self._executions.completed(detail))
        if len(watching) <= BATCH:
            self._tell(arn, watching, text)
            return
        # Each call of this function is repeated alone, and begins where the last try has ended: in the table.
        for start in range(0, len(watching), BATCH):
            first, last = watching[start]["watcher"], watching[start : start + BATCH][-1]["watcher"]
            self._call_later({"tell": {"executionArn": arn, "message": text, "first": first, "last": last}})

    def tell(self, request: Mapping[str, str]) -> None:
        """Tell those who watch an execution, from one connection's id to another one, that it has ended.

        Args:
            request: ``{"executionArn", "message", "first", "last"}``.

        Raises:
            ExceptionGroup: some could not be told.

        """
        arn = request["executionArn"]
        self._tell(arn, self._subscriptions.watching(arn, request["first"], request["last"]), request["message"])

    def _describe(self, arn: str) -> dict[str, Any]:
        ended_after = self._subscriptions.ended_after(arn)
        description = self._executions.describe(arn)
        # The end may be known here before DescribeExecution knows it. One that was redriven since runs again.
        if not has_ended(description) and ended_after == redrive_count(description):
            return self._executions.describe_ended(arn)
        return description

    def _tell(self, arn: str, subscriptions: Iterable[Subscription], text: str) -> None:
        errors: list[Exception] = []
        with ThreadPoolExecutor(SENDERS) as pool:
            sending = {pool.submit(self._send, each, text): each for each in subscriptions}
            for sent in as_completed(sending):
                try:
                    self._forget(arn, sending[sent], told=sent.result())
                except Exception as error:
                    errors.append(error)
        if errors:
            raise ExceptionGroup("not everyone could be told", errors)

    def _send(self, subscription: Subscription, text: str) -> bool:
        patience = self._subscriptions.patience(subscription)
        return self._connections.send(subscription["watcher"], text, patience)

    def _forget(self, arn: str, subscription: Subscription, *, told: bool) -> None:
        connection_id = subscription["watcher"]
        log("INFO", "told" if told else "gone", execution_arn=arn, connection_id=connection_id)
        if told:
            self._subscriptions.remove(subscription)
        else:
            self._subscriptions.remove_connection(connection_id)

    def _send_error(
        self, request: Mapping[str, Any], name: str, text: str, arn: str | None = None, patience: float = 0.0
    ) -> int:
        about = {"executionArn": arn} if arn else {}
        body = {"type": "error", "error": name, "message": text, "requestId": request["requestId"], **about}
        self._connections.send(request["connectionId"], json.dumps(body, ensure_ascii=False), patience)
        return 400

    def _is_allowed(self, origin: str | None) -> bool:
        # Browsers say where a page comes from, and pages can't change it. Other clients say nothing.
        return origin is None or "*" in self._allowed_origins or origin in self._allowed_origins


def _origin(event: Mapping[str, Any]) -> str | None:
    headers = event.get("headers") or {}
    return next((value for name, value in headers.items() if name.lower() == "origin"), None)


def _request(arn: str, context: Mapping[str, Any]) -> dict[str, str]:
    return {"executionArn": arn, "connectionId": context["connectionId"], "requestId": context["requestId"]}
