"""Executions. What is recorded on AWS is in localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions.

Each test names the recorded test and its date.
"""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import ACCOUNT, FAIL, NOON, PASS, REGION, ROLE, WAIT

EXECUTION = f"arn:aws:states:{REGION}:{ACCOUNT}:execution"
DAY = 86_400


class TestStart:
    def test_described(self, world):
        # v2/test_sfn_api.py test_describe_execution, 21-08-2024; ..._arn_containing_punctuation, 11-06-2024
        arn = world.create(PASS, name="state.machine_1")
        started = world.call("StartExecution", stateMachineArn=arn, name="state.machine.execution_1")
        execution = f"{EXECUTION}:state.machine_1:state.machine.execution_1"
        assert started == {"executionArn": execution, "startDate": NOON}
        world.settle()
        described = world.describe(execution)
        assert json.loads(described.pop("output")) == {"Arg1": "argument1"}
        assert described == {
            "executionArn": execution,
            "input": "{}",
            "inputDetails": {"included": True},
            "name": "state.machine.execution_1",
            "outputDetails": {"included": True},
            "redriveCount": 0,
            "redriveStatus": "NOT_REDRIVABLE",
            "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            "startDate": NOON,
            "stateMachineArn": arn,
            "status": "SUCCEEDED",
            "stopDate": NOON,
        }

    def test_dates_are_whole_milliseconds(self, world):
        # v2/base/test_base.py test_execution_dateformat: what $$.Execution.StartTime says is the startDate.
        world.advance(0.5678)
        state = {"Type": "Pass", "Parameters": {"at.$": "$$.Execution.StartTime"}, "End": True}
        execution = world.start(world.create({"StartAt": "A", "States": {"A": state}}))
        described = world.describe(execution)
        assert (described["startDate"], described["stopDate"]) == (NOON + 0.567, NOON + 0.567)
        assert json.loads(described["output"]) == {"at": "2023-11-15T12:00:00.567Z"}
        assert world.history(execution)[0]["timestamp"] == NOON + 0.567

    def test_a_failed_one_described(self, world):
        # v2/base/test_base.py test_state_fail, 06-03-2024
        described = world.run(FAIL)
        assert (described["error"], described["cause"]) == ("SomeFailure", "a cause")
        assert (described["status"], described["redriveStatus"]) == ("FAILED", "REDRIVABLE")
        assert not {"output", "outputDetails", "redriveStatusReason"} & set(described)

    def test_a_running_one_described(self, world):
        described = world.run(WAIT)
        assert (described["status"], described["redriveStatus"]) == ("RUNNING", "NOT_REDRIVABLE")
        assert described["redriveStatusReason"] == "Execution is RUNNING and cannot be redriven"
        assert not {"output", "outputDetails", "stopDate", "error", "cause"} & set(described)

    def test_without_the_data(self, world):
        arn = world.start(world.create(FAIL))
        described = world.call("DescribeExecution", executionArn=arn, includedData="METADATA_ONLY")
        assert described["inputDetails"] == {"included": False}
        assert not {"input", "output", "error", "cause"} & set(described)

    def test_a_name_is_made(self, world):
        arn = world.create(PASS)
        names = {world.describe(world.start(arn))["name"] for _ in range(3)}
        assert len(names) == 3
        assert {len(name) for name in names} == {36}

    @pytest.mark.parametrize("text", ["2", '"some text"', "null", '{"a" : [1,  2]}', "[" * 900 + "]" * 900])
    def test_inputs(self, world, text):
        # v2/test_sfn_api.py test_invalid_start_execution_input, 22-06-2023
        started = world.call("StartExecution", stateMachineArn=world.create(PASS), input=text)
        world.settle()
        described = world.describe(started["executionArn"])
        assert (described["input"], described["status"]) == (text, "SUCCEEDED")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "not some json",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' "
                "or 'false')",
            ),
            (
                "{'not': 'json'",
                "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            ),
            ("", "Invalid execution input."),
        ],
    )
    def test_wrong_inputs(self, world, text, said):
        # v2/test_sfn_api.py test_invalid_start_execution_input, 22-06-2023
        arn = world.create(PASS)
        assert world.refused("StartExecution", stateMachineArn=arn, input=text) == (
            "InvalidExecutionInput",
            f"Invalid State Machine Execution Input: '{said}'",
        )
        assert world.call("ListExecutions", stateMachineArn=arn) == {"executions": []}

    def test_the_input_is_limited_in_bytes(self, world):
        arn = world.create(PASS)
        for text in ('"' + "a" * 262_143 + '"', '"' + "é" * 131_072 + '"'):
            assert world.refused("StartExecution", stateMachineArn=arn, input=text) == (
                "ValidationException",
                "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                "Member must have size less than or equal to 262144 bytes in UTF-8 encoding",
            )
        world.call("StartExecution", stateMachineArn=arn, input='"' + "a" * 262_142 + '"')

    @pytest.mark.parametrize("name", ["a b", "a/b", "a\nb"])
    def test_wrong_names(self, world, name):
        refused = world.refused("StartExecution", stateMachineArn=world.create(PASS), name=name)
        assert refused == ("InvalidName", f"Invalid Name: '{name}'")

    def test_an_unknown_state_machine_comes_before_a_wrong_name_and_input(self, world):
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
        refused = world.refused("StartExecution", stateMachineArn=arn, name="a b", input="{")
        assert refused[0] == "StateMachineDoesNotExist"

    def test_the_trace_header_is_kept(self, world):
        execution = world.start(world.create(PASS), traceHeader="Root=1")
        assert world.describe(execution)["traceHeader"] == "Root=1"


