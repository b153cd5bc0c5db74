"""Lists in pages: how many there are on one, and the token of the next."""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sfn_harness.stepfunctions.errors import ApiError

Json = Any
Key = Sequence[Json]  # what JSON can write, for a token has it

_DEFAULT = 100
_EXPIRES_AFTER = 24 * 60 * 60  # "Each pagination token expires after 24 hours" (API reference)


class Pages:
    """The pages of one list.

    Args:
        subject: what is listed, such as the operation and the ARN that it is asked about; a token of another subject is
            refused.
        request: with ``maxResults`` and ``nextToken``.
        now: the time.

    """

    def __init__(self, subject: Sequence[str], request: Mapping[str, Json], now: float) -> None:
        self._subject, self._now = list(subject), now
        self._size = request.get("maxResults") or _DEFAULT
        self._token = request.get("nextToken")

    def first(self) -> Json:
        """Return the key that the token has: where the page begins. None for the first page. Raises ApiError."""
        if self._token is None:
            return None
        try:
            subject, made, key = json.loads(base64.b64decode(self._token, validate=True))
        except (ValueError, TypeError) as error:
            raise _invalid() from error
        if subject != self._subject or self._now - made > _EXPIRES_AFTER:
            raise _invalid()
        return key

    def token(self, key: Json) -> str:
        """Return the token of a page that begins at a key."""
        return base64.b64encode(json.dumps([self._subject, self._now, key]).encode()).decode()

    def of(
        self, member: str, items: Sequence[Json], key: Callable[[Json], Key], shape: Callable[[Json], Json]
    ) -> dict[str, Json]:
        """Return an answer with one page.

        Args:
            member: the name of the list in the answer.
            items: all that is listed, in ascending order of ``key``.
            key: an item's place. Items may come and go between two pages.
            shape: makes of an item what the answer has of it.

        """
        last = self.first()
        start = 0 if last is None else bisect_right(items, tuple(last), key=lambda item: tuple(key(item)))
        page = items[start : start + self._size]
        answer: dict[str, Json] = {member: [shape(item) for item in page]}
        if start + self._size < len(items):
            answer["nextToken"] = self.token(key(page[-1]))
        return answer

    @property
    def size(self) -> int:
        """How many items there are on a page at most."""
        return self._size


def _invalid() -> ApiError:
    return ApiError("InvalidToken", "Invalid Token: 'Invalid token'")
