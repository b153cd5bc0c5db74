"""A function of the user's own can be made anew under its name if the ARN is made of that: see docs/traps.md."""

import pytest

from sfn_harness.terraform.runner import variable_arguments


@pytest.fixture(scope="module")
def guarded(deploy, configurations, engine):
    return deploy(configurations / "own_authorizer", engine=engine, fresh=True)


def test_a_function_is_made_anew_under_its_name(guarded, tmp_path):
    def call():
        return guarded.http.post(guarded.url(), json={}, headers={"Authorization": "friend"})

    call().expect(200)
    guarded.terraform.execute_command(
        "apply",
        "-auto-approve",
        "-input=false",
        "-no-color",
        "-replace=aws_lambda_function.authorizer",
        *variable_arguments(tmp_path, guarded.variables),
    )
    call().expect(200)
    plan = guarded.plan()
    assert plan.is_empty, plan.changes
