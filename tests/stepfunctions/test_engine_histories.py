"""Histories: which events there are, their order, and which one each follows.

All facts are recorded on AWS: localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2. Each test names
the file below that directory and the date of the recording.
"""

from __future__ import annotations

import asyncio
import json

import pytest

from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.model import service_model
from tests.stepfunctions.engine_world import FUNCTION, ROLE, World, details, events, failing, run, states

PASS = {"Type": "Pass", "End": True}
PARAMETERS = {"FunctionName": "f", "Payload.$": "$"}
TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": PARAMETERS, "End": True}
INLINE = {"Mode": "INLINE"}
SOME = StateError("Oops", "It went wrong.")


def test_the_first_state_follows_no_event() -> None:
    """base/test_base test_state_pass_result, 2024-02-07."""
    execution = run(states(P={"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": True}))
    assert events(execution) == [
        "1<0 ExecutionStarted",
        "2<0 PassStateEntered",
        "3<2 PassStateExited",
        "4<3 ExecutionSucceeded",
    ]
    assert details(execution, 1) == {"input": "{}", "inputDetails": {"truncated": False}, "roleArn": ROLE}
    assert details(execution, 2) == {"name": "P", "input": "{}", "inputDetails": {"truncated": False}}
    output = '{"Arg1":"argument1"}'
    assert details(execution, 3) == {"name": "P", "output": output, "outputDetails": {"truncated": False}}
    assert details(execution, 4) == {"output": output, "outputDetails": {"truncated": False}}
    assert (execution.status, execution.output) == ("SUCCEEDED", output)


def test_only_the_first_event_has_the_input_as_it_was_given() -> None:
    """scenarios/test_base_scenarios test_map_state_label, 2024-07-20, and test_map_state_result_writer, 2024-08-19.

    Recordings until 2024-03 keep the spaces in the events of states, too.
    """
    execution = run(states(P=PASS), text='["Hello", "World"]')
    assert execution.input == details(execution, 1)["input"] == '["Hello", "World"]'
    assert details(execution, 2)["input"] == '["Hello","World"]'
    assert execution.output == '["Hello","World"]'


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ({"Error": "SomeFailure", "Cause": "Because."}, {"error": "SomeFailure", "cause": "Because."}),
        ({}, {}),
        ({"Error": "FailureType"}, {"error": "FailureType"}),
    ],
)
def test_a_fail_state_is_not_exited(texts: dict, shown: dict) -> None:
    """base/test_base test_state_fail and test_state_fail_empty, 2024-03-06."""
    execution = run(states(F={"Type": "Fail", **texts}))
    assert events(execution) == ["1<0 ExecutionStarted", "2<0 FailStateEntered", "3<2 ExecutionFailed"]
    assert details(execution, 3) == shown
    assert (execution.status, execution.error, execution.cause) == ("FAILED", shown.get("error"), shown.get("cause"))


def test_succeed_and_wait_are_exited() -> None:
    """base/test_wait test_base_wait_seconds_path, 2024-03; scenarios test_map_state_legacy_config_inline, 2024-02."""
    execution = run(states(W={"Type": "Wait", "Seconds": 3, "Next": "S"}, S={"Type": "Succeed"}))
    assert events(execution)[1:] == [
        "2<0 WaitStateEntered",
        "3<2 WaitStateExited",
        "4<3 SucceedStateEntered",
        "5<4 SucceedStateExited",
        "6<5 ExecutionSucceeded",
    ]
    entered, exited = (event["timestamp"] for event in execution.history.shape()[1:3])
    assert exited - entered == 3


def test_attempts_follow_one_another() -> None:
    """scenarios/test_base_scenarios test_retry_interval_features, 2024-02-23."""
    task = {**TASK, "Retry": [{"ErrorEquals": ["Oops"], "MaxAttempts": 1}]}
    execution = run(states(T=task), work=failing(SOME, SOME))
    assert events(execution)[1:] == [
        "2<0 TaskStateEntered",
        "3<2 TaskScheduled",
        "4<3 TaskStarted",
        "5<4 TaskFailed",
        "6<5 TaskScheduled",
        "7<6 TaskStarted",
        "8<7 TaskFailed",
        "9<8 ExecutionFailed",
    ]
    assert details(execution, 9) == {"error": "Oops", "cause": "It went wrong."}


