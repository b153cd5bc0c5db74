"""execution_name = "idempotency_key": a client that repeats a POST starts nothing twice."""

import uuid

import pytest


@pytest.fixture
def post(contract):
    started = []

    def send(key: str | None, body: object, header: str = "Idempotency-Key"):
        headers = {} if key is None else {header: key}
        answer = contract.http.post(contract.url("/idempotent"), json=body, headers=headers)
        if answer.status == 200:
            started.append(answer.json()["executionArn"])
        return answer

    yield send
    for arn in set(started):
        contract.account.client("stepfunctions").stop_execution(executionArn=arn)


@pytest.mark.contract("name.idempotency_key", "name.idempotency_key.repeated")
def test_the_same_key_and_body_is_the_same_execution(post):
    key = uuid.uuid4().hex
    first = post(key, {"a": 1}).expect(200).json()
    assert post(key, {"a": 1}).expect(200).json() == first
    assert first["executionArn"].endswith(f":{key}")


@pytest.mark.contract("name.idempotency_key", "route.header_names")
@pytest.mark.parametrize("header", ["idempotency-key", "IDEMPOTENCY-KEY"])
def test_the_case_of_the_header_does_not_matter(post, header):
    key = uuid.uuid4().hex
    assert post(key, {}, header).expect(200).json()["executionArn"].endswith(f":{key}")


@pytest.mark.contract("name.idempotency_key.other_body", "error.409.ExecutionAlreadyExists")
def test_another_body_is_409(post, expect_error):
    key = uuid.uuid4().hex
    post(key, {"a": 1}).expect(200)
    expect_error(post(key, {"a": 2}), 409, "ExecutionAlreadyExists")


@pytest.mark.contract("name.idempotency_key.ended", "error.409.ExecutionAlreadyExists")
def test_once_it_has_ended_it_is_409(contract, post, expect_error):
    key = uuid.uuid4().hex
    arn = post(key, {"a": 1}).expect(200).json()["executionArn"]
    contract.account.client("stepfunctions").stop_execution(executionArn=arn)
    contract.executions.wait(arn, "ABORTED")
    expect_error(post(key, {"a": 1}), 409, "ExecutionAlreadyExists")


@pytest.mark.contract("name.idempotency_key.refused", "error.400.InvalidName")
@pytest.mark.parametrize("key", [None, "a b", "a.b", "é", "x" * 81, "a:b", "'"])
def test_a_missing_or_malformed_key_is_400(post, expect_error, key):
    assert "Idempotency-Key" in expect_error(post(key, {}), 400, "InvalidName")


@pytest.mark.contract("name.idempotency_key")
def test_80_characters_are_a_key(post):
    key = uuid.uuid4().hex + "-_" + "Z" * 46
    assert len(key) == 80
    post(key, {}).expect(200)


@pytest.mark.contract("name.idempotency_key.refused")
def test_a_query_string_is_no_key(contract, expect_error):
    answer = contract.http.post(contract.url("/idempotent?Idempotency-Key=abc"), json={})
    expect_error(answer, 400, "InvalidName")
