"""The flows of the question-and-answer page's first answer: a POST becomes an execution, with no Lambda between."""

import time

import pytest

from tests.e2e.names import default_name


@pytest.mark.contract("input.body.empty")
def test_no_payload(contract):
    started = contract.http.post(contract.url("/execution")).expect(200).json()
    assert contract.executions.input_text(started["executionArn"]) == "{}"


@pytest.mark.contract("input.body")
def test_a_json_payload_is_the_input(contract):
    payload = {"order": {"id": 7, "note": "it's \"for\" O'Hara"}, "items": [1, 2.5, None, True]}
    started = contract.http.post(contract.url("/execution"), json=payload).expect(200).json()
    contract.executions.wait(started["executionArn"], "SUCCEEDED")
    assert contract.executions.output(started["executionArn"]) == payload


@pytest.mark.contract("target.module")
def test_the_state_machine_is_fixed_by_the_template(contract):
    started = contract.http.post(contract.url("/execution"), json={}).expect(200).json()
    machine = contract.outputs["state_machine_arn"].rpartition(":")[2]
    assert started["executionArn"].split(":")[6] == machine


@pytest.mark.contract("name.generated")
def test_without_a_name_one_is_generated(contract):
    url = contract.url("/generated")
    arns = {contract.http.post(url, json={}).expect(200).json()["executionArn"] for _ in range(2)}
    assert len(arns) == 2


@pytest.mark.contract("name.request_id")
def test_the_request_id_is_the_name(contract):
    answer = contract.http.post(contract.url("/execution"), json={}).expect(200)
    assert answer.json()["executionArn"].endswith(":" + default_name(answer))


@pytest.mark.contract("name.json_path")
def test_the_name_is_taken_from_the_body(contract):
    payload = {"order": {"id": f"order-{time.time_ns()}"}}
    started = contract.http.post(contract.url("/named"), json=payload).expect(200).json()
    assert started["executionArn"].endswith(":" + payload["order"]["id"])


@pytest.mark.contract("target.region_and_account")
def test_region_and_account_are_filled_in(contract):
    started = contract.http.post(contract.url("/execution"), json={}).expect(200).json()
    _, _, _, region, account, *_ = started["executionArn"].split(":")
    identity = contract.account.client("sts").get_caller_identity()
    assert (region, account) == (contract.account.region, identity["Account"])
