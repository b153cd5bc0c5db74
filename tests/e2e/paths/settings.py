"""Settings of the root module, drawn by Hypothesis: every setting that the module has, and valid by construction.

A configuration is what `tests/e2e/configurations/paths` takes as `settings`: JSON, in which an ARN is the name of
something that the root configuration makes beside the module ("standard", "user_pool").
"""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Settings = dict[str, Any]
Draw = st.DrawFn

ALLOWED_ORIGIN, OTHER_ORIGIN = "https://one.example.com", "https://two.example.com"

# Beside the module: state machines by their type. Those of one type can stand for each other.
MACHINES = {"STANDARD": ("standard", "second"), "EXPRESS": ("express", "swift")}

ECHO = json.dumps({"StartAt": "Echo", "States": {"Echo": {"Type": "Pass", "End": True}}})
FIXED = json.dumps({"StartAt": "Fixed", "States": {"Fixed": {"Type": "Pass", "Result": {"fixed": True}, "End": True}}})

# JSON schemas whose keywords both engines know.
DISH = json.dumps({"type": "object", "required": ["dish"], "properties": {"dish": {"type": "string", "minLength": 1}}})
ANYTHING = json.dumps({"type": "object"})

# In place of the generated template; "@standard" becomes the ARN of that state machine.
OWN_TEMPLATE = '{"input": "{\\"own\\": true}", "stateMachineArn": "@standard"}'

# "{any}" is a parameter of any name, which differs between configurations.
PATHS = ("/", "/orders", "/orders/{any}", "/orders/{any}/items", "/one/two/three/four/five/six", "/tasks/done")
LONG_PATH = "/one/two/three/four/five/six/seven"  # with a document only
NAMED_PATHS = ("/executions/{name}", "/executions/{name}/history", "/runs/{name}")

METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "ANY")
SENDING = (
    "StartExecution",
    "StartSyncExecution",
    "SendTaskFailure",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "StopExecution",
)
NAMING = ("DescribeExecution", "GetExecutionHistory", "RedriveExecution", "StopExecution")
OF_STANDARD = (
    "StartExecution",
    "DescribeExecution",
    "GetExecutionHistory",
    "ListExecutions",
    "RedriveExecution",
    "SendTaskFailure",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "StopExecution",
)
OF_EXPRESS = ("StartExecution", "StartSyncExecution")

EDGE_TIMEOUT = 29_000

# The scope that a user pool gives to every access token.
SCOPE = "aws.cognito.signin.user.admin"


def maybe(draw: Draw, settings: Settings, name: str, values: st.SearchStrategy, odds: int = 3) -> None:
    """Put a drawn value into `settings`, about every `odds` times; the simplest example has none."""
    if draw(st.integers(0, odds - 1)) == odds - 1:
        settings[name] = draw(values)


def rarely(draw: Draw, odds: int) -> bool:
    """Whether to do what is done about every `odds` times."""
    return draw(st.integers(0, odds - 1)) == odds - 1


@st.composite
def configurations(draw: Draw, *, like: Settings | None = None, offload: int = 30) -> Settings:
    """Draw the settings of an instance of the module.

    Args:
        draw: Hypothesis's.
        like: another instance's, whose engine and routes it may have, too: callers of those see the change.
        offload: about one start in how many stores large bodies; rare, as the bucket takes the provider a minute.

    """
    engines = ["openapi", "resources"] if like is None else [like["engine"]] * 4 + ["openapi", "resources"]
    settings: Settings = {"engine": draw(st.sampled_from(engines))}
    maybe(draw, settings, "name", st.sampled_from(["renamed", "N" + 39 * "n"]))
    maybe(draw, settings, "names", names())
    maybe(draw, settings, "description", st.sampled_from(["Orders", "Orders, by HTTP"]))
    maybe(draw, settings, "endpoint_type", st.sampled_from(["EDGE", "REGIONAL"]))
    maybe(draw, settings, "permissions_boundary", st.just("boundary"))
    maybe(draw, settings, "tags", st.sampled_from([{"team": "orders"}, {"team": "meals", "stage": "test"}]))
    maybe(draw, settings, "functions", functions())
    maybe(draw, settings, "cors", cors(), 2)
    maybe(
        draw, settings, "authorizers", st.dictionaries(st.sampled_from(["gate", "door"]), authorizers(), min_size=1), 2
    )
    settings["state_machine"] = draw(state_machines())
    kind = settings["state_machine"].get("type", "STANDARD")
    if kind == "EXPRESS" and "definition" in settings["state_machine"]:
        # A state machine's type can't change: one of another type has another name.
        own = f"{settings.get('name', 'paths')}-swift"
        settings["names"] = {**settings.get("names", {}), "state_machine": own}
    maybe(
        draw,
        settings,
        "stages",
        st.dictionaries(st.sampled_from(["alpha", "beta", "gamma"]), stages(kind), min_size=1, max_size=2),
        2,
    )
    drawn = draw(routes(settings, kind, offload=offload))
    kept = {key: each for key, each in (like or {}).get("routes", {}).items() if _fits(settings, kind, key, each)}
    if kept and draw(st.booleans()):
        keys = draw(st.lists(st.sampled_from(sorted(kept)), min_size=1, unique=True))
        # One name of a parameter in one place.
        drawn = {key: each for key, each in drawn.items() if "{id}" not in key and "{order}" not in key}
        drawn |= {key: kept[key] for key in keys}
    settings["routes"] = drawn
    return settings


