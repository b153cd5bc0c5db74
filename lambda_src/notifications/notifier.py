"""What happens when a client connects, subscribes or leaves, and when an execution ends.

Exactly one message for each subscription, whichever comes first, the subscription or the end:

- A subscriber writes its subscription and then looks whether the execution has ended. Whoever handles the end writes
  that it has ended and then looks who has subscribed. Both look with consistent reads, so at least one sees the other.
- Whoever is to send takes the subscription out of the table first. Only one of two can, so at most one sends.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from connections import Connections
from executions import ExecutionNotFoundError, Executions, has_ended, message, redrive_count
from shared.log import log
from subscriptions import Subscriptions

HOW_TO = 'Send {"action": "subscribe", "executionArn": "..."}.'


class Notifier:
    """Connects subscriptions, connections and executions.

    The methods for routes take API Gateway's event and return a status code.

    Args:
        subscriptions: who watches what.
        connections: how clients are reached.
        executions: how executions stand.
        answer_later: has `answer` called with this request, by another call of the function.

    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        connections: Connections,
        executions: Executions,
        answer_later: Callable[[dict[str, str]], None],
    ) -> None:
        self._subscriptions = subscriptions
        self._connections = connections
        self._executions = executions
        self._answer_later = answer_later

    def connect(self, event: Mapping[str, Any]) -> int:
        """Let a client in, and subscribe it to the execution of the query string, if that names one."""
        context = event["requestContext"]
        arn = (event.get("queryStringParameters") or {}).get("executionArn")
        if arn is None:
            return 200
        if not self._executions.may_be_watched(arn):
            log("WARNING", "refused a connection", connection_id=context["connectionId"])
            return 403
        self._subscriptions.add(arn, context["connectionId"], connecting=True)
        # Nothing can be sent before this call has returned, so another one looks whether the execution has ended.
        self._answer_later(_request(arn, context))
        return 200

    def subscribe(self, event: Mapping[str, Any]) -> int:
        """Subscribe a client to the execution that its message names, or tell it why not."""
        context = event["requestContext"]
        arn = json.loads(event["body"]).get("executionArn")
        if not self._executions.may_be_watched(arn):
            return self._send_error(context, "InvalidArn", f"No execution that can be watched here. {HOW_TO}")
        self._subscriptions.add(arn, context["connectionId"])
        try:
            self.answer(_request(arn, context))
        except Exception as error:
            log("ERROR", "could not subscribe", connection_id=context["connectionId"], error=type(error).__name__)
            # The client must not wait for what may never come, unless it came in the meantime.
            if self._subscriptions.claim(arn, context["connectionId"]):
                return self._send_error(context, "InternalError", "The subscription failed. Send it again.", arn)
        return 200

    def unknown_action(self, event: Mapping[str, Any]) -> int:
        """Tell a client what it can send."""
        return self._send_error(event["requestContext"], "UnknownAction", f"There is no such action. {HOW_TO}")

    def disconnect(self, event: Mapping[str, Any]) -> int:
        """Forget a client that has left."""
        self._subscriptions.remove_connection(event["requestContext"]["connectionId"])
        return 200

    def answer(self, request: Mapping[str, str]) -> None:
        """Tell a client that has subscribed if the execution has ended already, or if there is none.

        Args:
            request: ``{"executionArn", "connectionId", "requestId"}``.

        """
        arn, connection_id = request["executionArn"], request["connectionId"]
        ended_after = self._subscriptions.ended_after(arn)
        try:
            description = self._executions.describe(arn)
            # The end may be known here before DescribeExecution knows it. One that was redriven since runs again.
            if not has_ended(description) and ended_after == redrive_count(description):
                description = self._executions.describe_ended(arn)
        except ExecutionNotFoundError:
            subscription = self._subscriptions.claim(arn, connection_id) or {}
            patience = self._subscriptions.patience(subscription)
            self._send_error(request, "ExecutionDoesNotExist", f"There is no execution {arn}.", arn, patience)
            return
        if has_ended(description):
            self._deliver(arn, connection_id, message(description))

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
        errors = []
        for connection_id in watching:
            try:
                self._deliver(arn, connection_id, text)
            except Exception as error:
                errors.append(error)
        if errors:
            raise ExceptionGroup("not everyone could be told", errors)

    def _deliver(self, arn: str, connection_id: str, text: str) -> None:
        subscription = self._subscriptions.claim(arn, connection_id)
        if subscription is None:
            return
        try:
            sent = self._connections.send(connection_id, text, self._subscriptions.patience(subscription))
        except Exception:
            self._subscriptions.put_back(subscription)
            raise
        log("INFO", "told" if sent else "gone", execution_arn=arn, connection_id=connection_id)
        if not sent:
            self._subscriptions.remove_connection(connection_id)

    def _send_error(
        self, request: Mapping[str, Any], name: str, text: str, arn: str | None = None, patience: float = 0.0
    ) -> int:
        about = {"executionArn": arn} if arn else {}
        body = {"type": "error", "error": name, "message": text, "requestId": request["requestId"], **about}
        self._connections.send(request["connectionId"], json.dumps(body, ensure_ascii=False), patience)
        return 400


def _request(arn: str, context: Mapping[str, Any]) -> dict[str, str]:
    return {"executionArn": arn, "connectionId": context["connectionId"], "requestId": context["requestId"]}
