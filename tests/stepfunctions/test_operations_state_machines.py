"""State machines. What is recorded on AWS is in localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions.

Each test names the recorded test and its date.
"""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import ACCOUNT, NOON, PASS, REGION, ROLE, WAIT

ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine"
DEFAULTS = {
    "loggingConfiguration": {"includeExecutionData": False, "level": "OFF"},
    "tracingConfiguration": {"enabled": False},
}


def without(answer: dict, *members: str) -> dict:
    return {name: value for name, value in answer.items() if name not in members}


class TestCreate:
    def test_created_and_described(self, world):
        # v2/test_sfn_api.py test_create_delete_valid_sm, 22-06-2023; test_create_exact_duplicate_sm, 22-06-2023
        text = json.dumps(PASS)
        created = world.call("CreateStateMachine", name="state.machine_1", definition=text, roleArn=ROLE)
        assert created == {"creationDate": NOON, "stateMachineArn": f"{ARN}:state.machine_1"}
        assert world.call("DescribeStateMachine", stateMachineArn=created["stateMachineArn"]) == {
            **DEFAULTS,
            "creationDate": NOON,
            "definition": text,
            "name": "state.machine_1",
            "roleArn": ROLE,
            "stateMachineArn": created["stateMachineArn"],
            "status": "ACTIVE",
            "type": "STANDARD",
        }
        assert world.call("DeleteStateMachine", stateMachineArn=created["stateMachineArn"]) == {}

    def test_express(self, world):
        # v2/test_sfn_api_express.py test_create_describe_delete, 26-06-2024
        arn = world.create(PASS, type="EXPRESS")
        described = world.call("DescribeStateMachine", stateMachineArn=arn)
        assert without(described, "definition") == {
            **DEFAULTS,
            "creationDate": NOON,
            "name": "machine1",
            "roleArn": ROLE,
            "stateMachineArn": arn,
            "status": "ACTIVE",
            "type": "EXPRESS",
        }

    def test_the_same_once_more(self, world):
        # v2/test_sfn_api.py test_create_exact_duplicate_sm, 22-06-2023. That the role and the tags may differ:
        # CreateStateMachine, API reference.
        first = world.call("CreateStateMachine", name="m", definition=json.dumps(PASS), roleArn=ROLE)
        world.advance(1)
        again = {
            "name": "m",
            "definition": json.dumps(PASS),
            "roleArn": f"{ROLE}2",
            "tags": [{"key": "a", "value": "b"}],
        }
        assert world.call("CreateStateMachine", **again) == first
        assert world.call("DescribeStateMachine", stateMachineArn=first["stateMachineArn"])["roleArn"] == ROLE
        assert world.call("ListTagsForResource", resourceArn=first["stateMachineArn"]) == {"tags": []}

    @pytest.mark.parametrize(
        "changes",
        [
            # v2/test_sfn_api.py test_create_duplicate_definition_format_sm, 22-06-2023
            {"definition": json.dumps(PASS, indent=4)},
            # test_create_duplicate_sm_name, 22-06-2023
            {"definition": json.dumps(WAIT)},
            # "CreateStateMachine's idempotency check is based on ..." (API reference)
            {"type": "EXPRESS"},
            {"tracingConfiguration": {"enabled": True}},
            {"publish": True},
            {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/key"}},
        ],
        ids=["format", "definition", "type", "tracing", "publish", "encryption"],
    )
    def test_another_of_the_same_name(self, world, changes):
        request = {"name": "m", "definition": json.dumps(PASS), "roleArn": ROLE}
        world.call("CreateStateMachine", **request)
        assert world.refused("CreateStateMachine", **{**request, **changes}) == (
            "StateMachineAlreadyExists",
            f"State Machine Already Exists: '{ARN}:m'",
        )

    def test_a_wrong_definition(self, world):
        # v2/test_sfn_api.py test_create_delete_invalid_sm, 04-08-2023
        assert world.refused("CreateStateMachine", name="m", definition='{"StartAt": "A"}', roleArn=ROLE) == (
            "InvalidDefinition",
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
        )
        assert world.call("ListStateMachines") == {"stateMachines": []}

    @pytest.mark.parametrize("name", ["a b", "a<b", "a:b", "a/b", "a\x00b", "a\x7fb", "a\ud800b"])
    def test_a_wrong_name(self, world, name):
        assert world.refused("CreateStateMachine", name=name, definition=json.dumps(PASS), roleArn=ROLE) == (
            "InvalidName",
            f"Invalid Name: '{name}'",
        )

    @pytest.mark.parametrize(
        "role", ["<execution-role-arn>", f"arn:aws:iam::{ACCOUNT}:policy/states", "arn:aws:iam::1:role/a"]
    )
    def test_a_wrong_role(self, world, role):
        # The words: aws/amazon-sagemaker-examples, issue 2432, 14-05-2021.
        expected = ("InvalidArn", f"Invalid Role Arn: '{role}'")
        assert world.refused("CreateStateMachine", name="m", definition=json.dumps(PASS), roleArn=role) == expected
        assert world.refused("UpdateStateMachine", stateMachineArn=world.create(PASS), roleArn=role) == expected

    def test_names_are_of_one_region_of_one_account(self, world):
        # An emulator's own state: nothing of another account or region is found.
        arn = world.create(PASS)
        for other in (arn.replace(REGION, "eu-west-1"), arn.replace(ACCOUNT, "222222222222")):
            assert world.refused("DescribeStateMachine", stateMachineArn=other) == (
                "StateMachineDoesNotExist",
                f"State Machine Does Not Exist: '{other}'",
            )

    def test_encryption_is_described_when_it_was_given(self, world):
        given = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/key", "kmsDataKeyReusePeriodSeconds": 60}
        arn = world.create(PASS, encryptionConfiguration=given)
        assert world.call("DescribeStateMachine", stateMachineArn=arn)["encryptionConfiguration"] == given
        refused = world.refused(
            "CreateStateMachine",
            name="n",
            definition=json.dumps(PASS),
            roleArn=ROLE,
            encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY"},
        )
        assert refused[0] == "InvalidEncryptionConfiguration"


class TestLogging:
    GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:group:*"

    def destinations(self, *arns: str) -> list[dict]:
        return [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}} for arn in arns]

    @pytest.mark.parametrize("level", ["ALL", "FATAL", "ERROR", "OFF"])
    @pytest.mark.parametrize("with_data", [False, True])
    def test_described(self, world, level, with_data):
        # v2/test_sfn_api_logs.py test_logging_configuration, 01-06-2024
        world.logs.groups[self.GROUP] = []
        given = {"level": level, "includeExecutionData": with_data, "destinations": self.destinations(self.GROUP)}
        arn = world.create(PASS, loggingConfiguration=given)
        assert world.call("DescribeStateMachine", stateMachineArn=arn)["loggingConfiguration"] == given

    def test_a_log_group_is_tried(self, world):
        # logs/test_logs.py test_log_group_with_multiple_runs, 10-06-2024: a stream beside that of executions
        world.logs.groups[self.GROUP] = []
        arn = world.create(PASS)
        given = {"level": "ERROR", "includeExecutionData": False, "destinations": self.destinations(self.GROUP)}
        world.call("UpdateStateMachine", stateMachineArn=arn, loggingConfiguration=given)
        assert [text[:31] for _, text in world.logs.groups[self.GROUP]] == ["Permissions are set correctly t"]

    @pytest.mark.parametrize(
        ("given", "described"),
        [
            ({}, {"includeExecutionData": False, "level": "OFF"}),
            ({"destinations": []}, {"includeExecutionData": False, "level": "OFF", "destinations": []}),
        ],
        ids=["nothing", "no destination"],
    )
    def test_incomplete(self, world, given, described):
        # v2/test_sfn_api_logs.py test_incomplete_logging_configuration, 01-06-2024
        arn = world.create(PASS, loggingConfiguration=given)
        assert world.call("DescribeStateMachine", stateMachineArn=arn)["loggingConfiguration"] == described

    def refused(self, world, **given) -> tuple[str, str]:
        definition = json.dumps(PASS)
        return world.refused(
            "CreateStateMachine", name="m", definition=definition, roleArn=ROLE, loggingConfiguration=given
        )

    @pytest.mark.parametrize("level", ["ALL", "FATAL", "ERROR"])
    def test_a_level_needs_a_destination(self, world, level):
        # v2/test_sfn_api_logs.py test_invalid_logging_configuration, 01-06-2024
        assert self.refused(world, level=level) == (
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
        )

    def test_two_destinations(self, world):
        # v2/test_sfn_api_logs.py test_multiple_destinations, 01-06-2024
        world.logs.groups[self.GROUP] = []
        assert self.refused(world, level="ALL", destinations=self.destinations(self.GROUP, self.GROUP)) == (
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
        )

    def test_a_missing_log_group(self, world):
        # v2/test_sfn_api_logs.py test_deleted_log_group, 01-06-2024
        assert self.refused(world, level="ALL", destinations=self.destinations(self.GROUP)) == (
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Log Destination not found.",
        )

    def test_updates(self, world):
        # v2/test_sfn_api_logs.py test_update_logging_configuration, 03-06-2024
        world.logs.groups[self.GROUP] = []
        given = {"level": "ALL", "includeExecutionData": True, "destinations": self.destinations(self.GROUP)}
        arn = world.create(PASS, loggingConfiguration=given)

        def update(**changes) -> dict:
            given.update(changes)
            world.call("UpdateStateMachine", stateMachineArn=arn, loggingConfiguration=dict(given))
            described = world.call("DescribeStateMachine", stateMachineArn=arn)
            assert described["loggingConfiguration"] == given
            return described

        first = update(level="FATAL")["revisionId"]
        assert update()["revisionId"] == first
        assert update(includeExecutionData=False)["revisionId"] != first
        refused = world.refused("UpdateStateMachine", stateMachineArn=arn, loggingConfiguration={"level": "ALL"})
        assert refused == (
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
        )


