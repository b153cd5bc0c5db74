"""Aliases. Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_aliasing.py, 09-04-2025."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.stepfunctions.world import NOON, PASS

TEXT = "create state machine alias description"


@pytest.fixture
def arn(world) -> str:
    """A state machine with the versions 1, 2 and 3."""
    arn = world.create(PASS, publish=True)
    for number in (2, 3):
        definition = json.dumps({**PASS, "Comment": str(number)})
        world.call("UpdateStateMachine", stateMachineArn=arn, definition=definition, publish=True)
    return arn


def routes(arn: str, *weights: int) -> list[dict]:
    return [{"stateMachineVersionArn": f"{arn}:{n}", "weight": weight} for n, weight in enumerate(weights, 1)]


def create(world, arn: str, name: str = "alias", **changes) -> dict:
    request = {"name": name, "description": TEXT, "routingConfiguration": routes(arn, 100), **changes}
    return world.call("CreateStateMachineAlias", **request)


class TestCreate:
    def test_one_version(self, world, arn):
        # test_base_create_alias_single_router_config
        assert create(world, arn) == {"stateMachineAliasArn": f"{arn}:alias", "creationDate": NOON}

    def test_the_same_once_more(self, world, arn):
        # test_idempotent_create_alias
        first = create(world, arn)
        world.advance(1)
        assert create(world, arn) == first
        create(world, arn, "alias-second")
        assert world.call("ListStateMachineAliases", stateMachineArn=arn) == {
            "stateMachineAliases": [
                {"stateMachineAliasArn": f"{arn}:alias", "creationDate": NOON},
                {"stateMachineAliasArn": f"{arn}:alias-second", "creationDate": NOON + 1},
            ]
        }

    def test_another_of_the_same_name(self, world, arn):
        # test_error_create_alias_not_idempotent
        create(world, arn)
        for changes in ({"description": "another"}, {"routingConfiguration": routes(arn, 50, 50)}):
            request = {"name": "alias", "description": TEXT, "routingConfiguration": routes(arn, 100), **changes}
            assert world.refused("CreateStateMachineAlias", **request) == (
                "ConflictException",
                "Failed to create alias because an alias with the same name and a different routing configuration "
                "already exists.",
            )

    @pytest.mark.parametrize(
        ("versions", "weights", "said"),
        [
            (
                ["", ":2"],
                [70, 30],
                "Routing configuration must contain state machine version ARNs. Received: [{}, {}:2]",
            ),
            ([""], [100], "Routing configuration must contain state machine version ARNs. Received: [{}]"),
            (
                [":1", ":1"],
                [50, 50],
                "Routing configuration must contain distinct state machine version ARNs. Received: [{}:1, {}:1]",
            ),
            ([":1", ":2"], [70, 29], "Sum of routing configuration weights must equal 100. Received: [70, 29]"),
            ([":1", ":2"], [70, 31], "Sum of routing configuration weights must equal 100. Received: [70, 31]"),
        ],
    )
    def test_wrong_routes(self, world, arn, versions, weights, said):
        # test_error_create_alias_invalid_router_configs, test_error_create_alias_with_state_machine_arn
        given = [
            {"stateMachineVersionArn": f"{arn}{version}", "weight": weight}
            for version, weight in zip(versions, weights, strict=True)
        ]
        expected = ("ValidationException", said.replace("{}", arn))
        assert world.refused("CreateStateMachineAlias", name="alias", routingConfiguration=given) == expected

    def test_routes_that_the_model_refuses(self, world, arn):
        # test_error_create_alias_invalid_router_configs
        three = routes(arn, 50, 30, 20)
        shown = ", ".join(
            f"RoutingConfigurationListItem(stateMachineVersionArn={arn}:{number}, weight={weight})"
            for number, weight in ((1, 50), (2, 30), (3, 20))
        )
        assert world.refused("CreateStateMachineAlias", name="alias", routingConfiguration=three) == (
            "ValidationException",
            f"1 validation error detected: Value '[{shown}]' at 'routingConfiguration' failed to satisfy constraint: "
            "Member must have length less than or equal to 2",
        )
        assert world.refused("CreateStateMachineAlias", name="alias", routingConfiguration=routes(arn, 101)) == (
            "ValidationException",
            "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy "
            "constraint: Member must have value less than or equal to 100",
        )

    @pytest.mark.parametrize("name", ["123", "INVALID ALIAS", "!INVALID", "ALIAS@"])
    def test_wrong_names(self, world, arn, name):
        # test_error_create_alias_invalid_name
        assert world.refused("CreateStateMachineAlias", name=name, routingConfiguration=routes(arn, 100)) == (
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        )

    def test_a_long_name(self, world, arn):
        # test_error_create_alias_invalid_name
        name = "A" * 81
        assert world.refused("CreateStateMachineAlias", name=name, routingConfiguration=routes(arn, 100)) == (
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
            "Member must have length less than or equal to 80",
        )

    def test_a_version_that_is_not_there(self, world, arn):
        given = [{"stateMachineVersionArn": f"{arn}:9", "weight": 100}]
        refused = world.refused("CreateStateMachineAlias", name="alias", routingConfiguration=given)
        assert refused[0] == "ResourceNotFound"


class TestUpdate:
    def test_a_description_then_routes(self, world, arn):
        # test_base_lifecycle_create_update_describe
        create(world, arn)
        world.advance(1)
        updated = world.call(
            "UpdateStateMachineAlias", stateMachineAliasArn=f"{arn}:alias", description="new description"
        )
        assert updated == {"updateDate": NOON + 1}
        expected = {
            "stateMachineAliasArn": f"{arn}:alias",
            "name": "alias",
            "description": "new description",
            "routingConfiguration": routes(arn, 100),
            "creationDate": NOON,
            "updateDate": NOON + 1,
        }
        assert world.call("DescribeStateMachineAlias", stateMachineAliasArn=f"{arn}:alias") == expected
        world.call(
            "UpdateStateMachineAlias", stateMachineAliasArn=f"{arn}:alias", routingConfiguration=routes(arn, 50, 50)
        )
        expected["routingConfiguration"] = routes(arn, 50, 50)
        assert world.call("DescribeStateMachineAlias", stateMachineAliasArn=f"{arn}:alias") == expected

    def test_one_that_is_gone(self, world, arn):
        # test_update_no_such_alias_arn
        create(world, arn)
        world.call("DeleteStateMachineAlias", stateMachineAliasArn=f"{arn}:alias")
        assert world.refused("UpdateStateMachineAlias", stateMachineAliasArn=f"{arn}:alias", description="x") == (
            "ResourceNotFound",
            "Request references a resource that does not exist.",
        )


class TestDelete:
    def test_one_after_another(self, world, arn):
        # test_base_lifecycle_create_delete_list, test_delete_no_such_alias_arn
        for number in range(3):
            create(world, arn, f"alias-{number}")
        for number in range(3):
            assert world.call("DeleteStateMachineAlias", stateMachineAliasArn=f"{arn}:alias-{number}") == {}
            listed = world.call("ListStateMachineAliases", stateMachineArn=arn)["stateMachineAliases"]
            names = [alias["stateMachineAliasArn"].rpartition(":")[2] for alias in listed]
            assert names == [f"alias-{other}" for other in range(number + 1, 3)]
        assert world.call("DeleteStateMachineAlias", stateMachineAliasArn=f"{arn}:alias-0") == {}

    def test_its_version_can_not_be_deleted(self, world, arn):
        # test_delete_version_with_alias
        create(world, arn)
        assert world.refused("DeleteStateMachineVersion", stateMachineVersionArn=f"{arn}:1") == (
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. "
            "Current list of aliases referencing this version: [alias]",
        )
        moved = [{"stateMachineVersionArn": f"{arn}:2", "weight": 100}]
        world.call("UpdateStateMachineAlias", stateMachineAliasArn=f"{arn}:alias", routingConfiguration=moved)
        assert world.call("DeleteStateMachineVersion", stateMachineVersionArn=f"{arn}:1") == {}

    def test_its_state_machine_can_be_deleted(self, world, arn):
        # test_delete_revision_with_alias
        create(world, arn)
        assert world.call("DeleteStateMachine", stateMachineArn=arn) == {}


class TestList:
    def test_pages(self, world, arn):
        # test_list_state_machine_aliases_pagination_max_results
        for number in (1, 2, 3):
            create(world, arn, f"AliasName-{number}")
        first = world.call("ListStateMachineAliases", stateMachineArn=arn, maxResults=1)
        second = world.call("ListStateMachineAliases", stateMachineArn=arn, nextToken=first["nextToken"])
        assert [len(page["stateMachineAliases"]) for page in (first, second)] == [1, 2]
        assert "nextToken" not in second
        assert len(world.call("ListStateMachineAliases", stateMachineArn=arn, maxResults=0)["stateMachineAliases"]) == 3

    def test_a_wrong_token(self, world, arn):
        # test_list_state_machine_aliases_pagination_invalid_next_token
        invalid = ("InvalidToken", "Invalid Token: 'Invalid token'")
        assert world.refused("ListStateMachineAliases", stateMachineArn=arn, nextToken="InvalidToken") == invalid

    def test_of_a_version(self, world, arn):
        # "To list aliases that reference a state machine version, you can specify the version ARN" (API reference)
        create(world, arn, "one")
        create(world, arn, "both", routingConfiguration=routes(arn, 50, 50))
        listed = {
            number: [
                alias["stateMachineAliasArn"].rpartition(":")[2]
                for alias in world.call("ListStateMachineAliases", stateMachineArn=f"{arn}:{number}")[
                    "stateMachineAliases"
                ]
            ]
            for number in (1, 2, 3)
        }
        assert listed == {1: ["both", "one"], 2: ["both"], 3: []}


class TestExecutions:
    def test_through_an_alias(self, world, arn):
        # test_base_lifecycle_create_invoke_describe_list
        create(world, arn)
        through_alias, through_version = world.start(f"{arn}:alias"), world.start(f"{arn}:1")
        described = world.describe(through_alias)
        assert described["stateMachineAliasArn"] == f"{arn}:alias"
        assert described["stateMachineVersionArn"] == f"{arn}:1"
        assert described["stateMachineArn"] == arn
        assert "stateMachineAliasArn" not in world.describe(through_version)
        listed = world.call("ListExecutions", stateMachineArn=arn)["executions"]
        assert [one["executionArn"] for one in listed] == [through_version, through_alias]
        assert listed[1]["stateMachineAliasArn"] == f"{arn}:alias"
        of_alias = world.call("ListExecutions", stateMachineArn=f"{arn}:alias")["executions"]
        assert [one["executionArn"] for one in of_alias] == [through_alias]

    def test_shares(self, world, arn):
        # The world's seed makes it the same every time.
        create(world, arn, routingConfiguration=routes(arn, 80, 20))
        versions = Counter(world.describe(world.start(f"{arn}:alias"))["stateMachineVersionArn"] for _ in range(100))
        assert set(versions) == {f"{arn}:1", f"{arn}:2"}
        assert 70 <= versions[f"{arn}:1"] <= 90

    def test_a_weight_of_nothing(self, world, arn):
        create(world, arn, routingConfiguration=routes(arn, 0, 100))
        versions = {world.describe(world.start(f"{arn}:alias"))["stateMachineVersionArn"] for _ in range(30)}
        assert versions == {f"{arn}:2"}
