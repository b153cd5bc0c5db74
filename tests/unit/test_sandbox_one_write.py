"""An answer's headers and body arrive together."""

import socket
from urllib.parse import urlsplit

import pytest

from sfn_harness.sandbox import LocalSandbox


@pytest.fixture(scope="module")
def address():
    with LocalSandbox() as sandbox:
        parts = urlsplit(sandbox.endpoint)
        yield parts.hostname, parts.port


def test_the_first_bytes_are_the_whole_answer(address):
    request = b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(address, timeout=60) as connection:
        for _ in range(50):
            connection.sendall(request)
            head, _, body = connection.recv(1 << 20).partition(b"\r\n\r\n")
            [length] = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            assert len(body) == length > 0


def test_an_answer_without_a_body_arrives(address):
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(b"HEAD /_ministack/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 ")