class TestUpdate:
    def test_a_definition_and_a_role(self, world):
        # v2/test_sfn_api.py test_create_update_state_machine_base_definition, ..._role_arn, ..._definition_and_role,
        # 08-08-2023
        arn = world.create(PASS)
        assert "revisionId" not in world.call("DescribeStateMachine", stateMachineArn=arn)
        world.advance(5)
        updated = world.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(WAIT))
        assert set(updated) == {"revisionId", "updateDate"}
        assert updated["updateDate"] == NOON + 5
        described = world.call("DescribeStateMachine", stateMachineArn=arn)
        assert described["revisionId"] == updated["revisionId"]
        assert (json.loads(described["definition"]), described["creationDate"]) == (WAIT, NOON)
        again = world.call("UpdateStateMachine", stateMachineArn=arn, roleArn=f"{ROLE}2")
        assert again["revisionId"] != updated["revisionId"]
        described = world.call("DescribeStateMachine", stateMachineArn=arn)
        assert (described["roleArn"], described["revisionId"]) == (f"{ROLE}2", again["revisionId"])

    def test_nothing_new(self, world):
        # v2/test_sfn_api.py test_create_update_state_machine_same_parameters, 08-08-2023
        arn = world.create(PASS)
        first = world.call("UpdateStateMachine", stateMachineArn=arn, roleArn=f"{ROLE}2")
        same = world.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(PASS), roleArn=f"{ROLE}2")
        assert same["revisionId"] == first["revisionId"]

    def test_no_changes_at_all(self, world):
        # v2/test_sfn_api.py test_create_update_state_machine_base_update_none, 08-08-2023
        assert world.refused("UpdateStateMachine", stateMachineArn=world.create(PASS)) == (
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration "
            "must be specified",
        )

    def test_a_version_is_not_updated(self, world):
        # v2/test_sfn_api_versioning.py test_update_state_machine, 11-08-2023
        version = world.call("PublishStateMachineVersion", stateMachineArn=world.create(PASS))["stateMachineVersionArn"]
        assert world.refused("UpdateStateMachine", stateMachineArn=version, definition=json.dumps(WAIT)) == (
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{version}'",
        )

    def test_a_wrong_definition_changes_nothing(self, world):
        arn = world.create(PASS)
        assert world.refused("UpdateStateMachine", stateMachineArn=arn, definition="{}")[0] == "InvalidDefinition"
        described = world.call("DescribeStateMachine", stateMachineArn=arn)
        assert (json.loads(described["definition"]), "revisionId" in described) == (PASS, False)


