"""What an API is asked to tell whether it is the one that its settings describe, and its answers, made comparable.

A probe is a request with something about it: good credentials or none, a body that is broken, another origin. Its
answer is normalised to what does not differ between two instances of the same settings: status, headers, body, and what
was started.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.names import default_name
from tests.e2e.paths.callers import Credentials
from tests.e2e.paths.settings import ALLOWED_ORIGIN, NAMING, Settings

FOREIGN_ORIGIN = "https://evil.example.net"
DEFAULT_ROUTES, DEFAULT_STAGES = {"POST /execution": {}}, {"alpha": {}}

# Of the answers' headers these differ from one request to the next.
VOLATILE = {
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "x-amz-apigw-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
}
DATES = {"redriveDate", "startDate", "stopDate", "timestamp"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"\b([0-9a-f]{12}|[0-9a-f]{64})\b")  # of a body, in which every request says something else

# A visit's own word in its requests, so that an execution's name is new each time.
WORD = "{word}"
GOOD_BODY = {
    "dish": f"soup-{WORD}",
    "order": {"items": [{"id": f"item-{WORD}"}]},
    "taskToken": "none",
    "output": {"a": 1},
}
FORM = f"dish=form-{WORD}&note=a%20b"


@dataclass(frozen=True)
class Probe:
    """A request to a stage: what is asked, for reading, and how."""

    about: str
    stage: str
    method: str
    route: str  # the path with its {parameters}
    key: str = ""  # the route that answers, if one does
    credentials: str = ""  # the kind: NONE, AWS_IAM, or an authorizer's type
    api_key: bool = False
    content_type: str = "application/json"
    body: str | None = None
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    names: str = ""  # the state machine of which the {name} in the path is an execution

    @property
    def title(self) -> str:
        return f"{self.stage} {self.method} {self.route}: {self.about}"


def routes_of(settings: Mapping[str, Any]) -> dict[str, Settings]:
    return settings.get("routes", DEFAULT_ROUTES)


def stages_of(settings: Mapping[str, Any]) -> dict[str, Settings]:
    return settings.get("stages", DEFAULT_STAGES)


def answered(settings: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The methods and paths that an API with these settings answers, preflights included."""
    found = {tuple(key.split(" ")) for key in routes_of(settings)}
    if settings.get("cors"):
        found |= {("OPTIONS", path) for _, path in found}
    return found


def target_of(settings: Mapping[str, Any], stage: str, key: str) -> str:
    """The state machine that a route of a stage calls: a name of one beside the module, or "" for the module's own."""
    return (
        routes_of(settings)[key].get("state_machine_arn")
        or stages_of(settings)[stage].get("state_machine_arn")
        or settings.get("state_machine", {}).get("arn", "")
    )


def probes(settings: Mapping[str, Any], others: Iterable[Mapping[str, Any]] = ()) -> list[Probe]:
    """The probes of an API with these settings, and of what it would answer if it still had, or had already, others."""
    found = [probe for stage in stages_of(settings) for probe in _of_stage(settings, stage)]
    here = {(probe.stage, probe.method, probe.route) for probe in found}
    for other in others:
        for stage in stages_of(other):
            for key in routes_of(other):
                for method, path in _calls(key):
                    if (stage, method, path) not in here:
                        here.add((stage, method, path))
                        found.append(Probe("of another configuration", stage, method, path, body=_body(method)))
    return found


def _of_stage(settings: Mapping[str, Any], stage: str) -> Iterator[Probe]:
    yield Probe("no such route", stage, "GET", "/nowhere/at/all")
    for path in sorted({key.split(" ")[1] for key in routes_of(settings)}):
        for origin in (ALLOWED_ORIGIN, FOREIGN_ORIGIN):
            asked = (("Access-Control-Request-Method", "POST"), ("Origin", origin))
            yield Probe(f"preflight from {origin}", stage, "OPTIONS", path, f"OPTIONS {path}", headers=asked)
        for method in _unused(settings, path)[:1]:
            yield Probe("a method of no route", stage, method, path, body=_body(method))
    for key, route in routes_of(settings).items():
        for method, path in _calls(key):
            yield from _of_route(settings, stage, key, route, method, path)