class TestOneName:
    def test_the_same_once_more(self, world):
        # v2/test_sfn_api.py test_start_execution_idempotent, 21-08-2024
        request = {"stateMachineArn": world.create(WAIT), "name": "n", "input": '{"a":1}'}
        first = world.call("StartExecution", **request)
        world.advance(1)
        assert world.call("StartExecution", **request) == first
        exists = ("ExecutionAlreadyExists", f"Execution Already Exists: '{first['executionArn']}'")
        assert world.refused("StartExecution", **{**request, "input": "{}"}) == exists
        world.call("StopExecution", executionArn=first["executionArn"])
        assert world.refused("StartExecution", **request) == exists

    def test_a_name_is_free_after_90_days(self, world):
        # "You can reuse the name 90 days after it closes" (StartExecution, API reference)
        request = {"stateMachineArn": world.create(PASS), "name": "n"}
        execution = world.call("StartExecution", **request)["executionArn"]
        world.advance(90 * DAY)
        assert world.refused("StartExecution", **request)[0] == "ExecutionAlreadyExists"
        world.advance(1)
        world.call("StartExecution", **request)
        assert world.describe(execution)["startDate"] == NOON + 90 * DAY + 1
        assert len(world.call("ListExecutions", stateMachineArn=request["stateMachineArn"])["executions"]) == 1


class TestStop:
    def test_history(self, world):
        # v2/test_sfn_api.py test_stop_execution, 06-05-2024
        execution = world.start(world.create(WAIT))
        world.advance(7)
        assert world.call("StopExecution", executionArn=execution) == {"stopDate": NOON + 7}
        described = world.describe(execution)
        assert (described["status"], described["stopDate"]) == ("ABORTED", NOON + 7)
        last = world.history(execution)[-1]
        assert (last["type"], last["id"], last["executionAbortedEventDetails"]) == ("ExecutionAborted", 3, {})

    def test_error_and_cause(self, world):
        execution = world.start(world.create(WAIT))
        world.call("StopExecution", executionArn=execution, error="Mine", cause="because")
        described = world.describe(execution)
        assert (described["error"], described["cause"]) == ("Mine", "because")

    def test_one_that_has_ended_stays_as_it_is(self, world):
        execution = world.start(world.create(PASS))
        world.advance(7)
        assert world.call("StopExecution", executionArn=execution) == {"stopDate": NOON}
        assert world.describe(execution)["status"] == "SUCCEEDED"