def test_parameters_and_results_are_shown_as_text() -> None:
    """error_handling/test_task_service_lambda, 2024; members as in the service model."""
    execution = run(states(T=TASK), {"a": [1, 2]})
    names = {"resourceType": "lambda", "resource": "invoke"}
    given = '{"FunctionName":"f","Payload":{"a":[1,2]}}'
    assert details(execution, 3) == {**names, "region": "us-east-1", "parameters": given}
    assert details(execution, 5) == {**names, "output": given, "outputDetails": {"truncated": False}}


def test_a_caught_error_is_the_output() -> None:
    """error_handling/test_states_errors, 2024-03-21; an error without name and cause: callback/test_callback
    test_sqs_failure_in_wait_for_task_tok_no_error_field, 2024-04-29."""
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "P"}]
    execution = run(states(T={**TASK, "Catch": catch}, P=PASS), work=failing(SOME))
    assert events(execution)[4:] == [
        "5<4 TaskFailed",
        "6<5 TaskStateExited",
        "7<6 PassStateEntered",
        "8<7 PassStateExited",
        "9<8 ExecutionSucceeded",
    ]
    assert json.loads(execution.output) == {"Error": "Oops", "Cause": "It went wrong."}
    nameless = run(states(T={**TASK, "Catch": catch}, P=PASS), work=failing(StateError(None, None)))
    assert json.loads(nameless.output) == {"Error": None, "Cause": None}


def test_a_runtime_error_is_never_caught() -> None:
    """scenarios/test_base_scenarios test_catch_states_runtime, 2023-11-23: the Catch names States.Runtime."""
    catch = [{"ErrorEquals": ["States.Runtime"], "Next": "P"}]
    execution = run(states(T={**TASK, "Catch": catch}, P=PASS), work=failing(StateError("States.Runtime", "No.")))
    assert events(execution)[-1] == "6<5 ExecutionFailed"


def test_a_result_that_is_too_long() -> None:
    """error_handling/test_states_errors test_start_large_input, 2024-03-21: the state is not exited."""
    execution = run(states(P={"Type": "Pass", "Result": "ü" * 140_000, "End": True}))
    assert events(execution)[1:] == ["2<0 PassStateEntered", "3<2 ExecutionFailed"]
    assert details(execution, 3) == {
        "error": "States.DataLimitExceeded",
        "cause": "The state/task 'P' returned a result with a size exceeding the maximum number of bytes "
        "service limit.",
    }


def test_a_parallel_state() -> None:
    """scenarios/test_base_scenarios test_parallel_state, 2024-09-12: Exited follows the branches' last event."""
    execution = run(states(S={"Type": "Parallel", "Branches": [states(A=PASS), states(B=PASS)], "End": True}), {"x": 1})
    assert events(execution)[1:] == [
        "2<0 ParallelStateEntered",
        "3<2 ParallelStateStarted",
        "4<3 PassStateEntered",
        "5<4 PassStateExited",
        "6<3 PassStateEntered",
        "7<6 PassStateExited",
        "8<7 ParallelStateSucceeded",
        "9<7 ParallelStateExited",
        "10<9 ExecutionSucceeded",
    ]
    assert json.loads(execution.output) == [{"x": 1}, {"x": 1}]


FAIL_BRANCH = {"Type": "Parallel", "Branches": [states(F={"Type": "Fail", "Error": "E", "Cause": "C"})], "End": True}


def test_a_parallel_state_that_fails() -> None:
    """scenarios/test_base_scenarios test_parallel_state_fail, 2023-12-16."""
    assert events(run(states(S=FAIL_BRANCH)))[2:] == [
        "3<2 ParallelStateStarted",
        "4<3 FailStateEntered",
        "5<4 ParallelStateFailed",
        "6<5 ExecutionFailed",
    ]


