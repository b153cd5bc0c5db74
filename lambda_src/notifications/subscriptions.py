"""Who watches which execution, in DynamoDB.

An item per subscription: `execution_arn` and, as the sort key `watcher`, the connection's id; and an item per execution
that has ended lately, with the sort key "#ended". The index `by_connection` has the former only.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

ENDED = "#ended"  # no connection's id has a #
INDEX = "by_connection"
CONNECTION_SECONDS = 2 * 3600  # API Gateway closes a connection after two hours
HANDSHAKE_SECONDS = 5  # how long a connection may take from $connect until it can be written to
ENDED_SECONDS = 3600  # how long it is remembered that an execution has ended: far longer than DescribeExecution lags

Subscription = Mapping[str, Any]  # an item of the table


class Subscriptions:
    """The subscriptions in a table; errors are boto3's ``ClientError``.

    Args:
        table: boto3's ``Table`` resource, for one thread at a time.
        now: returns the time in epoch seconds.

    """

    def __init__(self, table: Any, now: Callable[[], float] = time.time) -> None:
        self._table = table
        self._now = now

    def add(self, execution_arn: str, connection_id: str, request_id: str, *, connecting: bool = False) -> None:
        """Have a connection watch an execution.

        Args:
            execution_arn: the execution's.
            connection_id: the connection's.
            request_id: of the request to subscribe, which tells this subscription from a later one.
            connecting: whether the connection is still being made.

        """
        now = int(self._now())
        item = {
            "execution_arn": execution_arn,
            "watcher": connection_id,
            "connection_id": connection_id,
            "request_id": request_id,
            "expires_at": now + CONNECTION_SECONDS,
        }
        if connecting:
            item["connecting_until"] = now + HANDSHAKE_SECONDS
        self._table.put_item(Item=item)

    def find(self, execution_arn: str, connection_id: str, request_id: str) -> Subscription | None:
        """Return the subscription that this request has made; None if it was removed, or if a later one took over."""
        found = self._table.get_item(
            Key={"execution_arn": execution_arn, "watcher": connection_id}, ConsistentRead=True
        ).get("Item")
        return found if found and found.get("request_id") == request_id else None

    def watching(self, execution_arn: str, first: str | None = None, last: str | None = None) -> list[Subscription]:
        """Return the subscriptions to an execution, all that were added before this call, in the order of `watcher`.

        Args:
            execution_arn: the execution's.
            first: the first `watcher` to return; by default all.
            last: the last one.

        """
        condition = Key("execution_arn").eq(execution_arn)
        if first is not None and last is not None:
            condition &= Key("watcher").between(first, last)
        items = self._items({"KeyConditionExpression": condition, "ConsistentRead": True})
        return [item for item in items if item["watcher"] != ENDED]

    def remove(self, subscription: Subscription) -> None:
        """Remove a subscription; one that the same connection has made since stays."""
        unchanged = Attr("request_id").eq(subscription.get("request_id"))
        key = {name: subscription[name] for name in ("execution_arn", "watcher")}
        try:
            self._table.delete_item(Key=key, ConditionExpression=unchanged)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def patience(self, subscription: Subscription) -> float:
        """Return for how many more seconds its connection may still be in the making."""
        return max(0.0, float(subscription.get("connecting_until", 0)) - self._now())

    def remove_connection(self, connection_id: str) -> None:
        """Remove the subscriptions of a connection; one added in the last moment may be left until it expires."""
        query = {"IndexName": INDEX, "KeyConditionExpression": Key("connection_id").eq(connection_id)}
        for item in self._items(query):
            self._table.delete_item(Key={"execution_arn": item["execution_arn"], "watcher": connection_id})

    def remember_ended(self, execution_arn: str, redrive_count: int) -> None:
        """Remember that an execution has ended, after having been redriven so often."""
        self._table.put_item(
            Item={
                "execution_arn": execution_arn,
                "watcher": ENDED,
                "redrive_count": redrive_count,
                "expires_at": int(self._now()) + ENDED_SECONDS,
            }
        )

    def ended_after(self, execution_arn: str) -> int | None:
        """Return how often it had been redriven when it last ended; None if no end is remembered."""
        found = self._table.get_item(Key={"execution_arn": execution_arn, "watcher": ENDED}, ConsistentRead=True)
        return int(found["Item"]["redrive_count"]) if "Item" in found else None

    def _items(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        while True:
            page = self._table.query(**query)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            query = {**query, "ExclusiveStartKey": page["LastEvaluatedKey"]}