class TestArns:
    OPERATIONS = (
        "DescribeExecution",
        "GetExecutionHistory",
        "StopExecution",
        "DescribeStateMachineForExecution",
        "RedriveExecution",
        "ListMapRuns",
    )

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_no_arn(self, world, operation):
        # v2/test_sfn_api.py test_describe_execution_invalid_arn, test_get_execution_history_invalid_arn, 08-03-2024
        expected = ("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: invalid_state_machine_arn'")
        assert world.refused(operation, executionArn="invalid_state_machine_arn") == expected

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_an_unknown_one(self, world, operation):
        # v2/test_sfn_api.py test_describe_execution_no_such_state_machine,
        # test_get_execution_history_no_such_execution, 08-03-2024
        execution = world.start(world.create(PASS))[:-4] + "0000"
        expected = ("ExecutionDoesNotExist", f"Execution Does Not Exist: '{execution}'")
        assert world.refused(operation, executionArn=execution) == expected

    @pytest.mark.parametrize("operation", OPERATIONS[:3])
    def test_an_express_one(self, world, operation):
        # v2/test_sfn_api_express.py test_start_async_describe_history_execution, 03-07-2024
        execution = world.start(world.create(PASS, type="EXPRESS"))
        assert execution.split(":")[5] == "express"
        expected = ("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")
        assert world.refused(operation, executionArn=execution) == expected


class TestHistory:
    def test_both_orders(self, world):
        # v2/test_sfn_api.py test_get_execution_history_reversed, 28-01-2024
        execution = world.start(world.create(PASS))
        events = world.history(execution)
        assert [(event["id"], event["previousEventId"], event["type"]) for event in events] == [
            (1, 0, "ExecutionStarted"),
            (2, 0, "PassStateEntered"),
            (3, 2, "PassStateExited"),
            (4, 3, "ExecutionSucceeded"),
        ]
        assert events[0] == {
            "executionStartedEventDetails": {"input": "{}", "inputDetails": {"truncated": False}, "roleArn": ROLE},
            "id": 1,
            "previousEventId": 0,
            "timestamp": NOON,
            "type": "ExecutionStarted",
        }
        assert world.history(execution, reverseOrder=True) == events[::-1]

    @pytest.mark.parametrize("reverse", [False, True])
    def test_pages(self, world, reverse):
        execution = world.start(world.create(PASS))
        request = {"executionArn": execution, "reverseOrder": reverse, "maxResults": 3}
        first = world.call("GetExecutionHistory", **request)
        second = world.call("GetExecutionHistory", nextToken=first["nextToken"], **request)
        assert first["events"] + second["events"] == world.history(execution, reverseOrder=reverse)
        assert "nextToken" not in second
        other = {**request, "reverseOrder": not reverse}
        assert world.refused("GetExecutionHistory", nextToken=first["nextToken"], **other)[0] == "InvalidToken"

    def test_a_history_grows_between_pages(self, world):
        execution = world.start(world.create(WAIT))
        request = {"executionArn": execution, "reverseOrder": True, "maxResults": 1}
        first = world.call("GetExecutionHistory", **request)
        world.advance(60)
        second = world.call("GetExecutionHistory", nextToken=first["nextToken"], **request)
        assert [event["id"] for event in first["events"] + second["events"]] == [2, 1]

    def test_without_the_data(self, world):
        execution = world.start(world.create(PASS))
        started, entered, *_ = world.history(execution, includeExecutionData=False)
        assert "input" not in started["executionStartedEventDetails"]
        assert "input" not in entered["stateEnteredEventDetails"]


