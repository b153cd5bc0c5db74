"""Sends one request over and over on a number of connections and measures the answers."""

import asyncio
import itertools
import math
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Load:
    """What a run measured.

    `latencies` are in seconds, one per answer; `statuses` are status => how many; `bodies` are (status, body) of every
    answer, where the run was to keep them.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency, in milliseconds, that `share` (0 to 1) of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request_bytes(method: str, url: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return an HTTP/1.1 request as it goes over the wire."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    head = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in headers.items() if name.lower() not in ("host", "content-length")]
    return "\r\n".join([*head, "", ""]).encode() + body


async def run(
    url: str,
    request: bytes,
    *,
    connections: int,
    seconds: float = math.inf,
    count: int | None = None,
    keep_bodies: bool = False,
) -> Load:
    """Repeat `request` on `connections` kept-alive connections; an answer's end begins the next request.

    Args:
        url: whose host and port are connected to.
        request: as it goes over the wire.
        connections: how many at the same time.
        seconds: for how long.
        count: how many requests at most, on all connections together; None for no limit.
        keep_bodies: keep every answer's body.

    Raises:
        ConnectionError: the server closed a connection.

    """
    load = Load()
    parts = urlsplit(url)
    end = time.perf_counter() + seconds
    turns = itertools.count() if count is None else iter(range(count))

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            while (sent := time.perf_counter()) < end and next(turns, None) is not None:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                )
                body = await reader.readexactly(length)
                load.latencies.append(time.perf_counter() - sent)
                status = int(head[9:12])
                if keep_bodies:
                    load.bodies.append((status, body))
                load.statuses[status] = load.statuses.get(status, 0) + 1
        except asyncio.IncompleteReadError as error:
            raise ConnectionError(f"the server closed the connection: {error}") from error
        finally:
            writer.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(one_connection())
    load.seconds = time.perf_counter() - began
    return load