def _of_route(
    settings: Mapping[str, Any], stage: str, key: str, route: Mapping[str, Any], method: str, path: str
) -> Iterator[Probe]:
    authorization = route.get("authorization", "NONE")
    kind = settings.get("authorizers", {}).get(authorization, {}).get("type", authorization)
    if kind == "COGNITO_USER_POOLS" and route.get("authorization_scopes"):
        kind += " with scopes"
    needed = tuple((name, "blue") for name in route.get("required_headers", ()))
    # Without "/{name}" every one of these has the body's.
    common = {
        "stage": stage,
        "method": method,
        "route": path,
        "key": key,
        "api_key": route.get("api_key_required", False),
        "body": _body(method),
        "credentials": kind,
        "headers": (("Idempotency-Key", f"key-{method}-{WORD}"), ("Origin", ALLOWED_ORIGIN), *needed),
        "names": target_of(settings, stage, key) or "module" if route.get("action") in NAMING else "",
        "query": "&".join(f"{name}=one" for name in route.get("required_query_strings", ())),
    }
    yield Probe("good", **common)
    if kind != "NONE" or common["api_key"]:
        yield Probe("without credentials", **{**common, "credentials": "NONE", "api_key": False})
    if kind in ("TOKEN", "REQUEST", "COGNITO_USER_POOLS"):
        yield Probe("of a stranger", **{**common, "credentials": "stranger"})
    if needed or common["query"]:
        yield Probe("without what it requires", **{**common, "headers": common["headers"][:2], "query": ""})
    foreign = (("Origin", FOREIGN_ORIGIN), *(each for each in common["headers"] if each[0] != "Origin"))
    yield Probe("from a foreign origin", **{**common, "headers": foreign})
    if common["body"] is not None:
        yield Probe("no body", **{**common, "body": ""})
        yield Probe("broken body", **{**common, "body": '{"dish": '})
        yield Probe("a body of another shape", **{**common, "body": '["dish"]'})
        yield Probe("a form", **{**common, "body": FORM, "content_type": "application/x-www-form-urlencoded"})
        yield Probe("another content type", **{**common, "content_type": "text/plain"})


def _calls(key: str) -> list[tuple[str, str]]:
    method, path = key.split(" ")
    return [(each, path) for each in (("POST", "DELETE") if method == "ANY" else (method,))]


def _body(method: str) -> str | None:
    return None if method in ("GET", "HEAD", "OPTIONS") else json.dumps(GOOD_BODY)


def _unused(settings: Mapping[str, Any], path: str) -> list[str]:
    used = {method for method, other in answered(settings) if other == path}
    return [] if "ANY" in used else [method for method in ("PATCH", "PUT", "DELETE") if method not in used]