class TestDescribe:
    def test_an_unknown_one(self, world):
        # v2/test_sfn_api.py test_describe_nonexistent_sm, 26-10-2023
        for operation in ("DescribeStateMachine", "PublishStateMachineVersion", "ListExecutions", "StartExecution"):
            assert world.refused(operation, stateMachineArn=f"{ARN}:none") == (
                "StateMachineDoesNotExist",
                f"State Machine Does Not Exist: '{ARN}:none'",
            )

    def test_no_arn(self, world):
        # v2/test_sfn_api.py test_describe_invalid_arn_sm, test_list_execution_invalid_arn, 08-03-2024;
        # v2/test_sfn_api_versioning.py test_publish_state_machine_version_invalid_arn, 08-03-2024
        for operation in ("DescribeStateMachine", "PublishStateMachineVersion", "ListExecutions", "StartExecution"):
            assert world.refused(operation, stateMachineArn="not_a_valid_arn") == (
                "InvalidArn",
                "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
            )

    def test_without_the_data(self, world):
        described = world.call("DescribeStateMachine", stateMachineArn=world.create(PASS), includedData="METADATA_ONLY")
        assert described["definition"] == ""


class TestDelete:
    def test_one_that_is_gone(self, world):
        # v2/test_sfn_api.py test_delete_nonexistent_sm, 22-06-2023
        assert world.call("DeleteStateMachine", stateMachineArn=f"{ARN}:none") == {}

    def test_everything_of_it_is_deleted(self, world):
        # "This API action also deletes all versions and aliases associated with a state machine" (API reference).
        arn = world.create(WAIT, name="m", publish=True)
        world.call(
            "CreateStateMachineAlias",
            name="a",
            routingConfiguration=[{"stateMachineVersionArn": f"{arn}:1", "weight": 100}],
        )
        execution = world.start(arn)
        world.call("DeleteStateMachine", stateMachineArn=arn)
        world.create(PASS, name="m")
        assert world.refused("DescribeStateMachine", stateMachineArn=f"{arn}:1")[0] == "StateMachineDoesNotExist"
        assert world.refused("DescribeStateMachineAlias", stateMachineAliasArn=f"{arn}:a")[0] == "ResourceNotFound"
        assert world.refused("DescribeExecution", executionArn=execution)[0] == "ExecutionDoesNotExist"