def _fits(settings: Mapping[str, Any], kind: str, key: str, route: Mapping[str, Any]) -> bool:
    """Whether another configuration's route is a valid one beside these settings."""
    authorization = route.get("authorization", "NONE")
    if authorization not in ("AWS_IAM", "NONE", *settings.get("authorizers", {})):
        return False
    if route.get("authorization_scopes") and not _is_pool(settings, route):
        return False
    if settings.get("endpoint_type") == "EDGE" and route.get("timeout_milliseconds", 0) > EDGE_TIMEOUT:
        return False
    if settings["engine"] == "resources" and (key.startswith("OPTIONS") or key.endswith(LONG_PATH)):
        return False
    own = next((each for each, names in MACHINES.items() if route.get("state_machine_arn") in names), None)
    return (
        (route.get("state_machine_type") or kind) == (own or kind)
        and ("wait" not in route or kind == "STANDARD")
        and (own is not None or _takes(kind, route))
    )


def _takes(kind: str, route: Mapping[str, Any]) -> bool:
    """Whether state machines of a type have a route's action, and its rule for names."""
    actions = OF_STANDARD if kind == "STANDARD" else OF_EXPRESS
    keyed = route.get("execution_name") == "idempotency_key"
    return route.get("action", "StartExecution") in actions and (kind == "STANDARD" or not keyed)


@st.composite
def names(draw: Draw) -> Settings:
    settings: Settings = {}
    maybe(draw, settings, "api", st.sampled_from(["Front door", "front-door"]), 2)
    maybe(draw, settings, "invoke_role", st.sampled_from(["own-invoke", "other-invoke"]), 2)
    maybe(draw, settings, "state_machine", st.sampled_from(["own-machine", "other-machine"]), 2)
    maybe(draw, settings, "state_machine_role", st.sampled_from(["own-states", "other-states"]), 2)
    return settings


@st.composite
def functions(draw: Draw) -> Settings:
    settings: Settings = {}
    maybe(draw, settings, "architecture", st.sampled_from(["arm64", "x86_64"]), 2)
    maybe(draw, settings, "log_retention_in_days", st.sampled_from([1, 7]), 2)
    maybe(draw, settings, "offload_memory_mb", st.sampled_from([256, 1024]), 2)
    maybe(draw, settings, "waiter_memory_mb", st.sampled_from([128, 512]), 2)
    maybe(draw, settings, "waiter_reserved_concurrency", st.sampled_from([5, 10]), 2)
    return settings


@st.composite
def cors(draw: Draw) -> Settings:
    settings: Settings = {
        "origins": draw(st.sampled_from([[ALLOWED_ORIGIN], ["*"], [ALLOWED_ORIGIN, "http://localhost:3000"]]))
    }
    maybe(draw, settings, "exposed_headers", st.sampled_from([["Location"], []]))
    maybe(draw, settings, "headers", st.sampled_from([["Content-Type", "X-Tenant"], []]))
    maybe(draw, settings, "max_age_seconds", st.sampled_from([0, 60]))
    maybe(draw, settings, "methods", st.sampled_from([["POST"], ["GET", "POST"]]))
    if settings["origins"] != ["*"]:
        maybe(draw, settings, "credentials", st.booleans())
    return settings