class TestList:
    def test_the_latest_first(self, world):
        # v2/test_sfn_api.py test_list_executions_pagination, 01-07-2024
        arn = world.create(PASS)
        started = [world.start(arn) for _ in range(13)]
        first = world.call("ListExecutions", stateMachineArn=arn, maxResults=10)
        second = world.call("ListExecutions", stateMachineArn=arn, maxResults=3, nextToken=first["nextToken"])
        listed = first["executions"] + second["executions"]
        assert [execution["executionArn"] for execution in listed] == started[::-1]
        assert listed[0] == {
            "executionArn": started[-1],
            "name": started[-1].rpartition(":")[2],
            "redriveCount": 0,
            "startDate": NOON,
            "stateMachineArn": arn,
            "status": "SUCCEEDED",
            "stopDate": NOON,
        }
        assert "nextToken" not in second
        assert len(world.call("ListExecutions", stateMachineArn=arn, maxResults=0)["executions"]) == 13

    def test_a_long_token(self, world):
        # v2/test_sfn_api.py test_list_executions_pagination, 01-07-2024
        token = "x" * 3097
        assert world.refused("ListExecutions", stateMachineArn=world.create(PASS), nextToken=token) == (
            "ValidationException",
            f"1 validation error detected: Value '{token}' at 'nextToken' failed to satisfy constraint: "
            "Member must have length less than or equal to 3096",
        )

    def test_a_token_expires(self, world):
        # "Each pagination token expires after 24 hours" (ListExecutions, API reference)
        arn = world.create(PASS)
        for _ in range(2):
            world.start(arn)
        token = world.call("ListExecutions", stateMachineArn=arn, maxResults=1)["nextToken"]
        world.advance(DAY)
        world.call("ListExecutions", stateMachineArn=arn, nextToken=token)
        world.advance(1)
        expected = ("InvalidToken", "Invalid Token: 'Invalid token'")
        assert world.refused("ListExecutions", stateMachineArn=arn, nextToken=token) == expected

    def test_executions_that_start_between_two_pages_are_on_neither(self, world):
        arn = world.create(PASS)
        started = [world.start(arn) for _ in range(2)]
        first = world.call("ListExecutions", stateMachineArn=arn, maxResults=1)
        world.advance(1)
        world.start(arn)
        second = world.call("ListExecutions", stateMachineArn=arn, nextToken=first["nextToken"])
        listed = first["executions"] + second["executions"]
        assert [execution["executionArn"] for execution in listed] == started[::-1]

    def test_running_ones_are_sorted_by_their_start_others_by_their_end(self, world):
        # ListExecutions, API reference
        arn = world.create(WAIT)

        def start(seconds: int) -> str:
            definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}}
            world.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(definition))
            return world.start(arn)

        long = start(10)
        world.advance(1)
        running = start(100)
        world.advance(1)
        short = start(1)
        world.advance(20)
        listed = world.call("ListExecutions", stateMachineArn=arn)["executions"]
        assert [execution["executionArn"] for execution in listed] == [long, short, running]

    def test_by_status(self, world):
        # v2/test_sfn_api.py test_state_machine_status_filter, 14-03-2024
        arn = world.create(PASS)
        assert world.call("ListExecutions", stateMachineArn=arn, statusFilter="SUCCEEDED") == {"executions": []}
        execution = world.start(arn)
        listed = world.call("ListExecutions", stateMachineArn=arn, statusFilter="SUCCEEDED")["executions"]
        assert [one["executionArn"] for one in listed] == [execution]
        assert world.call("ListExecutions", stateMachineArn=arn, statusFilter="RUNNING") == {"executions": []}
        assert world.refused("ListExecutions", stateMachineArn=arn, statusFilter="succeeded") == (
            "ValidationException",
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member "
            "must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        )

    def test_of_express(self, world):
        # v2/test_sfn_api_express.py test_start_async_describe_history_execution, 03-07-2024
        assert world.refused("ListExecutions", stateMachineArn=world.create(PASS, type="EXPRESS")) == (
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
        )

    def test_of_one_thing(self, world):
        arn = world.create(PASS)
        map_run = f"arn:aws:states:{REGION}:{ACCOUNT}:mapRun:machine1/label:id"
        assert world.refused("ListExecutions")[0] == "ValidationException"
        assert world.refused("ListExecutions", stateMachineArn=arn, mapRunArn=map_run)[0] == "ValidationException"
        refused = world.refused("ListExecutions", stateMachineArn=arn, statusFilter="PENDING_REDRIVE")
        assert refused[0] == "ValidationException"
        expected = ("ResourceNotFound", f"Resource not found: '{map_run}'")
        assert world.refused("ListExecutions", mapRunArn=map_run) == expected


class TestSync:
    def test_succeeded(self, world):
        # v2/test_sfn_api_express.py test_start_sync_execution, 26-06-2024
        arn = world.create(PASS, name="m", type="EXPRESS")
        answer = world.call("StartSyncExecution", stateMachineArn=arn, name="n")
        assert answer.pop("executionArn").startswith(f"arn:aws:states:{REGION}:{ACCOUNT}:express:m:n:")
        assert json.loads(answer.pop("output")) == {"Arg1": "argument1"}
        assert answer == {
            "billingDetails": {"billedDurationInMilliseconds": 100, "billedMemoryUsedInMB": 64},
            "input": "{}",
            "inputDetails": {"included": True},
            "name": "n",
            "outputDetails": {"included": True},
            "startDate": NOON,
            "stateMachineArn": arn,
            "status": "SUCCEEDED",
            "stopDate": NOON,
        }

    def test_failed(self, world):
        # v2/express/test_express_sync.py test_base[BASE_RAISE_FAILURE], 26-06-2024
        answer = world.call("StartSyncExecution", stateMachineArn=world.create(FAIL, type="EXPRESS"))
        assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "SomeFailure", "a cause")
        assert answer["outputDetails"] == {"included": True}
        assert "output" not in answer

    def test_of_standard(self, world):
        # v2/test_sfn_api.py test_start_sync_execution, 03-07-2024
        assert world.refused("StartSyncExecution", stateMachineArn=world.create(PASS), input="{}") == (
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
        )

    def test_billed_time(self, world):
        # v2/express/test_express_sync.py: 300 and 7600 are billed, 15-07-2024
        arn = world.create(
            {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "End": True}}}, type="EXPRESS"
        )
        running = world.begin("StartSyncExecution", stateMachineArn=arn)
        assert not running.done()
        world.advance(2)
        assert running.result()["billingDetails"]["billedDurationInMilliseconds"] == 2000

    def test_express_executions_may_have_one_name(self, world):
        # "StartExecution isn't idempotent for EXPRESS workflows" (API reference)
        arn = world.create(PASS, type="EXPRESS")
        first, second = (world.call("StartExecution", stateMachineArn=arn, name="n")["executionArn"] for _ in range(2))
        assert first != second


