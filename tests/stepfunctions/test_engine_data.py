"""The data's way through states: filters, variables, the context object, and expressions that fail.

Recorded on AWS, if nothing else is said: localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2. Each
test names the file below that directory and the date of the recording.
"""

from __future__ import annotations

import json

import pytest

from sfn_harness.stepfunctions.errors import StateError
from tests.stepfunctions.engine_world import FUNCTION, ROLE, SCOPE, details, events, failing, run, states

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
JSONATA = {"QueryLanguage": "JSONata"}


def output(definition: dict, given: object = None, **options: object) -> object:
    execution = run(definition, given, **options)
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    return json.loads(execution.output)


def test_paths_and_templates_follow_one_another() -> None:
    """The order is from AWS's developer guide, "Processing input and output in Step Functions".

    The task returns its parameters.
    """
    task = {
        **TASK,
        "InputPath": "$.order",
        "Parameters": {"id.$": "$.id", "fixed": 1},
        "ResultSelector": {"known.$": "$.id"},
        "ResultPath": "$.made",
        "OutputPath": "$.made",
    }
    execution = run(states(T=task), {"order": {"id": 7}, "rest": 0})
    assert json.loads(details(execution, 3)["parameters"]) == {"id": 7, "fixed": 1}
    assert json.loads(execution.output) == {"known": 7}
    del task["OutputPath"]
    assert output(states(T=task), {"order": {"id": 7}}) == {"order": {"id": 7}, "made": {"known": 7}}


def test_null_paths() -> None:
    """base/test_base test_state_pass_result_null_input_output_paths, 2024-02-07; scenarios test_map_state, 2023-07."""
    assert output(states(P={**PASS, "InputPath": None}), {"a": 1}) == {}
    assert output(states(P={**PASS, "OutputPath": None}), {"a": 1}) == {}
    assert output(states(P={**PASS, "Result": 2, "ResultPath": None}), {"a": 1}) == {"a": 1}


def test_the_context_object() -> None:
    """base/test_base test_query_context_object_values, 2024-07-15; a Pass state has no RetryCount."""
    execution = run(states(P={**PASS, "Parameters": {"context.$": "$$"}}), {"message": "Test"}, name="first")
    context = json.loads(execution.output)["context"]
    assert context == {
        "Execution": {
            "Id": SCOPE.arn("execution:machine:first"),
            "Input": {"message": "Test"},
            "StartTime": "2023-11-14T22:13:20.000Z",
            "Name": "first",
            "RoleArn": ROLE,
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": SCOPE.arn("stateMachine:machine"), "Name": "machine"},
        "State": {"Name": "P", "EnteredTime": "2023-11-14T22:13:20.000Z"},
    }


def test_a_task_sees_how_often_it_was_tried_again() -> None:
    """scenarios/test_base_scenarios test_lambda_service_invoke_with_retry_extended_input, 2023-10-24."""
    task = {**TASK, "Parameters": {"count.$": "$$.State.RetryCount"}, "Retry": [{"ErrorEquals": ["States.ALL"]}]}
    oops = StateError("Oops", "")
    assert output(states(T=task), work=failing(oops, oops)) == {"count": 2}


def test_an_iteration_sees_its_item() -> None:
    """scenarios/test_base_scenarios test_map_state_item_selector_singleton, 2023-07-19."""
    processor = states(P={**PASS, "Parameters": {"selected.$": "$", "index.$": "$$.Map.Item.Index"}})
    map_state = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": {"from.$": "$.name", "item.$": "$$.Map.Item.Value"},
        "ItemProcessor": processor,
        "End": True,
    }
    assert output(states(M=map_state), {"name": "n", "items": ["A", "B"]}) == [
        {"selected": {"from": "n", "item": "A"}, "index": 0},
        {"selected": {"from": "n", "item": "B"}, "index": 1},
    ]


