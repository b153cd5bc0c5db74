"""JSON values beside their text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.errors import StateError

Json = Any

LIMIT = 262_144  # bytes of an input, a result or an output

_UNKNOWN: Any = object()


class Document:
    """A JSON value and its text, each made from the other when it is asked for."""

    __slots__ = ("_text", "_value")

    def __init__(self, value: Json = _UNKNOWN, text: str | None = None) -> None:
        self._value, self._text = value, text

    @classmethod
    def given(cls, text: str) -> Document:
        """Return the document of a text that came from outside: states see it as the service writes it."""
        value = json_text.parse(text)
        written = json_text.write(value)
        return cls(value, text if text == written else written)

    @property
    def value(self) -> Json:
        """The value."""
        if self._value is _UNKNOWN:
            self._value = json_text.parse(self._text)
        return self._value

    @property
    def text(self) -> str:
        """The text."""
        if self._text is None:
            self._text = json_text.write(self._value)
        return self._text

    def settle(self) -> str:
        """Keep the text alone, which takes less memory. Returns it."""
        text = self.text
        self._value = _UNKNOWN
        return text

    def check_size(self, maker: str) -> None:
        """Raise StateError when the text is longer than the service's limit; ``maker`` is who made it."""
        if are_too_long((self.text,)):
            cause = (
                f"The state/task '{maker}' returned a result with a size exceeding the maximum number of bytes "
                "service limit."
            )
            raise StateError("States.DataLimitExceeded", cause)


def are_too_long(texts: Collection[str]) -> bool:
    """Return whether texts have more bytes together, in UTF-8, than the service takes."""
    most = 4 * sum(map(len, texts))
    return most > LIMIT and sum(len(text.encode(errors="surrogatepass")) for text in texts) > LIMIT


def of(value: Json, *known: Document) -> Document:
    """Return the document of a value: one of ``known``, if it is that one's value: its text may be there already."""
    for document in known:
        if document.value is value:
            return document
    return Document(value)


def array(documents: Sequence[Document]) -> Document:
    """Return the document of an array, whose text is made from those of its items."""
    return Document([document.value for document in documents], f"[{','.join([one.text for one in documents])}]")