def test_a_parallel_state_that_is_retried_and_caught() -> None:
    """scenarios/test_base_scenarios test_parallel_state_retry and test_parallel_state_catch, 2023-12-16."""
    retry = [{"ErrorEquals": ["E"], "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["E"], "Next": "P"}]
    execution = run(states(S={**FAIL_BRANCH, "Retry": retry, "Catch": catch}, P=PASS))
    assert events(execution)[2:] == [
        "3<2 ParallelStateStarted",
        "4<3 FailStateEntered",
        "5<4 ParallelStateStarted",
        "6<5 FailStateEntered",
        "7<6 ParallelStateFailed",
        "8<7 ParallelStateExited",
        "9<8 PassStateEntered",
        "10<9 PassStateExited",
        "11<10 ExecutionSucceeded",
    ]


def test_a_task_that_fails_in_a_branch_is_aborted() -> None:
    """callback/test_callback test_sqs_failure_in_wait_for_task_tok_no_error_field[parallel], 2024-04-29."""
    execution = run(states(S={"Type": "Parallel", "Branches": [states(T=TASK)], "End": True}), work=failing(SOME))
    assert events(execution)[6:] == [
        "7<6 TaskFailed",
        "8<7 TaskStateAborted",
        "9<7 ParallelStateFailed",
        "10<9 ExecutionFailed",
    ]


def mapping(processor: dict, **members: object) -> dict:
    return {"Type": "Map", "ItemProcessor": {"ProcessorConfig": INLINE, **processor}, "End": True, **members}


def test_iterations_one_after_another() -> None:
    """scenarios/test_base_scenarios test_map_state_legacy_config_inline, 2024-02-08.

    An iteration follows the last event within the one before it; the state's end follows MapIterationSucceeded.
    """
    execution = run(states(M=mapping(states(P=PASS), MaxConcurrency=1)), ["Hello", {"a": 1}])
    assert events(execution)[1:] == [
        "2<0 MapStateEntered",
        "3<2 MapStateStarted",
        "4<3 MapIterationStarted",
        "5<4 PassStateEntered",
        "6<5 PassStateExited",
        "7<6 MapIterationSucceeded",
        "8<6 MapIterationStarted",
        "9<8 PassStateEntered",
        "10<9 PassStateExited",
        "11<10 MapIterationSucceeded",
        "12<11 MapStateSucceeded",
        "13<11 MapStateExited",
        "14<13 ExecutionSucceeded",
    ]
    assert details(execution, 3) == {"length": 2}
    assert [details(execution, event_id) for event_id in (4, 7, 8)] == [
        {"name": "M", "index": 0},
        {"name": "M", "index": 0},
        {"name": "M", "index": 1},
    ]
    assert details(execution, 5)["input"] == '"Hello"'
    assert execution.output == '["Hello",{"a":1}]'


def test_no_iteration() -> None:
    """scenarios/test_base_scenarios test_map_state_items_input_array[empty], 2024-11-19."""
    execution = run(states(M=mapping(states(P=PASS))), [])
    assert events(execution)[1:] == [
        "2<0 MapStateEntered",
        "3<2 MapStateStarted",
        "4<3 MapStateSucceeded",
        "5<3 MapStateExited",
        "6<5 ExecutionSucceeded",
    ]


def test_an_iteration_that_fails() -> None:
    """scenarios/test_base_scenarios test_map_state_retry and test_map_state_catch, 2023-07-18."""
    fail = states(F={"Type": "Fail", "Error": "E", "Cause": "C"})
    retry, catch = [{"ErrorEquals": ["E"], "MaxAttempts": 1}], [{"ErrorEquals": ["E"], "Next": "P"}]
    execution = run(states(M=mapping(fail, Retry=retry, Catch=catch), P=PASS), [1])
    assert events(execution)[2:] == [
        "3<2 MapStateStarted",
        "4<3 MapIterationStarted",
        "5<4 FailStateEntered",
        "6<5 MapIterationFailed",
        "7<5 MapStateStarted",
        "8<7 MapIterationStarted",
        "9<8 FailStateEntered",
        "10<9 MapIterationFailed",
        "11<9 MapStateFailed",
        "12<11 MapStateExited",
        "13<12 PassStateEntered",
        "14<13 PassStateExited",
        "15<14 ExecutionSucceeded",
    ]


def test_iterations_that_time_out_together() -> None:
    """timeouts/test_timeouts test_service_lambda_map_timeout, 2024-03-10.

    All iterations start before the first state of any; the first that fails ends the others.
    """
    world = World()

    async def late(call) -> None:
        await call.clock.sleep(5)
        raise StateError("States.Timeout")

    world.tasks._work = late
    execution = asyncio.run(world.run(states(M=mapping(states(T=TASK))), [1, 2, 3]))
    assert events(execution)[2:] == [
        "3<2 MapStateStarted",
        "4<3 MapIterationStarted",
        "5<3 MapIterationStarted",
        "6<3 MapIterationStarted",
        "7<4 TaskStateEntered",
        "8<7 TaskScheduled",
        "9<8 TaskStarted",
        "10<5 TaskStateEntered",
        "11<10 TaskScheduled",
        "12<11 TaskStarted",
        "13<6 TaskStateEntered",
        "14<13 TaskScheduled",
        "15<14 TaskStarted",
        "16<9 TaskTimedOut",
        "17<12 TaskTimedOut",
        "18<15 TaskTimedOut",
        "19<16 MapIterationFailed",
        "20<16 TaskStateAborted",
        "21<16 MapIterationAborted",
        "22<16 TaskStateAborted",
        "23<16 MapIterationAborted",
        "24<16 TaskStateAborted",
        "25<16 MapStateFailed",
        "26<25 ExecutionFailed",
    ]


def test_forty_iterations_run_at_the_same_time() -> None:
    """AWS's developer guide, "Using Map state in Inline mode", on arrays of more than 40 items; seen 2026-11."""
    execution = run(states(M=mapping(states(W={"Type": "Wait", "Seconds": 1, "End": True}))), list(range(41)))
    assert execution.stopped - execution.started == 2
    begun = [event["id"] for event in execution.history.shape() if event["type"] == "MapIterationStarted"]
    assert begun[:40] == list(range(4, 44))


def test_a_stopped_execution() -> None:
    """test_sfn_api test_stop_execution, 2024-05-06: ExecutionAborted follows no event, and has empty details."""

    async def scenario() -> None:
        world = World()
        execution = world.start(states(W={"Type": "Wait", "Seconds": 10, "End": True}))
        await world.clock.advance(1)
        execution.stop()
        await execution.ended()
        assert events(execution) == ["1<0 ExecutionStarted", "2<0 WaitStateEntered", "3<0 ExecutionAborted"]
        assert details(execution, 3) == {}
        execution.stop("Late", "Too late.")
        await world.clock.advance(20)
        assert (execution.status, execution.error, len(execution.history)) == ("ABORTED", None, 3)
        assert execution.stopped - execution.started == 1

    asyncio.run(scenario())


def test_an_execution_that_takes_too_long() -> None:
    """timeouts/test_timeouts test_global_timeout, 2024-03-10: it has neither error nor cause."""
    definition = {**states(W={"Type": "Wait", "Seconds": 60, "End": True}), "TimeoutSeconds": 5}
    execution = run(definition)
    assert events(execution)[-1] == "3<0 ExecutionTimedOut"
    assert (execution.status, execution.error, execution.cause) == ("TIMED_OUT", None, None)
    assert execution.stopped - execution.started == 5


def test_events_are_given_by_page_and_newest_first() -> None:
    """GetExecutionHistory's reverseOrder, maxResults and includeExecutionData (service model)."""
    history = run(states(T={"Type": "Task", "Resource": FUNCTION, "End": True}), {"a": 1}).history
    assert [event["id"] for event in history.shape(1, 2)] == [2, 3]
    assert [event["id"] for event in history.shape(1, 2, reverse=True)] == [6, 5]
    bare = history.shape(include_data=False)
    assert bare[0]["executionStartedEventDetails"] == {"roleArn": ROLE}
    assert bare[2]["taskScheduledEventDetails"] == {
        "resourceType": "lambda",
        "resource": "invoke",
        "region": "us-east-1",
    }


BAD = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $nothing %}", "End": True}
CAUGHT = [{"ErrorEquals": ["States.ALL"], "Next": "P"}]


@pytest.mark.parametrize(
    ("definition", "given"),
    [
        (states(P={**PASS, "Assign": {"x": 1}}), {}),
        (states(T={**TASK, "Catch": CAUGHT}, P=PASS), {}),
        (states(M=mapping(states(T=TASK), Catch=CAUGHT), P=PASS), [1, 2]),
        (states(B=BAD), {}),
        (states(F={"Type": "Fail", "Error": "E", "Cause": "C"}), {}),
        (
            states(
                M={
                    **mapping(states(P=PASS)),
                    "ItemProcessor": {
                        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                        **states(P=PASS),
                    },
                }
            ),
            [1],
        ),
    ],
)
def test_events_have_the_members_of_the_service_model(definition: dict, given: object) -> None:
    events_ = run(definition, given, work=failing(SOME)).history.shape()
    assert service_model().operation("GetExecutionHistory").faults({"events": events_}) == []