@st.composite
def authorizers(draw: Draw) -> Settings:
    kind = draw(st.sampled_from(["TOKEN", "REQUEST", "COGNITO_USER_POOLS"]))
    settings: Settings = {"type": kind}
    if kind == "COGNITO_USER_POOLS":
        settings["user_pool_arns"] = ["user_pool"]
    else:
        settings["function_arn"] = "authorizer"
    maybe(draw, settings, "ttl_seconds", st.sampled_from([0, 60]), 2)
    header = "method.request.header.Authorization"
    if kind == "REQUEST":
        where = [[header], ["method.request.querystring.who"], [header, "method.request.querystring.who"]]
        maybe(draw, settings, "identity_sources", st.sampled_from(where), 2)
        if settings.get("ttl_seconds") == 0:  # What is kept is kept for an identity.
            maybe(draw, settings, "identity_sources", st.just([]), 2)
    else:
        maybe(draw, settings, "identity_sources", st.just([header]))
    if kind == "TOKEN":
        maybe(draw, settings, "token_pattern", st.sampled_from(["^[a-z]+$", "^friend$"]))
    return settings


@st.composite
def state_machines(draw: Draw) -> Settings:
    kind = draw(st.sampled_from(["STANDARD", "EXPRESS"]))
    settings: Settings = {"type": kind} if kind == "EXPRESS" or draw(st.booleans()) else {}
    if draw(st.booleans()):
        return {**settings, "arn": draw(st.sampled_from(MACHINES[kind]))}
    settings["definition"] = draw(st.sampled_from([ECHO, FIXED]))
    maybe(draw, settings, "logging", logging())
    maybe(draw, settings, "tracing_enabled", st.booleans())
    maybe(draw, settings, "policy_statements", st.lists(statements(), min_size=1, max_size=2))
    return settings


@st.composite
def logging(draw: Draw) -> Settings:
    settings: Settings = {}
    maybe(draw, settings, "level", st.sampled_from(["ALL", "OFF", "ERROR", "FATAL"]), 2)
    maybe(draw, settings, "include_execution_data", st.booleans(), 2)
    maybe(draw, settings, "retention_in_days", st.sampled_from([1, 7]), 2)
    return settings


@st.composite
def statements(draw: Draw) -> Settings:
    settings: Settings = {
        "actions": draw(st.sampled_from([["s3:GetObject"], ["sqs:SendMessage", "sqs:DeleteMessage"]])),
        "resources": draw(st.sampled_from([["*"], ["arn:aws:s3:::orders/*"]])),
    }
    maybe(draw, settings, "effect", st.sampled_from(["Allow", "Deny"]))
    maybe(draw, settings, "conditions", st.just({"StringEquals": {"aws:RequestedRegion": ["us-east-1"]}}))
    # Sids of one policy differ.
    maybe(draw, settings, "sid", st.integers(0, 10**6).map(lambda number: f"Sid{number}"))
    return settings


@st.composite
def stages(draw: Draw, kind: str) -> Settings:
    settings: Settings = {}
    maybe(draw, settings, "access_log", access_logs())
    maybe(draw, settings, "description", st.sampled_from(["First", "Second"]))
    maybe(draw, settings, "execution_log_level", st.sampled_from(["ERROR", "INFO", "OFF"]))
    maybe(draw, settings, "metrics_enabled", st.booleans())
    maybe(draw, settings, "state_machine_arn", st.sampled_from(MACHINES[kind]))
    # High enough that no probe meets them.
    throttling = {"burst_limit": 5000, "rate_limit": 10000}
    maybe(draw, settings, "throttling", st.sampled_from([throttling, {**throttling, "rate_limit": 9000}]))
    maybe(draw, settings, "tracing_enabled", st.booleans())
    maybe(
        draw, settings, "variables", st.dictionaries(st.sampled_from(["tenant", "color"]), st.sampled_from(["a", "b"]))
    )
    return settings


@st.composite
def access_logs(draw: Draw) -> Settings:
    settings: Settings = {"destination_arn": "log_group"}
    maybe(draw, settings, "format", st.just("$context.requestId $context.status"))
    return settings


@st.composite
def routes(draw: Draw, settings: Mapping[str, Any], kind: str, *, offload: int) -> dict[str, Settings]:
    """Draw one to four routes that go with the other settings; `kind` is the type of the default state machine."""
    parameter = draw(st.sampled_from(["{id}", "{order}"]))
    document = settings["engine"] == "openapi"
    paths = [path.replace("{any}", parameter) for path in (*PATHS, *([LONG_PATH] if document else []))]
    # With explicit resources only a preflight answers OPTIONS.
    methods = (*METHODS, "OPTIONS") if document else METHODS
    keys = st.tuples(st.sampled_from(methods), st.sampled_from(paths))
    named = st.tuples(st.sampled_from(["GET", "DELETE", "POST"]), st.sampled_from(NAMED_PATHS))
    drawn = draw(st.lists(st.one_of(keys, keys, named), min_size=1, max_size=4, unique=True))
    return {f"{method} {path}": draw(route(settings, kind, path, offload=offload)) for method, path in drawn}


