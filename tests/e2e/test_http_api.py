"""An HTTP API whose routes call Step Functions without a function in between."""

import json

import pytest


@pytest.fixture(scope="module")
def http_api(deploy, configurations):
    return deploy(configurations / "http_api")


def start(http_api, seconds, name):
    headers = {"Idempotency-Key": name}
    return http_api.http.post(http_api.url("/execution"), json={"seconds": seconds}, headers=headers)


def test_post_starts_an_execution(http_api):
    answer = start(http_api, 0, "one").expect(202)
    arn = answer.json()["executionArn"]
    assert answer.headers["x-execution"] == arn
    assert arn == http_api.outputs["state_machine_arn"].replace(":stateMachine:", ":execution:") + ":one"
    assert http_api.executions.output(arn) == {"seconds": 0}


def test_a_synchronous_post_answers_the_execution(http_api):
    answer = http_api.http.post(http_api.url("/sync"), json={"name": "Ann"}).expect(200).json()
    assert answer["status"] == "SUCCEEDED"
    assert json.loads(answer["output"]) == {"greeting": "Hello Ann"}


def test_delete_stops_an_execution(http_api):
    arn = start(http_api, 600, "long").expect(202).json()["executionArn"]
    stopped = http_api.http.delete(http_api.url("/execution/long?cause=enough")).expect(200).json()
    assert set(stopped) == {"stopDate"}
    execution = http_api.executions.describe(arn)
    assert (execution["status"], execution["cause"]) == ("ABORTED", "enough")


def test_a_route_that_there_is_not(http_api):
    assert http_api.http.post(http_api.url("/nothing"), json={}).expect(404).json() == {"message": "Not Found"}


def test_a_second_plan_shows_no_change(http_api):
    plan = http_api.plan()
    assert plan.is_empty, plan.changes
