"""What a stage and a usage plan let through, and how API Gateway words the rest."""

from __future__ import annotations

from collections import Counter

import pytest
from sandbox_server import World, running

TEMPLATE = '{"type":"$context.error.responseType","text":$context.error.messageString}'


@pytest.fixture(scope="module")
def world():
    with running() as server:
        yield World(server, "999900001111")


def worded(api, **types: str) -> None:
    for kind in ("THROTTLED", "QUOTA_EXCEEDED", "INVALID_API_KEY"):
        api.gateway.put_gateway_response(
            restApiId=api.id,
            responseType=kind,
            responseTemplates={"application/json": TEMPLATE},
            responseParameters={"gatewayresponse.header.Retry-After": "'1'"},
            **types,
        )


def burst(api, count: int = 6, **headers: str):
    answers = [api.call("/x", "{}", **headers) for _ in range(count)]
    return Counter(answer.status for answer in answers), [answer for answer in answers if answer.status != 200]


def throttle_stage(api, rate: str, size: str, path: str = "/*/*") -> None:
    operations = [
        {"op": "replace", "path": f"{path}/throttling/rateLimit", "value": rate},
        {"op": "replace", "path": f"{path}/throttling/burstLimit", "value": size},
    ]
    api.gateway.update_stage(restApiId=api.id, stageName="alpha", patchOperations=operations)


def plan(world, api, **limits) -> str:
    stages = [{"apiId": api.id, "stage": "alpha"}]
    made = world.gateway.create_usage_plan(name="plan", apiStages=stages, **limits)["id"]
    key = world.gateway.create_api_key(name="key", enabled=True)
    world.gateway.create_usage_plan_key(usagePlanId=made, keyId=key["id"], keyType="API_KEY")
    return world.gateway.get_api_key(apiKey=key["id"], includeValue=True)["value"]


@pytest.mark.parametrize("path", ["/*/*", "/~1x/POST"])
def test_a_stages_limit_answers_429_through_the_gateway_response(world, path):
    api = world.api()
    api.mock("/x")
    worded(api, statusCode="429")
    api.deploy()
    assert burst(api)[0] == {200: 6}
    throttle_stage(api, "0.01", "2", path)
    statuses, refused = burst(api)
    assert statuses == {200: 2, 429: 4}
    assert refused[0].json() == {"type": "THROTTLED", "text": "Too Many Requests"}
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].headers["x-amzn-errortype"] == "TooManyRequestsException"


def test_the_built_in_answer(world):
    api = world.api()
    api.mock("/x")
    api.deploy()
    throttle_stage(api, "0.01", "1")
    _, refused = burst(api, 2)
    assert (refused[0].status, refused[0].json()) == (429, {"message": "Too Many Requests"})


def test_a_usage_plans_limit_is_its_keys(world):
    api = world.api()
    api.mock("/x", apiKeyRequired=True)
    worded(api)
    api.deploy()
    limited = plan(world, api, throttle={"rateLimit": 0.01, "burstLimit": 2})
    free = plan(world, api)
    statuses, refused = burst(api, x_api_key=limited)
    assert statuses == {200: 2, 429: 4}
    assert refused[0].json()["type"] == "THROTTLED"
    assert burst(api, x_api_key=free)[0] == {200: 6}
    statuses, refused = burst(api, 1)
    assert (statuses, refused[0].json()["type"]) == ({403: 1}, "INVALID_API_KEY")


def test_a_usage_plans_quota(world):
    api = world.api()
    api.mock("/x", apiKeyRequired=True)
    worded(api)
    api.deploy()
    key = plan(world, api, quota={"limit": 3, "period": "DAY"})
    statuses, refused = burst(api, x_api_key=key)
    assert statuses == {200: 3, 429: 3}
    assert refused[0].json() == {"type": "QUOTA_EXCEEDED", "text": "Limit Exceeded"}