class TestList:
    def test_by_name(self, world):
        # v2/test_sfn_api.py test_list_sms_pagination, 01-07-2024: ..._0_..., ..._10_..., ..., ..._1_..., ..._2_...
        for number in (2, 1, 10, 0):
            world.create(PASS, name=f"machine_{number}_x")
        listed = world.call("ListStateMachines")["stateMachines"]
        assert [machine["name"] for machine in listed] == ["machine_0_x", "machine_10_x", "machine_1_x", "machine_2_x"]
        assert listed[0] == {
            "stateMachineArn": f"{ARN}:machine_0_x",
            "name": "machine_0_x",
            "type": "STANDARD",
            "creationDate": NOON,
        }

    def test_pages(self, world):
        # v2/test_sfn_api.py test_list_sms_pagination, 01-07-2024
        names = [f"m{number:02}" for number in range(13)]
        for name in names:
            world.create(PASS, name=name)
        first = world.call("ListStateMachines", maxResults=10)
        second = world.call("ListStateMachines", maxResults=3, nextToken=first["nextToken"])
        assert [machine["name"] for machine in first["stateMachines"] + second["stateMachines"]] == names
        assert "nextToken" not in second
        everything = world.call("ListStateMachines", maxResults=0)
        assert (len(everything["stateMachines"]), "nextToken" in everything) == (13, False)

    @pytest.mark.parametrize(
        ("request_", "value", "constraint"),
        [
            ({"maxResults": 1001}, "1001", "Member must have value less than or equal to 1000"),
            ({"nextToken": "x" * 1025}, "x" * 1025, "Member must have length less than or equal to 1024"),
        ],
        ids=["page", "token"],
    )
    def test_wrong_pages(self, world, request_, value, constraint):
        # v2/test_sfn_api.py test_list_sms_pagination, 01-07-2024
        member = next(iter(request_))
        said = f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
        assert world.refused("ListStateMachines", **request_) == ("ValidationException", said)
