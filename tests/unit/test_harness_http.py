"""The HTTP client, against a server that tells what it got."""

import json
import shlex
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sfn_harness.http import Answer, HttpClient, curl_command

BODIES = [
    b"",
    b"{}",
    b"""{"a": "it's \\"quoted\\"", "b": "$HOME `id` $(id) \\\\ ! * ~ # ; & | < >"}""",
    '{"ü": "日本 🍕"}'.encode(),
    b"@/etc/hostname",
    b"line\r\nline\n\n",
    b"\t 'a' \"b\" ''\n",
    b"%s %d %% \\n \\101",
    bytes(range(256)),
    b"\xff\xfe\x00",
    b'{"big": "' + b"x'" * 100_000 + b'"}',
]


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.command, self.path, self.headers.items(), body))
        status = 302 if self.path == "/redirect" else 404 if self.path == "/missing" else 200
        answer = b"no json" if self.path == "/text" else b'{"message": "hello"}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-Two", "a")
        self.send_header("X-Two", "b")
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as running:
        running.requests = []
        running.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client():
    with HttpClient() as opened:
        yield opened


# What the two clients add by themselves.
OWN_HEADERS = {"host", "user-agent", "accept", "accept-encoding", "content-length", "connection", "expect"}


def _seen(request):
    method, path, headers, body = request
    return (
        method,
        path,
        sorted((name.lower(), value) for name, value in headers if name.lower() not in OWN_HEADERS),
        body,
    )


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "application/json", "X-Quote": 'it\'s "x" $y', "X-Empty": ""}]
)
def test_the_curl_command_sends_the_same_request_again(server, client, body, headers):
    answer = client.post(f"{server.url}/a%20b/{{x}}/../[1-3]?q='$x'&r=1", body, headers)
    done = subprocess.run(["bash", "-s"], input=answer.curl, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "200 OK" in done.stdout
    first, second = server.requests
    assert _seen(first) == _seen(second)
    assert first[3] == body


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PUT"])
def test_the_curl_command_repeats_every_method(server, client, method):
    answer = client.request(method, f"{server.url}/x", headers={"X-A": "1"})
    subprocess.run(shlex.split(answer.curl), capture_output=True, check=True, timeout=120)
    assert _seen(server.requests[0]) == _seen(server.requests[1])


def test_json_form_and_own_headers(server, client):
    client.post(server.url, json={"ü": None})
    client.post(server.url, json=None, headers={"content-type": "text/x"})
    client.post(server.url, form={"a b": "ü&="})
    bodies = [(dict(_seen(each)[2]), each[3]) for each in server.requests]
    assert json.loads(bodies[0][1]) == {"ü": None}
    assert bodies[0][0] == {"content-type": "application/json"}
    assert bodies[1] == ({"content-type": "text/x"}, b"null")
    assert bodies[2] == ({"content-type": "application/x-www-form-urlencoded"}, b"a+b=%C3%BC%26%3D")
    with pytest.raises(ValueError, match="one of body"):
        client.post(server.url, "a", json=1)


def test_no_content_type_is_made_up(server, client):
    client.post(server.url, "{}")
    assert _seen(server.requests[0])[2] == []


def test_headers_of_the_client_give_way(server):
    with HttpClient(headers={"X-Api-Key": "one", "X-B": "b"}) as client:
        client.get(server.url, headers=[("x-api-key", "two"), ("X-C", "1"), ("X-C", "2")])
    assert _seen(server.requests[0])[2] == [("x-api-key", "two"), ("x-b", "b"), ("x-c", "1"), ("x-c", "2")]


def test_redirects_and_errors_are_answers(server, client):
    assert client.get(f"{server.url}/redirect").status == 302
    assert client.get(f"{server.url}/missing").status == 404
    assert len(server.requests) == 2


def test_expect_and_json_say_what_came_instead(server, client):
    answer = client.post(f"{server.url}/missing", json={"a": "it's"})
    assert answer.expect(404) is answer
    assert answer.json() == {"message": "hello"}
    assert answer.headers["x-two"] == "a, b"
    with pytest.raises(AssertionError) as caught:
        answer.expect(200, 201)
    text = str(caught.value)
    assert "expected status 200 or 201, got 404" in text
    assert '{"message": "hello"}' in text
    assert answer.curl in text
    with pytest.raises(AssertionError, match="not JSON"):
        client.get(f"{server.url}/text").json()


def test_a_huge_answer_is_cut_in_the_report():
    answer = Answer(500, {}, b"x" * 10_000, curl_command("GET", "http://x"))
    assert len(answer.report()) < 5000
    assert "10000 bytes" in answer.report()
