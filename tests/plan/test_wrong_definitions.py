"""A wrong definition is refused at plan time: the provider asks Step Functions' ValidateStateMachineDefinition.

The sandbox answers it as AWS does; tests/stepfunctions/test_language_refused.py has the words with their sources.
"""

import json

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

PASS = {"Type": "Pass", "End": True}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge"
TOKEN = {
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q", "MessageBody.$": "$$.Task.Token"},
}


def task(**fields) -> dict:
    return {"Type": "Task", "End": True, **fields}


def choice(**operator) -> dict:
    return {"Type": "Choice", "Choices": [{"Variable": "$.a", **operator, "Next": "B"}], "Default": "B"}


# What is wrong => a first state, and what the plan says. A state B can follow.
WRONG = {
    "a dangling Next": ({"Type": "Pass", "Next": "Unheard"}, "Missing 'Next' target: Unheard"),
    "a dangling Default": (choice(IsNull=True) | {"Default": "Unseen"}, "Missing 'Next' target: Unseen"),
    "a dangling Catch": (
        task(Resource=FUNCTION, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Unknown"}]),
        "Missing 'Next' target: Unknown",
    ),
    "an unknown Type": ({"Type": "Pss", "End": True}, "The field 'Type' should have one of these values: [Task, "),
    "no Resource": (task(), "These fields are required: [Resource]"),
    "a placeholder that nobody filled in": (task(Resource="${fn}"), "Value is not a valid resource ARN"),
    "an integration that does not exist": (
        task(Resource="arn:aws:states:::lambda:invok", Parameters={}),
        "The resource provided arn:aws:states:::lambda:invok is not recognized.",
    ),
    "an operator that does not exist": (choice(StringEqual="x"), "Field 'StringEqual' is not supported"),
    "neither Next nor End": (
        {"Type": "Pass"},
        "This object should have only one of the following fields: [Next, End]",
    ),
    "a task token in an Express workflow": (
        task(**TOKEN),
        "Express state machine does not support '.waitForTaskToken' service integration",
    ),
}
RIGHT = choice(IsNull=True)


@pytest.fixture(scope="module")
def errors(plan, configuration) -> list[str]:
    """The errors of a plan with a state machine for each wrong definition, and one for a right one."""
    first_states = {name: state for name, (state, _) in WRONG.items()} | {"nothing": RIGHT}
    cases = {
        f"case{index}": {
            "name": f"case{index}",
            "state_machine": {
                "definition": json.dumps({"StartAt": "A", "States": {"A": state, "B": PASS}}),
                "type": "EXPRESS" if "Express" in name else "STANDARD",
            },
        }
        for index, (name, state) in enumerate(first_states.items())
    }
    with pytest.raises(TerraformError) as caught:
        plan(configuration(cases))
    return [" ".join(error.split()) for error in caught.value.errors]


@pytest.mark.parametrize("wrong", WRONG)
def test_it_is_refused(errors, wrong):
    said = WRONG[wrong][1]
    assert [error for error in errors if said in error], errors


def test_nothing_else_is(errors):
    assert len(errors) == len(WRONG), errors
