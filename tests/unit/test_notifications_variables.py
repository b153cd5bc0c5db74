"""What modules/notifications refuses, and what it says to write instead."""

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

pytestmark = pytest.mark.slow


MODULE = "modules/notifications"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
VALID = {"name": "orders", "state_machine_arns": [MACHINE]}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"authorization": "AWS_IAM"},
        {"state_machine_arns": [MACHINE.replace("aws", "aws-cn").replace("eu-west-1", "cn-north-1")]},
        {"throttling": {"burst_limit": 1, "rate_limit": 0.5}},
        {"stage": "prod_1"},
    ],
)
def test_what_is_valid(plan, variables):
    plan.check_inputs(MODULE, {**VALID, **variables})


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"authorization": "JWT"}, 'authorization must be "NONE" or "AWS_IAM"'),
        ({"name": "9lives"}, 'for example "orders"'),
        ({"name": "o" * 41}, "1 to 40 characters"),
        ({"state_machine_arns": []}, "for example [module.orders_api.state_machine_arn]"),
        ({"state_machine_arns": [MACHINE + ":PROD"]}, "Leave out the version or alias"),
        ({"state_machine_arns": ["orders"]}, '"arn:aws:states:<region>:<account>:stateMachine:<name>"'),
        ({"stage": "$default"}, 'for example "alpha"'),
        ({"throttling": {"burst_limit": 0, "rate_limit": 1}}, "{ burst_limit = 100, rate_limit = 50 }"),
        ({"throttling": {"burst_limit": 1, "rate_limit": 0}}, "{ burst_limit = 100, rate_limit = 50 }"),
    ],
)
def test_what_is_refused(plan, variables, advice):
    with pytest.raises(TerraformError) as refused:
        plan.check_inputs(MODULE, {**VALID, **variables})
    assert advice in " ".join(str(refused.value).split())


def test_more_state_machines_than_an_event_pattern_has_room_for(plan):
    arns = [f"{MACHINE}-{number:0>60}" for number in range(20)]
    with pytest.raises(TerraformError) as refused:
        plan(MODULE, {**VALID, "state_machine_arns": arns})
    assert "Share them out over several instances" in " ".join(str(refused.value).split())