@dataclass
class Visit:
    """One round of probes to an API: sends them, and makes their answers comparable.

    Attributes:
        deployment: where the API is.
        client: gives the client of a service.
        credentials: what callers show in its account.
        word: of this round alone; with a number of the request's behind it, it makes every name new.

    """

    deployment: Any
    client: Callable[[str], Any]
    credentials: Credentials
    word: str
    started: dict[str, str] = field(default_factory=dict)
    asked_for: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def answers(self, asked: Iterable[Probe]) -> dict[str, dict[str, Any]]:
        """Send the probes; return what each is about => its answer, normalised."""
        return {probe.title: self.answer(probe) for probe in asked}

    def answer(self, probe: Probe) -> dict[str, Any]:
        sent = self.send(probe)
        found: dict[str, Any] = {
            "status": sent.status,
            "headers": {
                name.lower(): self._comparable(value, sent)
                for name, value in sorted(sent.headers.items())
                if name.lower() not in VOLATILE
            },
        }
        try:
            body = json.loads(sent.body) if sent.body else ""
        except ValueError:
            body = sent.text
        if sent.status == 200 and isinstance(body, dict) and "executionArn" in body and "input" not in body:
            found["started"] = self._execution(body["executionArn"], sent)
        found["body"] = self._plain(body, sent)
        return found

    def send(self, probe: Probe) -> Any:
        """Send a probe; return the HTTP answer."""
        self.sent += 1
        word = f"{self.word}{self.sent}"
        path = re.sub(r"\{(\w+)\}", lambda match: self._argument(probe, match[1]), probe.route)
        url = self._base(probe.stage) + (path.rstrip("/") or "/")
        headers = {name: value.replace(WORD, word) for name, value in probe.headers}
        body = None if probe.body is None else probe.body.replace(WORD, word)
        if body is not None:
            headers["Content-Type"] = probe.content_type
        if probe.api_key:
            headers["x-api-key"] = self.credentials.api_key
        url = self.deployment.account.url(f"{url}?{probe.query}".rstrip("?"))
        url, shown = self.credentials.shown(probe.credentials, probe.method, url, body, headers)
        return self.deployment.http.request(probe.method, url, body, {**headers, **shown})

    def _base(self, stage: str) -> str:
        urls = self.deployment.outputs["invoke_urls"]
        return urls.get(stage) or f"{next(iter(urls.values())).rpartition('/')[0]}/{stage}"

    def _argument(self, probe: Probe, parameter: str) -> str:
        """What stands for a path parameter: for {name} the name of an execution, one for each probe."""
        if parameter != "name" or not probe.names:
            return "p1"
        outputs = self.deployment.outputs
        arn = outputs["state_machine_arn"] if probe.names == "module" else outputs["arns"].get(probe.names)
        if arn is None:  # a state machine that is not there
            return "p1"
        name = f"probe-{self.word}{self.sent}"
        states = self.client("stepfunctions")
        execution = states.start_execution(stateMachineArn=arn, name=name, input='{"asked": true}')["executionArn"]
        self.deployment.executions.wait(execution)
        self.asked_for[name] = execution
        return name

    def _execution(self, arn: str, sent: Any) -> dict[str, Any]:
        """What was started: the state machine, the name and, where it can be asked for, the input."""
        _, _, _, _, _, kind, machine, name, *_ = arn.split(":")
        found = {"kind": kind, "machine": machine, "name": self._comparable(name, sent)}
        if kind == "execution":
            described = self.deployment.executions.describe(arn)
            found["input"] = self._plain(json.loads(described["input"]), sent)
            self.started[arn] = machine
        return found

    def _plain(self, value: Any, sent: Any, key: str = "") -> Any:
        """Return JSON without what differs from one instance, or one request, to the next."""
        if key in DATES and value is not None:
            return "<date>"
        if key == "executions" and isinstance(value, list):
            # Of those in the list, the ones of this round: older ones depend on what was asked before.
            mine = {**self.started, **{arn: arn.split(":")[6] for arn in self.asked_for.values()}}
            return sorted({mine[each["executionArn"]] for each in value if each["executionArn"] in mine})
        if key == "nextToken":
            return "<token>"
        if isinstance(value, dict):
            plain = {name: self._plain(each, sent, name) for name, each in value.items()}
            if "executions" in plain:
                plain.pop("nextToken", None)
            return plain
        if isinstance(value, list):
            return [self._plain(each, sent) for each in value]
        return self._comparable(value, sent) if isinstance(value, str) else value

    def _comparable(self, text: str, sent: Any) -> str:
        replaced = {
            sent.headers.get("x-amzn-requestid", ""): "<request id>",
            default_name(sent) if "x-amz-apigw-id" in sent.headers else "": "<request id>",
            self.deployment.outputs["rest_api_id"]: "<api>",
            self.deployment.account.id: "<account>",
            self.deployment.outputs["user_pool"]["id"]: "<pool>",
            self.credentials.member: "<member>",
        }
        for each, name in replaced.items():
            text = text.replace(each, name) if each else text
        text = UUID.sub("<uuid>", re.sub(rf"{self.word}[0-9]*", "<word>", text))
        return DIGEST.sub("<digest>", text)
