"""The longest names that the modules take, in regions with the longest names: AWS refuses names over its limits."""

import json

import pytest

LONGEST = "o" * 36 + "-end"  # 40 characters
REGIONS = ["ap-southeast-2", "us-gov-west-1"]
STATE_MACHINE = {"definition": json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})}

# Type => attribute and most characters. Sources: API references, https://docs.aws.amazon.com/IAM/latest/APIReference/
# API_CreateRole.html and those of the others (from memory, 2026-11-24; the provider checks most of them, too).
LIMITS = {
    "aws_apigatewayv2_api": ("name", 128),
    "aws_apigatewayv2_authorizer": ("name", 128),
    "aws_cloudwatch_event_rule": ("name", 64),
    "aws_cloudwatch_log_group": ("name", 512),
    "aws_dynamodb_table": ("name", 255),
    "aws_iam_role": ("name", 64),
    "aws_lambda_function": ("function_name", 64),
    "aws_lambda_permission": ("statement_id", 100),
    "aws_s3_bucket": ("bucket", 63),
    "aws_sfn_state_machine": ("name", 80),
    "aws_sqs_queue": ("name", 80),
}


def names(plan) -> dict[str, list[str]]:
    """Type => the names of all its resources that a plan makes."""
    return {
        kind: [values[attribute] for values in plan.of_type(kind).values() if values.get(attribute)]
        for kind, (attribute, _) in LIMITS.items()
    }


def check(planned: dict[str, list[str]]) -> None:
    for kind, given in planned.items():
        assert max(map(len, given), default=0) <= LIMITS[kind][1], (kind, given)
        assert len(set(given)) == len(given), (kind, given)


@pytest.mark.parametrize("region", REGIONS)
def test_of_the_root_module(plan, configuration, region):
    routes = {"POST /wait": {"wait": True}, "POST /one": {"offload": {}}, "POST /two": {"offload": {}}}
    given = names(
        plan(configuration({"api": {"name": LONGEST, "state_machine": STATE_MACHINE, "routes": routes}}), region=region)
    )
    check(given)
    assert (len(given["aws_iam_role"]), len(given["aws_s3_bucket"])) == (5, 2)


@pytest.mark.parametrize("region", REGIONS)
def test_of_notifications(plan, region):
    function = f"arn:aws:lambda:{region}:123456789012:function:{'f' * 64}"
    variables = {
        "name": LONGEST,
        "authorization": "CUSTOM",
        "authorizer": {"function_arn": function, "identity_sources": ["route.request.querystring.token"]},
        "state_machine_arns": [f"arn:aws:states:{region}:123456789012:stateMachine:{'m' * 80}"],
    }
    given = names(plan("modules/notifications", variables, region=region))
    check(given)
    assert len(given["aws_iam_role"]) == len(given["aws_sqs_queue"]) == len(given["aws_apigatewayv2_authorizer"]) == 1


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("module", ["execution_waiter", "payload_offload"])
def test_of_functions(plan, module, region):
    machine = f"arn:aws:states:{region}:123456789012:stateMachine:m"
    variables = {"name": "f" * 64, "state_machine_arns": [machine]}
    check(names(plan(f"modules/{module}", variables, region=region)))
