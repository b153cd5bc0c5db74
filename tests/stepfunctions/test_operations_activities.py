"""Activities. Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_activities.py, by date."""

from __future__ import annotations

import pytest

from tests.stepfunctions.world import ACCOUNT, NOON, REGION

ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:activity"


@pytest.mark.parametrize("name", ["Activity1", "activity-name_123", "ACTIVITY_NAME_ABC", "activity.name.v2", "a" * 71])
def test_created_described_and_deleted(world, name):
    # test_create_describe_delete_activity, 25-11-2024
    created = world.call("CreateActivity", name=name)
    assert created == {"activityArn": f"{ARN}:{name}", "creationDate": NOON}
    world.advance(1)
    assert world.call("CreateActivity", name=name) == created
    assert world.call("DescribeActivity", activityArn=created["activityArn"]) == {
        "activityArn": f"{ARN}:{name}",
        "creationDate": NOON,
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
        "name": name,
    }
    for _ in range(2):
        assert world.call("DeleteActivity", activityArn=created["activityArn"]) == {}


@pytest.mark.parametrize("char", [*' <>{}[]?*"#%\\^|~`$&,;:/', "\x00", "\x1f", "\x7f", "\x9f"])
def test_a_wrong_name(world, char):
    # test_create_activity_invalid_name, 25-11-2024
    name = f"activity{char}name"
    assert world.refused("CreateActivity", name=name) == ("InvalidName", f"Invalid Name: '{name}'")


@pytest.mark.parametrize("operation", ["DescribeActivity", "GetActivityTask"])
def test_one_that_is_gone(world, operation):
    # test_describe_deleted_activity, test_get_activity_task_deleted, 17-03-2024
    arn = world.call("CreateActivity", name="a")["activityArn"]
    world.call("DeleteActivity", activityArn=arn)
    assert world.refused(operation, activityArn=arn) == ("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")


@pytest.mark.parametrize("operation", ["DescribeActivity", "GetActivityTask"])
def test_no_arn(world, operation):
    # test_describe_activity_invalid_arn, test_get_activity_task_invalid_arn, 11-03-2024
    assert world.refused(operation, activityArn="no_an_activity_arn") == (
        "InvalidArn",
        "Invalid Arn: 'Invalid ARN prefix: no_an_activity_arn'",
    )


def test_listed(world):
    # test_list_activities, 17-03-2024
    for number in range(3):
        world.call("CreateActivity", name=f"activity_{number}")
    assert world.call("ListActivities") == {
        "activities": [
            {"activityArn": f"{ARN}:activity_{number}", "creationDate": NOON, "name": f"activity_{number}"}
            for number in range(3)
        ]
    }