class TestRedrive:
    def test_redriven(self, world):
        execution = world.start(world.create(FAIL))
        world.advance(5)
        assert world.call("RedriveExecution", executionArn=execution) == {"redriveDate": NOON + 5}
        world.settle()
        described = world.describe(execution)
        assert (described["redriveCount"], described["redriveDate"]) == (1, NOON + 5)

    def test_the_same_client_token_once_more(self, world):
        # RedriveExecution, "clientToken" (API reference)
        execution = world.start(world.create(FAIL))
        request = {"executionArn": execution, "clientToken": "token"}
        first = world.call("RedriveExecution", **request)
        world.advance(15 * 60)
        assert world.call("RedriveExecution", **request) == first
        assert world.describe(execution)["redriveCount"] == 1
        world.advance(1)
        world.call("RedriveExecution", **request)
        assert world.describe(execution)["redriveCount"] == 2

    def test_by_redrives(self, world):
        arn = world.create(FAIL)
        plain, redriven = world.start(arn), world.start(arn)
        world.call("RedriveExecution", executionArn=redriven)
        world.settle()
        for wanted, execution in (("REDRIVEN", redriven), ("NOT_REDRIVEN", plain)):
            listed = world.call("ListExecutions", stateMachineArn=arn, redriveFilter=wanted)["executions"]
            assert [one["executionArn"] for one in listed] == [execution]

    def test_of_one_that_succeeded(self, world):
        execution = world.start(world.create(PASS))
        assert world.refused("RedriveExecution", executionArn=execution)[0] == "ExecutionNotRedrivable"
