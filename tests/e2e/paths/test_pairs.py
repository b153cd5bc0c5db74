"""Pairs of settings that once led, or might lead, to something else than a fresh apply: one for each way to get there.

Each pair begins where the one before it ended, so that one apply serves two of them.
"""

import pytest

from tests.e2e.paths.settings import DISH, ECHO

ENGINES = ("resources", "openapi")
LONGEST_NAME = "N" + 39 * "n"

ROUTES = {
    "POST /orders": {"body_schema": DISH},
    "POST /orders/{id}/items": {},
    "GET /executions/{name}": {"action": "DescribeExecution"},
}
BASE = {"cors": {"origins": ["https://one.example.com"]}, "routes": ROUTES}
ECHOING = {"definition": ECHO}


def guarded(**authorizer):
    """Settings with one authorizer, always under the same name."""
    return {
        "authorizers": {"gate": authorizer},
        "routes": {"POST /guarded": {"authorization": "gate"}, "POST /open": {}},
    }


def long_policy(first: int):
    """Settings that make the role's policy nearly as long as it may be: six state machines, five actions on each."""
    actions = {
        "POST /executions": "StartExecution",
        "GET /executions": "ListExecutions",
        "GET /executions/{name}": "DescribeExecution",
        "DELETE /executions/{name}": "StopExecution",
        "GET /executions/{name}/history": "GetExecutionHistory",
    }
    return {
        "routes": {key: {"action": action} for key, action in actions.items()},
        "stages": {f"stage{number}": {"state_machine_arn": f"missing-{number}"} for number in range(first, first + 6)},
    }


# Each begins with the settings that the one before it ends with.
WALK = {
    "": BASE,
    "another name, with another role": {**BASE, "name": "renamed"},
    "another role": {**BASE, "name": "renamed", "names": {"invoke_role": "own-invoke"}},
    "a name of 40 characters": {**BASE, "name": LONGEST_NAME},
    "a parameter of another name": {
        **BASE,
        "routes": {**ROUTES, "POST /orders/{order}/items": ROUTES["POST /orders/{id}/items"]},
    },
    "a schema removed": {**BASE, "routes": {**ROUTES, "POST /orders": {}}},
    "a route removed": {**BASE, "routes": {"POST /orders": {}}},
    "preflights removed": {"routes": {"POST /orders": {}}},
    "a stage renamed": {"routes": {"POST /orders": {}}, "stages": {"beta": {"state_machine_arn": "second"}}},
    "a state machine of another type": {
        "names": {"state_machine": "paths-swift"},
        "routes": {"POST /orders": {}},
        "state_machine": {**ECHOING, "type": "EXPRESS"},
    },
    "waiting": {"name": LONGEST_NAME, "routes": {"POST /orders": {"wait": True}, "POST /open": {}}},
    "not waiting": {"routes": {"POST /orders": {}, "POST /open": {}}},
    "an authorizer with a function": guarded(type="TOKEN", function_arn="authorizer"),
    "an authorizer with a user pool": guarded(type="COGNITO_USER_POOLS", user_pool_arns=["user_pool"]),
    "an authorizer without an identity": guarded(
        type="REQUEST", function_arn="authorizer", identity_sources=[], ttl_seconds=0
    ),
    "a long policy": long_policy(100),
    "another long policy": long_policy(110),
}
del WALK["a parameter of another name"]["routes"]["POST /orders/{id}/items"]
WALK["a schema removed"]["routes"] = {**WALK["a parameter of another name"]["routes"], "POST /orders": {}}

# What only the document can serve.
OWN_PREFLIGHT = {**BASE, "routes": {**ROUTES, "OPTIONS /orders": {"input": "request"}}}

PAIRS = list(zip(WALK, list(WALK)[1:], strict=False))


@pytest.mark.contract("invariant.7")
@pytest.mark.parametrize(
    ("engine", "before", "after"),
    [pytest.param(engine, *pair, id=f"{engine}-{pair[1]}") for engine in ENGINES for pair in PAIRS],
)
def test_a_change_ends_where_a_fresh_apply_ends(walker, engine, before, after):
    report = walker.step({"engine": engine, **WALK[before]}, {"engine": engine, **WALK[after]})
    assert not report, str(report)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(BASE, OWN_PREFLIGHT, id="an OPTIONS of one's own"),
        pytest.param(OWN_PREFLIGHT, BASE, id="an OPTIONS of the module's again"),
    ],
)
def test_a_preflight_of_ones_own(walker, before, after):
    report = walker.step({"engine": "openapi", **before}, {"engine": "openapi", **after})
    assert not report, str(report)


@pytest.mark.parametrize(("before", "after"), [ENGINES, ENGINES[::-1]])
def test_another_engine(walker, before, after):
    report = walker.step({"engine": before, **BASE}, {"engine": after, **BASE})
    assert not report, str(report)


def test_nothing_is_left(walker):
    report = walker.finish()
    assert not report, str(report)
