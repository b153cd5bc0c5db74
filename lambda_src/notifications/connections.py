"""Messages to connected clients."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

PAUSE = 0.1  # seconds between two tries to reach a connection that is being made


class Connections:
    """The connections of the API's stage.

    Args:
        client: boto3's client of ``apigatewaymanagementapi``, for the stage.
        sleep: waits for some seconds.

    """

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def send(self, connection_id: str, text: str, patience: float = 0.0) -> bool:
        """Send a text to a client; return whether the connection is there.

        API Gateway answers 410 Gone for one that was closed, and also for one that is still being made, until the
        integration of ``$connect`` has answered and the handshake is done:
        https://repost.aws/knowledge-center/410-gone-api-gateway

        Args:
            connection_id: the client's.
            text: at most 128 KB of UTF-8.
            patience: for how many seconds Gone may mean that the connection is still being made.

        Raises:
            ClientError: the message could not be sent for another reason.

        """
        while True:
            try:
                self._client.post_to_connection(ConnectionId=connection_id, Data=text.encode())
            except ClientError as error:
                if error.response["Error"]["Code"] not in ("GoneException", "410"):
                    raise
                if patience <= 0:
                    return False
            else:
                return True
            self._sleep(PAUSE)
            patience -= PAUSE
