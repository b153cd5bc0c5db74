"""Versions. Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_versioning.py, by date."""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import NOON, PASS, ROLE


def commented(comment: str) -> str:
    return json.dumps({**PASS, "Comment": comment})


def published(world, arn: str) -> list[str]:
    listed = world.call("ListStateMachineVersions", stateMachineArn=arn)["stateMachineVersions"]
    return [version["stateMachineVersionArn"].removeprefix(f"{arn}:") for version in listed]


class TestCreate:
    @pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
    def test_with_publish(self, world, kind):
        # test_create_with_publish, 11-08-2023; test_create_express_with_publish, 05-04-2024
        request = {"name": "m", "definition": json.dumps(PASS), "roleArn": ROLE, "publish": True, "type": kind}
        created = world.call("CreateStateMachine", **request)
        assert created["stateMachineVersionArn"] == f"{created['stateMachineArn']}:1"
        assert world.call("CreateStateMachine", **request) == created

    def test_a_description_without_publish(self, world):
        # test_create_with_version_description_no_publish, 11-08-2023
        expected = ("ValidationException", "Version description can only be set when publish is true")
        request = {"definition": json.dumps(PASS), "versionDescription": "HelloWorld!"}
        assert world.refused("CreateStateMachine", name="m", roleArn=ROLE, **request) == expected
        assert world.refused("UpdateStateMachine", stateMachineArn=world.create(PASS), **request) == expected

    @pytest.mark.parametrize("description", [None, "HelloWorld!"])
    def test_described(self, world, description):
        # test_create_publish_describe_no_version_description, ..._with_version_description, 11-08-2023
        settings = {} if description is None else {"versionDescription": description}
        arn = world.create(PASS, publish=True, **settings)
        machine = world.call("DescribeStateMachine", stateMachineArn=arn)
        version = world.call("DescribeStateMachine", stateMachineArn=f"{arn}:1")
        described = {} if description is None else {"description": description}
        assert version == {**machine, "stateMachineArn": f"{arn}:1", **described}
        assert "description" not in machine


class TestPublish:
    def test_revisions(self, world):
        # test_publish_state_machine_version, 11-08-2023
        arn = world.create(PASS)
        first = world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R1"))["revisionId"]
        world.advance(1)
        assert world.call("PublishStateMachineVersion", stateMachineArn=arn) == {
            "stateMachineVersionArn": f"{arn}:1",
            "creationDate": NOON + 1,
        }
        second = world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R2"))["revisionId"]
        world.call("PublishStateMachineVersion", stateMachineArn=arn, description="second")
        assert published(world, arn) == ["2", "1"]
        for number, revision, comment in ((1, first, "R1"), (2, second, "R2")):
            described = world.call("DescribeStateMachine", stateMachineArn=f"{arn}:{number}")
            assert (described["revisionId"], described["definition"]) == (revision, commented(comment))
        third = world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R3"))["revisionId"]
        assert world.refused("PublishStateMachineVersion", stateMachineArn=arn, revisionId=second) == (
            "ConflictException",
            f"Failed to publish the State Machine version for revision {second}. "
            f"The current State Machine revision is {third}.",
        )
        world.call("PublishStateMachineVersion", stateMachineArn=arn, revisionId=third)
        assert published(world, arn) == ["3", "2", "1"]

    def test_the_first_revision_is_called_initial(self, world):
        # PublishStateMachineVersion, "revisionId" (API reference)
        arn = world.create(PASS)
        refused = world.refused("PublishStateMachineVersion", stateMachineArn=arn, revisionId="other")
        assert refused[1].endswith("The current State Machine revision is INITIAL.")
        world.call("PublishStateMachineVersion", stateMachineArn=arn, revisionId="INITIAL")

    def test_twice(self, world):
        # test_idempotent_publish, 11-08-2023
        arn = world.create(PASS)
        first = world.call("PublishStateMachineVersion", stateMachineArn=arn)
        world.advance(1)
        assert world.call("PublishStateMachineVersion", stateMachineArn=arn) == first
        assert published(world, arn) == ["1"]

    def test_numbers_are_not_used_again(self, world):
        # test_version_ids_between_deletions, 11-08-2023
        arn = world.create(PASS, publish=True)
        world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R2"), publish=True)
        world.call("DeleteStateMachineVersion", stateMachineVersionArn=f"{arn}:2")
        published = world.call("PublishStateMachineVersion", stateMachineArn=arn)
        assert published["stateMachineVersionArn"] == f"{arn}:3"

    @pytest.mark.parametrize("at_creation", [True, False])
    def test_an_update_that_changes_nothing(self, world, at_creation):
        # test_empty_revision_with_publish_and_publish_on_creation, ..._no_publish_on_creation, 11-08-2023
        arn = world.create(PASS, publish=at_creation)
        request = {"stateMachineArn": arn, "definition": json.dumps(PASS), "publish": True}
        for _ in range(2):
            updated = world.call("UpdateStateMachine", **request)
            assert set(updated) == {"stateMachineVersionArn", "updateDate"}
            assert updated["stateMachineVersionArn"] == f"{arn}:1"


