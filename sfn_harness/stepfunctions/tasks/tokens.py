"""Task tokens: who waits for which, and what becomes of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from sfn_harness.stepfunctions.errors import ApiError, StateError
from sfn_harness.stepfunctions.tasks.deadline import Deadline

Json = Any

_PREFIX = b"\x01\x00\x2a"  # makes tokens begin like AWS's
_NUMBER_BYTES, _SEAL_BYTES = 8, 32
_ANY_SIZE = len(_PREFIX) + _NUMBER_BYTES + _SEAL_BYTES


@dataclass(slots=True)
class Wait:
    """Somebody waits for a token."""

    outcome: asyncio.Future[Json]
    deadline: Deadline

    def succeed(self, output: Json) -> None:
        """Give the result. What comes later changes nothing."""
        if not self.outcome.done():
            self.outcome.set_result(output)

    def fail(self, error: str | None, cause: str | None) -> None:
        """Fail it."""
        if not self.outcome.done():
            self.outcome.set_exception(StateError(error, cause))


class TaskTokens:
    """The tokens of a service.

    A token carries a seal, so the service need not remember those whose task has ended to tell them from the ones that
    it has never given out.

    Args:
        random: makes the seal's key.

    """

    def __init__(self, random: Random) -> None:
        self._key = random.randbytes(32)
        self._last = 0
        self._waits: dict[str, Wait] = {}

    def _sealed(self, number: bytes) -> bytes:
        return hmac.digest(self._key, number, hashlib.sha256)

    def new(self) -> str:
        """Make a token."""
        self._last += 1
        number = self._last.to_bytes(_NUMBER_BYTES, "big")
        return base64.b64encode(_PREFIX + number + self._sealed(number)).decode()

    @contextmanager
    def open(self, token: str, deadline: Deadline) -> Iterator[Wait]:
        """Wait for a token: what is sent for it in here arrives, and its heartbeats move ``deadline``."""
        wait = self._waits[token] = Wait(asyncio.get_running_loop().create_future(), deadline)
        try:
            yield wait
        finally:
            del self._waits[token]
            if wait.outcome.done() and not wait.outcome.cancelled():
                wait.outcome.exception()  # nobody may have asked for it

    def succeed(self, token: str, output: Json) -> None:
        """Give a task its result. Raises ApiError (InvalidToken, TaskDoesNotExist, TaskTimedOut)."""
        self._waiting(token).succeed(output)

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """Fail a task. Raises ApiError."""
        self._waiting(token).fail(error, cause)

    def check(self, token: str) -> None:
        """Raise ApiError unless a task waits for the token."""
        self._waiting(token)

    def beat(self, token: str) -> None:
        """Take a heartbeat. Raises ApiError."""
        self._waiting(token).deadline.beat()

    def _waiting(self, token: str) -> Wait:
        wait = self._waits.get(token)
        if wait is not None and not wait.outcome.done():
            return wait
        try:
            content = base64.b64decode(token, validate=True)
        except ValueError:
            content = b""
        if len(content) != _ANY_SIZE or not content.startswith(_PREFIX):
            raise ApiError("InvalidToken", "Invalid Token: 'Invalid token'")
        number, seal = content[len(_PREFIX) : -_SEAL_BYTES], content[-_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._sealed(number)):
            raise ApiError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
        raise ApiError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
