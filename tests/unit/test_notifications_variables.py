"""What modules/notifications refuses, and what it says to write instead."""

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

pytestmark = pytest.mark.slow


MODULE = "modules/notifications"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:authorize"
TOKEN = "route.request.querystring.token"
VALID = {"name": "orders", "state_machine_arns": [MACHINE]}


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"authorization": "NONE"},
        {"authorization": "AWS_IAM", "allowed_origins": ["*"]},
        {"allowed_origins": ["https://orders.example.com", "http://127.0.0.1:8000", "capacitor://localhost"]},
        {"authorization": "CUSTOM", "authorizer": {"function_arn": FUNCTION, "identity_sources": [TOKEN]}},
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
        ({"authorization": "JWT"}, 'authorization must be "AWS_IAM", "CUSTOM" or "NONE"'),
        ({"allowed_origins": ["https://orders.example.com/"]}, 'Write for example ["https://orders.example.com"]'),
        ({"allowed_origins": ["orders.example.com"]}, "scheme, host and port"),
        ({"allowed_origins": ["https://Orders.example.com"]}, "in small letters"),
        ({"authorizer": {"function_arn": FUNCTION}}, 'attribute "identity_sources" is required'),
        ({"authorizer": {"function": FUNCTION, "identity_sources": [TOKEN]}}, 'attribute "function_arn" is required'),
        (
            {"authorizer": {"function_arn": "authorize", "identity_sources": [TOKEN]}},
            "aws_lambda_function.authorizer.arn",
        ),
        ({"authorizer": {"function_arn": FUNCTION + ":1", "identity_sources": [TOKEN]}}, "without a version or alias"),
        ({"authorizer": {"function_arn": FUNCTION, "identity_sources": []}}, '["route.request.querystring.token"]'),
        (
            {"authorizer": {"function_arn": FUNCTION, "identity_sources": ["method.request.header.X"]}},
            "route.request.header.<name>",
        ),
        ({"name": "9lives"}, 'for example "orders"'),
        ({"name": "o" * 41}, "1 to 40 of"),
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


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"authorization": "CUSTOM"}, "Write authorizer = { function_arn = ..., identity_sources = [...] }"),
        ({"authorizer": {"function_arn": FUNCTION, "identity_sources": [TOKEN]}}, 'Write authorization = "CUSTOM"'),
    ],
)
def test_an_authorizer_goes_with_custom(plan, variables, advice):
    with pytest.raises(TerraformError) as refused:
        plan(MODULE, {**VALID, **variables})
    assert advice in " ".join(str(refused.value).replace("│", " ").split())


def test_by_default_clients_sign(plan):
    planned = plan(MODULE, VALID).of_type("aws_apigatewayv2_route").values()
    routes = {route["route_key"]: route["authorization_type"] for route in planned}
    assert routes == {"$connect": "AWS_IAM", "$default": "NONE", "$disconnect": "NONE", "subscribe": "NONE"}
