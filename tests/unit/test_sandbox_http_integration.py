"""HTTP (non-proxy) integrations of a REST API, with a backend that listens on this machine."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sandbox_server import World, free_port, running


class Backend(BaseHTTPRequestHandler):
    """Answers what it was asked, as /<status>/... says."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        _, status, *_ = self.path.partition("?")[0].split("/")
        if status == "slow":
            time.sleep(1)
        seen = {
            "verb": self.command,
            "target": self.path,
            "body": body.decode(),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        text = json.dumps(seen).encode()
        self.send_response(int(status) if status.isdigit() else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Backend", "here")
        self.send_header("Location", "/200/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def backend():
    with ThreadingHTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def world():
    with running() as server:
        yield World(server, "121212121212")


def api_with(world, path: str, uri: str, responses=None, method=None, **integration):
    api = world.api()
    integration = {"type": "HTTP", "integrationHttpMethod": "POST", "uri": uri, **integration}
    api.method(path, integration=integration, responses=responses, **(method or {}))
    api.deploy(variables={"status": "200"})
    return api


def test_request_and_response_are_mapped(world, backend):
    api = api_with(
        world,
        "/orders/{id}",
        backend + "/200/things/{thing}",
        {
            "200": {
                "responseTemplates": {"application/json": "{\"saw\": $input.json('$.body')}"},
                "responseParameters": {"method.response.header.X-From": "integration.response.header.X-Backend"},
            }
        },
        {"requestParameters": {"method.request.header.X-One": False, "method.request.querystring.q": False}},
        integrationHttpMethod="PUT",
        requestTemplates={"application/json": '{"id": "$input.params(\'id\')", "was": $input.json(\'$\')}'},
        requestParameters={
            "integration.request.path.thing": "method.request.path.id",
            "integration.request.header.X-Two": "method.request.header.X-One",
            "integration.request.querystring.page": "method.request.querystring.q",
        },
    )
    answer = api.call("/orders/a%20b?q=1&secret=2", '{"n": 1}', x_one="h", cookie="c=1", authorization="secret")
    assert answer.status == 200, answer.body
    assert answer.headers["x-from"] == "here"
    assert "x-backend" not in answer.headers
    assert json.loads(answer.json()["saw"]) == {"id": "a b", "was": {"n": 1}}


def test_the_backend_sees_what_the_mapping_names_and_nothing_else(world, backend):
    api = api_with(
        world,
        "/x",
        backend + "/${stageVariables.status}/y",
        method={"requestParameters": {"method.request.header.X-One": False}},
        requestParameters={"integration.request.header.X-Two": "method.request.header.X-One"},
    )
    seen = api.call("/x?q=1", '{"n": "é"}', x_one="h", cookie="c=1", authorization="secret").json()
    assert (seen["verb"], seen["target"], seen["body"]) == ("POST", "/200/y", '{"n": "é"}')
    assert seen["headers"]["x-two"] == "h"
    assert seen["headers"]["content-type"] == "application/json"
    assert not {"x-one", "cookie", "authorization"} & seen["headers"].keys()


@pytest.mark.parametrize(("status", "expected"), [(201, 200), (302, 307), (404, 404), (503, 502), (418, 404)])
def test_the_backends_status_picks_the_response(world, backend, status, expected):
    location = {"method.response.header.Location": "integration.response.header.Location"}
    responses = {
        "200": {},
        "307": {"selectionPattern": "3\\d{2}", "responseParameters": location},
        "404": {"selectionPattern": "4\\d{2}"},
        "502": {"selectionPattern": "5\\d{2}", "responseTemplates": {"application/json": '{"text": "sorry"}'}},
    }
    api = api_with(world, "/x", f"{backend}/{status}/", responses)
    # urllib would follow a 302; this one comes back as it was mapped.
    answer = api.call("/x", "{}")
    assert answer.status == expected
    if expected == 307:
        assert answer.headers["location"] == "/200/elsewhere"
    elif expected == 502:
        assert answer.json() == {"text": "sorry"}
    else:
        assert answer.json()["verb"] == "POST"


def test_a_backend_that_is_not_there_is_504(world):
    api = api_with(world, "/x", f"http://127.0.0.1:{free_port()}/")
    answer = api.call("/x", "{}")
    assert (answer.status, answer.json()) == (504, {"message": "Network error communicating with endpoint"})


def test_a_backend_that_is_slow_is_504_and_holds_up_nobody(world, backend):
    api = api_with(world, "/slow", f"{backend}/slow/", timeoutInMillis=300)
    began = time.monotonic()
    answers: list = []
    caller = threading.Thread(target=lambda: answers.append(api.call("/slow", "{}")))
    caller.start()
    assert api.call("/nothing", "{}").status == 403
    assert time.monotonic() - began < 0.3
    caller.join()
    assert (answers[0].status, answers[0].json()) == (504, {"message": "Endpoint request timed out"})
    assert time.monotonic() - began < 0.9
