"""Pairs of settings that once led, or might lead, to something else than a fresh apply: one for each way to get there.

Each pair begins where the one before it ended, so that one apply serves two of them. The pairs of an engine may be
walked by a process of their own.
"""

from itertools import pairwise

import pytest

from tests.e2e.paths.settings import DISH, ECHO

LONGEST_NAME = "N" + 39 * "n"

ROUTES = {
    "POST /orders": {"body_schema": DISH},
    "POST /orders/{id}/items": {},
    "GET /executions/{name}": {"action": "DescribeExecution"},
}
BASE = {"cors": {"origins": ["https://one.example.com"]}, "routes": ROUTES}


def guarded(*, wait: bool = False, **authorizer):
    """Settings with one authorizer, always under the same name, and a route that waits or not."""
    return {
        "authorizers": {"gate": authorizer},
        "routes": {"POST /guarded": {"authorization": "gate"}, "POST /open": {}, "POST /end": {"wait": wait}},
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


# What has nothing to do with each other changes in one step: an apply takes seconds.
WALK = {
    "the first": {**BASE, "description": "Orders", "endpoint_type": "EDGE", "tags": {"team": "orders"}},
    "a name of 40 characters, and with it other roles, which get a boundary, no description": {
        **BASE,
        "name": LONGEST_NAME,
        "permissions_boundary": "boundary",
    },
    "another role, a parameter of another name": {
        **BASE,
        "name": LONGEST_NAME,
        "names": {"invoke_role": "own-invoke"},
        "routes": {**ROUTES, "POST /orders/{order}/items": {}},
    },
    "a schema and a route removed": {**BASE, "routes": {"POST /orders": {}}},
    "a state machine of another type, preflights removed, a stage renamed": {
        "names": {"state_machine": "paths-swift"},
        "routes": {"POST /orders": {}},
        "stages": {"beta": {}},
        "state_machine": {"definition": ECHO, "type": "EXPRESS"},
    },
    "an authorizer, waiting": {**guarded(type="TOKEN", function_arn="authorizer", wait=True), "name": LONGEST_NAME},
    "an authorizer of another type, no waiting": guarded(type="COGNITO_USER_POOLS", user_pool_arns=["user_pool"]),
    "an authorizer of another type, without an identity": guarded(
        type="REQUEST", function_arn="authorizer", identity_sources=[], ttl_seconds=0
    ),
    "a long policy": long_policy(100),
    "another long policy": long_policy(110),
}
del WALK["another role, a parameter of another name"]["routes"]["POST /orders/{id}/items"]

# The bucket takes the provider a minute, so that one engine has to do.
STORING = {"POST /stored": {"offload": {"force_destroy": True, "inline_max_bytes": 8}}, "POST /open": {}}

# With one engine after the other; what only a document can serve comes last.
STEPS = {
    **{f"resources: {title}": {"engine": "resources", **settings} for title, settings in WALK.items()},
    **{f"openapi: {title}": {"engine": "openapi", **settings} for title, settings in WALK.items()},
    "openapi: storing": {"engine": "openapi", "routes": STORING},
    "openapi: no storing, an OPTIONS of one's own": {
        "engine": "openapi",
        **BASE,
        "routes": {**ROUTES, "OPTIONS /orders": {"input": "request"}},
    },
    "openapi: a preflight again": {"engine": "openapi", **BASE},
    "resources: the first again": {"engine": "resources", **BASE},
}


@pytest.mark.contract("invariant.7")
@pytest.mark.parametrize(
    ("engine", "before", "after"),
    [pytest.param(STEPS[after]["engine"], before, after, id=after) for before, after in pairwise(STEPS)],
)
def test_a_change_ends_where_a_fresh_apply_ends(walker, engine, before, after):
    report = walker.step(STEPS[before], STEPS[after])
    assert not report, str(report)


@pytest.mark.parametrize("engine", ["resources", "openapi"])
def test_nothing_is_left(walker, engine):
    report = walker.finish()
    assert not report, str(report)