@st.composite
def route(draw: Draw, settings: Mapping[str, Any], kind: str, path: str, *, offload: int) -> Settings:
    found: Settings = {}
    if rarely(draw, 4):
        own = draw(st.sampled_from(["STANDARD", "EXPRESS"]))
        found["state_machine_arn"] = draw(st.sampled_from(MACHINES[own]))
        if own != kind or draw(st.booleans()):
            found["state_machine_type"] = own
        kind = own
    actions = [
        action
        for action in (OF_STANDARD if kind == "STANDARD" else OF_EXPRESS)
        if action not in NAMING or "/{name}" in path
    ]
    action = draw(st.sampled_from(actions))
    if action != "StartExecution" or draw(st.booleans()):
        found["action"] = action
    if action.startswith("Start"):
        _start(draw, found, action, kind, offload=offload)
    if action in SENDING and found.get("input") != "none" and not found.get("form"):
        maybe(draw, found, "body_schema", st.sampled_from([DISH, ANYTHING]))
    maybe(draw, found, "required_headers", st.just(["X-Tenant"]), 6)
    maybe(draw, found, "required_query_strings", st.just(["table"]), 6)
    maybe(draw, found, "api_key_required", st.booleans(), 6)
    times = [29_000, 10_000 if found.get("wait") or "offload" in found else 5000]
    times += [60_000] if settings.get("endpoint_type") != "EDGE" else []
    maybe(draw, found, "timeout_milliseconds", st.sampled_from(times), 4)
    names = list(settings.get("authorizers", {}))
    maybe(draw, found, "authorization", st.sampled_from([*names, *names, "AWS_IAM", "NONE"]), 2)
    if _is_pool(settings, found):
        maybe(draw, found, "authorization_scopes", st.just([SCOPE]), 2)
    return found


def _start(draw: Draw, found: Settings, action: str, kind: str, *, offload: int) -> None:
    """Draw what only a start has."""
    if action == "StartExecution" and rarely(draw, offload):
        found["offload"] = draw(offloads())
    if "offload" not in found:
        maybe(draw, found, "input", st.sampled_from(["body", "request", "none", "passthrough"]), 2)
    given = found.get("input", "body")
    if given == "request":
        maybe(draw, found, "request", envelopes(), 2)
    if given not in ("none", "passthrough") and "offload" not in found:
        maybe(draw, found, "form", st.booleans(), 4)
    if given != "passthrough":
        names = ["request_id", "generated"]
        names += ["idempotency_key"] if kind == "STANDARD" else []
        names += ["$.dish"] if given != "none" else []
        names += ["$.order.items[0].id"] if given != "none" and not found.get("form") else []
        maybe(draw, found, "execution_name", st.sampled_from(names), 2)
    if action == "StartExecution" and kind == "STANDARD" and given != "passthrough" and "offload" not in found:
        if rarely(draw, 6):
            found["wait"] = True
        elif not found.get("form") and rarely(draw, 4):
            found["request_templates"] = {"application/json": OWN_TEMPLATE}
            found["state_machine_arn"] = "standard"


@st.composite
def envelopes(draw: Draw) -> Settings:
    settings: Settings = {}
    maybe(draw, settings, "authorizer", st.sampled_from([["principalId"], ["claims.sub", "tenant"]]), 2)
    maybe(draw, settings, "context", st.sampled_from([["stage"], ["httpMethod", "identity.sourceIp"]]), 2)
    maybe(draw, settings, "headers", st.sampled_from([["X-Tenant"], ["x-tenant", "Content-Type"]]), 2)
    return settings


@st.composite
def offloads(draw: Draw) -> Settings:
    # A bucket with payloads can be destroyed only where that is asked for.
    settings: Settings = {"force_destroy": draw(st.just(True))}
    maybe(draw, settings, "expire_after_days", st.sampled_from([1, 7]), 2)
    maybe(draw, settings, "inline_max_bytes", st.sampled_from([0, 8]), 2)
    return settings


def _is_pool(settings: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    authorizer = settings.get("authorizers", {}).get(found.get("authorization"))
    return authorizer is not None and authorizer["type"] == "COGNITO_USER_POOLS"
