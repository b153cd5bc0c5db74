"""What the user has beside the module may change: a resource that it depends on, or one that is made anew."""

import pytest

from sfn_harness.terraform.runner import variable_arguments
from tests.e2e.paths.callers import Callers

FRIEND = {"Authorization": "friend"}


@pytest.fixture(scope="module")
def depending(deploy, configurations, engine):
    return deploy(configurations / "depending", engine=engine, fresh=True)


def test_a_change_of_what_the_module_depends_on(depending):
    role = depending.outputs["invoke_role_arn"]
    with Callers({"start": (lambda: depending.http.post(depending.url(), json={}), 200)}) as callers:
        depending.apply(retention_in_days=14)
    assert callers.summary() == []
    assert callers.made > 0
    assert depending.outputs["invoke_role_arn"] == role
    plan = depending.plan()
    assert plan.is_empty, plan.changes


def test_a_function_of_the_users_made_anew_under_its_name(depending, tmp_path):
    """As after an apply that was interrupted while it made the function."""
    depending.terraform.execute_command(
        "apply",
        "-auto-approve",
        "-input=false",
        "-no-color",
        "-replace=aws_lambda_function.authorizer",
        *variable_arguments(tmp_path, depending.variables),
    )
    depending.http.post(depending.url("/guarded"), json={}, headers=FRIEND).expect(200)
    plan = depending.plan()
    assert plan.is_empty, plan.changes