def test_variables_are_shown_and_stay_in_their_branch() -> None:
    """assign/test_assign_base test_base_parallel_cases[BASE_SCOPE_PARALLEL], 2024-11-04."""
    inner = states(I={**PASS, "Assign": {"y.$": "$x", "x2": 1}})
    execution = run(
        states(
            O={"Type": "Pass", "Assign": {"x": 42, "kept": 1}, "Next": "P"},
            P={"Type": "Pass", "Assign": {"text": "t"}, "Next": "S"},
            S={"Type": "Parallel", "Branches": [inner], "Next": "Q"},
            Q={**PASS, "Parameters": {"x.$": "$x", "kept.$": "$kept"}},
        )
    )
    assert details(execution, 3)["assignedVariables"] == {"x": "42", "kept": "1"}
    assert details(execution, 5)["assignedVariables"] == {"text": '"t"'}
    assert details(execution, 5)["assignedVariablesDetails"] == {"truncated": False}
    assert details(execution, 9)["assignedVariables"] == {"y": "42", "x2": "1"}
    assert json.loads(execution.output) == {"x": 42, "kept": 1}


def test_what_an_assign_sees() -> None:
    """assign/test_assign_reference_variables test_assign_from_value, test_assign_in_catch_state, 2024-11-06.

    The result of the state, or the error that is caught; variables as they were when the state was entered.
    """
    execution = run(
        states(
            P={"Type": "Pass", "Parameters": {"input": "PENDING"}, "Assign": {"result.$": "$.input"}, "Next": "Q"},
            Q={"Type": "Pass", "Assign": {"result": "SUCCESS", "before.$": "$result"}, "Next": "T"},
            T={
                **TASK,
                "Catch": [{"ErrorEquals": ["Oops"], "Assign": {"error.$": "$.Error"}, "Next": "R"}],
            },
            R=PASS,
        ),
        work=failing(StateError("Oops", "")),
    )
    assigned = [details(execution, event_id).get("assignedVariables") for event_id in (3, 5, 10)]
    assert assigned == [
        {"result": '"PENDING"'},
        {"result": '"SUCCESS"', "before": '"PENDING"'},
        {"error": '"Oops"'},
    ]


def test_an_assign_sees_the_result_before_it_is_selected() -> None:
    """AWS's developer guide, "Passing data between states with variables", seen 2026-11."""
    task = {**TASK, "ResultSelector": {"selected.$": "$.a"}, "Assign": {"raw.$": "$.a"}}
    execution = run(states(T=task), {"a": 1})
    assert details(execution, 6)["assignedVariables"] == {"raw": "1"}
    assert json.loads(execution.output) == {"selected": 1}


def test_variables_that_are_too_long() -> None:
    """AWS's developer guide, "Passing data between states with variables": 256 KiB in one Assign; seen 2026-11."""
    too_long = {"x": "a" * 131_072, "y": "b" * 131_072}
    for fits in ({"x": "a" * 131_000, "y": "b" * 131_000}, dict.fromkeys("abcd", "a" * 60_000)):
        assert run(states(P={**PASS, "Assign": fits})).status == "SUCCEEDED"
    assert run(states(P={**PASS, "Assign": too_long})).error == "States.DataLimitExceeded"


@pytest.mark.parametrize(("given", "following", "assigned"), [(1, "Yes", "matched"), (2, "No", "default")])
def test_a_choice_assigns_by_its_rule(given: int, following: str, assigned: str) -> None:
    """assign/test_assign_base test_assign_in_choice, 2024-12-27."""
    choice = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input = 1 %}", "Assign": {"which": "matched"}, "Next": "Yes"}],
        "Assign": {"which": "default"},
        "Default": "No",
    }
    final = {**PASS, "Output": "{% $which %}"}
    execution = run({**JSONATA, **states(C=choice, Yes=final, No=final)}, given)
    assert details(execution, 4)["name"] == following
    assert json.loads(execution.output) == assigned


def test_jsonata_sees_input_result_and_error() -> None:
    """outputdecl/test_output, 2024-11; states_variables/test_error_output, 2024-11-12."""
    task = {
        **TASK,
        "Arguments": {"n": "{% $states.input.n + 1 %}"},
        "Output": "{% [$states.input.n, $states.result.n] %}",
        "Catch": [{"ErrorEquals": ["Oops"], "Output": "{% $states.errorOutput.Error %}", "Next": "P"}],
    }
    definition = {**JSONATA, **states(T=task, P=PASS)}
    assert output(definition, {"n": 1}) == [1, 2]
    assert output(definition, {"n": 1}, work=failing(StateError("Oops", ""))) == "Oops"


