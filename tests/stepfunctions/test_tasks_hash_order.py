"""The order of the members of CSV rows."""

from __future__ import annotations

import pytest

from sfn_harness.stepfunctions.tasks.hash_order import hash_order


@pytest.mark.parametrize(
    ("keys", "ordered"),
    [
        (["0", "True", "{}"], ["0", "{}", "True"]),
        (["H1", ""], ["", "H1"]),
        (["Col1", "Col2", "Col3"], ["Col1", "Col2", "Col3"]),
        ([], []),
    ],
)
def test_recorded_orders(keys: list[str], ordered: list[str]) -> None:
    """Recorded on AWS: localstack/localstack tests v4.14.0, v2/scenarios/test_base_scenarios, 2023-09-21."""
    assert [keys[place] for place in hash_order(keys)] == ordered


def test_a_larger_table() -> None:
    """By Java's HashMap: 13 keys need a table of 32, where "0" (48) is in bucket 16, after "l"; in one of 16, in 0."""
    keys = [*"abcdefghijkl", "0"]
    found = [keys[place] for place in hash_order(keys)]
    assert found == [*"abcdefghijkl", "0"]
    smaller = [*"abc", "0"]
    assert [smaller[place] for place in hash_order(smaller)] == ["0", "a", "b", "c"]
