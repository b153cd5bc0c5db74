"""A small HTTP client for tests: nothing is followed, retried or hidden, and every request repeats with curl."""

import json as json_module
import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

_NOTHING = object()
# Linux takes at most 128 KiB per argument; larger bodies reach curl through a pipe.
_LARGEST_ARGUMENT = 100_000


@dataclass(frozen=True)
class Answer:
    """An HTTP response.

    Attributes:
        status: such as 200.
        headers: by name, whatever the case; ``headers.getlist(name)`` has repeated ones apart.
        body: bytes.
        seconds: how long it took.
        curl: the command that sends the same request again.

    """

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes
    curl: str
    seconds: float = field(default=0.0, compare=False)

    @property
    def text(self) -> str:
        """The body, decoded as UTF-8."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """Return the parsed body.

        Raises:
            AssertionError: it is not JSON; the text says what it is, and how to repeat the request.

        """
        try:
            return json_module.loads(self.body)
        except ValueError as error:
            raise AssertionError(f"the body is not JSON: {error}\n{self.report()}") from None

    def expect(self, *statuses: int) -> "Answer":
        """Return this answer if its status is one of `statuses`.

        Raises:
            AssertionError: it is not; the text has the answer and the command that repeats the request.

        """
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise AssertionError(f"expected status {wanted}, got {self.status}\n{self.report()}")
        return self

    def report(self) -> str:
        """Return the answer and the command that repeats the request, for a person."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        text = self.text if len(self.body) <= 4000 else f"{self.text[:4000]} ... ({len(self.body)} bytes)"
        return f"HTTP {self.status}\n{headers}\n\n{text}\n\n{self.curl}"


class HttpClient:
    """Sends one request at a time; a context manager, as it keeps connections open.

    Args:
        headers: sent with every request, unless that has its own.
        timeout: seconds per request, unless it has its own.

    """

    def __init__(self, headers: Headers = (), timeout: float = 40.0) -> None:
        self._headers = urllib3.HTTPHeaderDict(headers)
        self._timeout = timeout
        self._pool = urllib3.PoolManager(retries=False, maxsize=16)

    def __enter__(self) -> "HttpClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def get(self, url: str, headers: Headers = (), **options: Any) -> Answer:
        """Send a GET; see `request`."""
        return self.request("GET", url, None, headers, **options)

    def post(self, url: str, body: str | bytes | None = None, headers: Headers = (), **options: Any) -> Answer:
        """Send a POST; see `request`."""
        return self.request("POST", url, body, headers, **options)

    def put(self, url: str, body: str | bytes | None = None, headers: Headers = (), **options: Any) -> Answer:
        """Send a PUT; see `request`."""
        return self.request("PUT", url, body, headers, **options)

    def delete(self, url: str, body: str | bytes | None = None, headers: Headers = (), **options: Any) -> Answer:
        """Send a DELETE; see `request`."""
        return self.request("DELETE", url, body, headers, **options)

    def options(self, url: str, headers: Headers = (), **options: Any) -> Answer:
        """Send an OPTIONS; see `request`."""
        return self.request("OPTIONS", url, None, headers, **options)

    def request(
        self,
        method: str,
        url: str,
        body: str | bytes | None = None,
        headers: Headers = (),
        *,
        json: Any = _NOTHING,
        form: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """Send a request and return the answer, whatever its status; redirects are answers too.

        Args:
            method: such as "POST".
            url: where to.
            body: text is sent as UTF-8. No content type is sent with it unless `headers` has one.
            headers: a mapping, or pairs where a name occurs more than once.
            json: a value to send as a JSON body instead of `body`, with its content type.
            form: fields to send as a form instead of `body`, with its content type.
            timeout: in seconds.

        Raises:
            urllib3.exceptions.HTTPError: no answer came.
            ValueError: more than one of `body`, `json` and `form`.

        """
        if sum((body is not None, json is not _NOTHING, form is not None)) > 1:
            raise ValueError("give one of body, json and form")
        sent = urllib3.HTTPHeaderDict(self._headers)
        own = urllib3.HTTPHeaderDict(headers)
        for name in own:
            sent.discard(name)
        sent.extend(own)
        if json is not _NOTHING:
            body = json_module.dumps(json)
            sent.setdefault("Content-Type", "application/json")
        elif form is not None:
            body = urlencode(form)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        data = body.encode("utf-8") if isinstance(body, str) else body
        # RFC 9110: a request whose method has a use for a body says that there is none.
        if data is None and method in ("POST", "PUT", "PATCH"):
            data = b""
        # As it is sent: urllib3 quotes what has to be quoted, and takes dot segments out.
        url = urllib3.util.parse_url(url).url
        started = time.monotonic()
        response = self._pool.request(
            method, url, body=data, headers=sent, redirect=False, timeout=timeout or self._timeout
        )
        return Answer(
            response.status,
            urllib3.HTTPHeaderDict(response.headers),
            response.data,
            curl_command(method, url, sent.iteritems(), data),
            time.monotonic() - started,
        )


def curl_command(method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None) -> str:
    """Return the bash command that sends exactly this method, URL, headers and body with curl and shows the answer."""
    words = ["curl", "-sS", "-i"]
    words += ["--head"] if method == "HEAD" else ["-X", method]
    headers = list(headers)
    for name, value in headers:
        # "Name:" would remove a header of curl's own; "Name;" sends one without a value.
        words += ["-H", f"{name}: {value}" if value else f"{name};"]
    source = ""
    if body is not None:
        if not any(name.lower() == "content-type" for name, _ in headers):
            words += ["-H", "Content-Type:"]
        text = _as_text(body)
        if text is not None and len(body) <= _LARGEST_ARGUMENT:
            words += ["--data-raw", text]
        else:
            # bash's own printf has no limit, and makes any byte.
            quoted = shlex.quote(text) if text is not None else "'" + "".join(f"\\{byte:03o}" for byte in body) + "'"
            source = f"printf {'%s ' if text is not None else ''}{quoted} | "
            words += ["--data-binary", "@-"]
    # Braces and brackets in a URL mean ranges to curl, and dots are tidied away, unless it is told otherwise.
    words += ["--globoff", "--path-as-is", url]
    return source + shlex.join(words)


def _as_text(body: bytes) -> str | None:
    # A NUL can't be in an argument; neither can what is not text.
    if b"\0" in body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None