def test_a_jsonpath_that_leads_nowhere_ends_the_execution() -> None:
    """scenarios/test_base_scenarios test_invalid_jsonpath, 2025-01-02."""
    execution = run(states(P={**PASS, "InputPath": "$.NoSuchInputPath"}))
    assert events(execution)[1:] == ["2<0 PassStateEntered", "3<2 ExecutionFailed"]
    assert execution.error == "States.Runtime"
    assert execution.cause == (
        "An error occurred while executing the state 'P' (entered at the event id #2). Invalid path "
        "'$.NoSuchInputPath' : No results for path: $['NoSuchInputPath']"
    )


def test_a_jsonata_expression_that_fails_has_an_event() -> None:
    """assign/test_assign_reference_variables test_undefined_reference, 2024-11-21.

    The event follows the one before the state was entered.
    """
    bad = {**PASS, "Output": {"result": "{% $doesNotExist %}"}}
    execution = run({**JSONATA, **states(P={"Type": "Pass", "Next": "Q"}, Q=bad)})
    assert events(execution)[3:] == ["4<3 PassStateEntered", "5<3 EvaluationFailed", "6<5 ExecutionFailed"]
    cause = (
        "An error occurred while executing the state 'Q' (entered at the event id #4). The JSONata expression "
        "'$doesNotExist' specified for the field 'Output/result' returned nothing (undefined)."
    )
    error = "States.QueryEvaluationError"
    assert details(execution, 5) == {"error": error, "cause": cause, "location": "Output/result", "state": "Q"}
    assert (execution.error, execution.cause) == (error, cause)


def test_a_wait_state_that_fails_has_its_event_after_its_own() -> None:
    """scenarios/test_base_scenarios test_wait_timestamp_jsonata[NO_T], 2024-12-27."""
    wait = {"Type": "Wait", "Timestamp": "{% $states.input %}", "End": True}
    execution = run({**JSONATA, **states(W=wait)}, "2016-12-05 21:29:29Z")
    assert events(execution)[1:] == ["2<0 WaitStateEntered", "3<2 EvaluationFailed", "4<3 ExecutionFailed"]


def test_items_that_are_no_array() -> None:
    """scenarios/test_base_scenarios test_map_state_items_input_types[object], 2024-11-19: no location."""
    map_state = {"Type": "Map", "ItemProcessor": states(P=PASS), "End": True}
    execution = run({**JSONATA, **states(M=map_state)}, {"foo": "bar"})
    assert events(execution)[1:] == [
        "2<0 MapStateEntered",
        "3<0 EvaluationFailed",
        "4<3 MapStateFailed",
        "5<4 ExecutionFailed",
    ]
    assert details(execution, 3) == {
        "error": "States.QueryEvaluationError",
        "cause": "An error occurred while executing the state 'M' (entered at the event id #2). Map state input must "
        'be an array but was: {"foo":"bar"}',
        "state": "M",
    }


def test_waiting_until_a_moment() -> None:
    """base/test_wait test_wait_timestamppath, 2023-12-13; 24855 days are the longest wait."""
    wait = {"Type": "Wait", "TimestampPath": "$.at", "End": True}
    execution = run(states(W=wait), {"at": "2023-11-14T22:13:25Z"})
    assert execution.stopped - execution.started == 5
    early = run(states(W=wait), {"at": "2020-01-01T00:00:00+01:00"})
    assert early.stopped == early.started
    far = run(states(W=wait), {"at": "2092-01-01T00:00:00Z"})
    assert events(far)[2] == "3<2 ExecutionFailed"
    assert far.cause.endswith("(entered at the event id #2). Wait state delay is too long.")


def test_a_failed_state_may_take_its_words_from_the_input() -> None:
    """base/test_base test_state_fail_path and test_state_fail_intrinsic, 2024-02-07."""
    fail = {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "States.Format('Because of {}.', $.Cause)"}
    execution = run(states(F=fail), {"Error": "E", "Cause": "C"})
    assert (execution.error, execution.cause) == ("E", "Because of C.")
