"""Tags. Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_tagging.py, 25-08-2023."""

from __future__ import annotations

import pytest

from tests.stepfunctions.world import PASS

ONE, TWO = {"key": "key1", "value": "value1"}, {"key": "key2", "value": "value2"}


def tags(world, arn: str) -> list[dict]:
    return world.call("ListTagsForResource", resourceArn=arn)["tags"]


@pytest.mark.parametrize("given", [[], [ONE], [{"key": "key1", "value": ""}], [ONE, ONE], [ONE, TWO]])
def test_added(world, given):
    # test_tag_state_machine[tag_list0] to [tag_list4]
    arn = world.create(PASS)
    assert world.call("TagResource", resourceArn=arn, tags=given) == {}
    assert tags(world, arn) == [tag for number, tag in enumerate(given) if tag not in given[:number]]


@pytest.mark.parametrize(("keys", "left"), [([], [ONE]), (["key1"], []), (["key1", "key1"], []), (["key1", "x"], [])])
def test_taken_away(world, keys, left):
    # test_untag_state_machine[tag_keys0] to [tag_keys3]
    arn = world.create(PASS)
    world.call("TagResource", resourceArn=arn, tags=[ONE])
    assert world.call("UntagResource", resourceArn=arn, tagKeys=keys) == {}
    assert tags(world, arn) == left


def test_given_at_creation(world):
    # test_create_state_machine
    assert tags(world, world.create(PASS, tags=[ONE, TWO])) == [ONE, TWO]


def test_a_version_has_none(world):
    # test_tag_state_machine_version
    version = world.call("PublishStateMachineVersion", stateMachineArn=world.create(PASS))["stateMachineVersionArn"]
    refused = world.refused("TagResource", resourceArn=version, tags=[ONE])
    assert refused == ("ResourceNotFound", f"Resource not found: '{version}'")


def test_of_an_activity(world):
    arn = world.call("CreateActivity", name="a", tags=[ONE])["activityArn"]
    world.call("TagResource", resourceArn=arn, tags=[TWO])
    assert tags(world, arn) == [ONE, TWO]


def test_fifty_at_most(world):
    # "Maximum number of tags per resource: 50" (quotas)
    arn = world.create(PASS, tags=[{"key": str(number), "value": ""} for number in range(50)])
    world.call("TagResource", resourceArn=arn, tags=[{"key": "0", "value": "new"}])
    assert world.refused("TagResource", resourceArn=arn, tags=[ONE])[0] == "TooManyTags"
    assert len(tags(world, arn)) == 50
