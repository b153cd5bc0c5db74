"""Every wrong value is refused, before anything is made, with an error that says what to write instead."""

import re

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

from .bad_values import FOUND_BY_PLAN, FOUND_BY_VALIDATE, MACHINE

BLOCKS = 20  # in a plan: each costs half a second then, and more than one in a plan of a hundred


def errors_of(plan, configuration, cases) -> list[str]:
    """Plan the cases, many at once, and return the texts of their errors."""
    blocks = [
        (slug(name), {"name": f"case{index}", "state_machine": {"arn": MACHINE}, **arguments})
        for index, (name, (arguments, _)) in enumerate(cases.items())
    ]
    errors = []
    for begin in range(0, len(blocks), BLOCKS):
        with pytest.raises(TerraformError) as caught:
            plan(configuration(dict(blocks[begin : begin + BLOCKS])), region="eu-west-1")
        errors += caught.value.errors
    # A message has a line for each sentence.
    return [error.replace("\n", " ") for error in errors]


def slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "_", name.lower())


@pytest.fixture(scope="module")
def validate_errors(plan, configuration):
    return errors_of(plan, configuration, FOUND_BY_VALIDATE)


@pytest.fixture(scope="module")
def plan_errors(plan, configuration):
    return errors_of(plan, configuration, FOUND_BY_PLAN)


@pytest.mark.parametrize("name", FOUND_BY_VALIDATE)
def test_the_root_modules_own_variables(validate_errors, name):
    expected = FOUND_BY_VALIDATE[name][1]
    assert any(expected in error for error in validate_errors), (expected, validate_errors)


def test_each_of_them_has_one_error(validate_errors):
    assert len(validate_errors) == len(FOUND_BY_VALIDATE), validate_errors


@pytest.mark.parametrize("name", FOUND_BY_PLAN)
def test_the_modules_behind_it(plan_errors, name):
    expected = FOUND_BY_PLAN[name][1]
    assert any(expected in error for error in plan_errors), (expected, plan_errors)


@pytest.mark.contract("action.wrong_type")
@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("waiting for a STANDARD execution", "POST /sync"),
        ("describing an EXPRESS execution", "GET /e/{name}"),
        ("stopping an EXPRESS execution of a route's own", "DELETE /own/{name}"),
    ],
)
def test_an_action_that_the_type_does_not_have(plan_errors, name, route):
    [error] = [error for error in plan_errors if FOUND_BY_PLAN[name][1] in error]
    assert f'"{route}"' in error
    assert "Make the state machine's type" in error


@pytest.mark.contract("invariant.7.policy")
def test_a_policy_that_could_not_be_changed_later(plan_errors):
    [error] = [error for error in plan_errors if "5,120 is the most that can be changed later" in error]
    assert "Split the routes between two APIs" in " ".join(error.split())


def test_each_of_those_has_one_error(plan_errors):
    assert len(plan_errors) == len(FOUND_BY_PLAN), plan_errors
