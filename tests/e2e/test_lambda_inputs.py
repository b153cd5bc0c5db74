"""Wrong values of the modules' inputs are refused with what to write instead."""

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"
# Module => what it needs at least.
GOOD = {
    "execution_waiter": {"name": "orders", "state_machine_arns": [MACHINE]},
    "lambda_function": {"description": "Takes orders", "name": "orders", "package": "handler.zip"},
    "payload_offload": {"name": "orders", "state_machine_arns": [MACHINE]},
}
FUNCTION = [
    ({"architecture": "x86"}, 'architecture is "x86". Write "arm64" or "x86_64"'),
    ({"name": "bad name"}, "name must be 1 to 64 characters of A-Z a-z 0-9 - _"),
    ({"log_retention_in_days": 8}, "log_retention_in_days is 8, a period that CloudWatch Logs does not know"),
    ({"memory_mb": 100}, "memory_mb is 100. Write a whole number from 128"),
    ({"reserved_concurrency": -2}, "reserved_concurrency is -2. Write -1, no limit, or a whole number"),
    ({"role_name": "a b"}, "role_name must be 1 to 64 characters"),
    ({"timeout_seconds": 901}, "timeout_seconds is 901. Write a whole number from 1 to 900"),
]
STARTING = [
    ({"state_machine_arns": []}, "the function could start nothing"),
    (
        {"state_machine_arns": ["orders"]},
        'not all of ["orders"] are ARNs of state machines. Write arn:<partition>:states:',
    ),
]
WAITER = [
    (
        {"wait_seconds": 297},
        "wait_seconds is 297. Write a whole number from 1 to 296; more than 25 needs a REGIONAL API",
    ),
    ({"wait_seconds": 0.5}, "wait_seconds is 0.5. Write a whole number from 1 to 296"),
]
OFFLOAD = [
    ({"bucket_name": "Orders"}, "bucket_name must be 3 to 63 characters of a-z 0-9"),
    ({"content_types": ["application/json; charset=utf-8"]}, "content_types must be media types in small letters"),
    ({"content_types": []}, "at least one"),
    ({"execution_name": "orders"}, 'execution_name is "orders", which is not a Velocity reference'),
    ({"expire_after_days": 0}, "expire_after_days is 0. Write a whole number of days from 1"),
    ({"inline_max_bytes": 262001}, "inline_max_bytes is 262001. Write a whole number from 0"),
    ({"memory_mb": 100}, "memory_mb is 100. Write a whole number from 256"),
]
CASES = [
    (module, *case)
    for module, cases in {
        "execution_waiter": STARTING + WAITER,
        "lambda_function": FUNCTION,
        "payload_offload": STARTING + OFFLOAD,
    }.items()
    for case in cases
]


@pytest.mark.parametrize(("module", "inputs", "message"), CASES)
def test_wrong_value(plan, root, module, inputs, message):
    with pytest.raises(TerraformError) as caught:
        plan.check_inputs(root / "modules" / module, {**GOOD[module], **inputs})
    assert message in " ".join(str(caught.value).split())


@pytest.mark.parametrize("module", GOOD)
def test_right_values(plan, root, module):
    plan.check_inputs(root / "modules" / module, GOOD[module])


@pytest.mark.parametrize("module", ["execution_waiter", "payload_offload"])
def test_alias_and_other_partition(plan, root, module):
    arns = [f"{MACHINE}:PROD", MACHINE.replace("arn:aws:", "arn:aws-cn:")]
    plan.check_inputs(root / "modules" / module, {"name": "orders", "state_machine_arns": arns})


def test_a_wait_as_long_as_api_gateway_allows(plan, root):
    """The function's time ends when API Gateway's does: 300 seconds."""
    planned = plan(root / "modules" / "execution_waiter", GOOD["execution_waiter"], wait_seconds=296)
    [function] = planned.of_type("aws_lambda_function").values()
    assert function["timeout"] == 300
    assert function["environment"][0]["variables"]["MAX_WAIT_MILLISECONDS"] == "296000"


@pytest.mark.parametrize(("inputs", "architecture"), [({}, "arm64"), ({"architecture": "x86_64"}, "x86_64")])
def test_the_processor(plan, root, inputs, architecture):
    """Some regions had no arm64 when they were new, such as ca-west-1 (aws-powertools/powertools-lambda#3545)."""
    planned = plan(root / "modules" / "execution_waiter", GOOD["execution_waiter"], region="ca-west-1", **inputs)
    [function] = planned.of_type("aws_lambda_function").values()
    assert function["architectures"] == [architecture]