class TestDelete:
    def test_twice(self, world):
        # test_list_delete_version, 11-08-2023
        arn = world.create(PASS, publish=True)
        for _ in range(2):
            assert world.call("DeleteStateMachineVersion", stateMachineVersionArn=f"{arn}:1") == {}
            assert published(world, arn) == []

    def test_a_state_machine_is_no_version(self, world):
        refused = world.refused("DeleteStateMachineVersion", stateMachineVersionArn=world.create(PASS))
        assert refused[0] == "ValidationException"


def test_pages(world):
    # test_list_state_machine_versions_pagination, 01-07-2024
    arn = world.create(PASS)
    for number in range(1, 14):
        world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented(str(number)), publish=True)
    first = world.call("ListStateMachineVersions", stateMachineArn=arn, maxResults=10)
    second = world.call("ListStateMachineVersions", stateMachineArn=arn, maxResults=3, nextToken=first["nextToken"])
    versions = first["stateMachineVersions"] + second["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in versions] == [f"{arn}:{n}" for n in range(13, 0, -1)]
    assert "nextToken" not in second


class TestExecutions:
    def test_of_a_version(self, world):
        # test_start_version_execution, 17-08-2023
        arn = world.create(PASS, publish=True)
        plain, versioned = world.start(arn), world.start(f"{arn}:1")
        assert "stateMachineVersionArn" not in world.describe(plain)
        described = world.describe(versioned)
        assert (described["stateMachineArn"], described["stateMachineVersionArn"]) == (arn, f"{arn}:1")
        listed = world.call("ListExecutions", stateMachineArn=f"{arn}:1")["executions"]
        assert [(one["executionArn"], one["stateMachineVersionArn"]) for one in listed] == [(versioned, f"{arn}:1")]

    def test_its_state_machine(self, world):
        # test_describe_state_machine_for_execution_of_version, ..._with_revision, 21-08-2023
        arn = world.create(PASS, publish=True)
        before = world.start(f"{arn}:1")
        world.advance(1)
        updated = world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R2"), publish=True)
        after = world.start(f"{arn}:2")
        world.call("UpdateStateMachine", stateMachineArn=arn, definition=commented("R3"))
        described = world.call("DescribeStateMachineForExecution", executionArn=before)
        assert (described["definition"], described["updateDate"]) == (json.dumps(PASS), NOON)
        assert "revisionId" not in described
        assert world.call("DescribeStateMachineForExecution", executionArn=after) == {
            "stateMachineArn": arn,
            "name": "machine1",
            "definition": commented("R2"),
            "roleArn": ROLE,
            "updateDate": NOON + 1,
            "revisionId": updated["revisionId"],
            "loggingConfiguration": {"includeExecutionData": False, "level": "OFF"},
            "tracingConfiguration": {"enabled": False},
        }
