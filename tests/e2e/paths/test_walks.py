"""How walks are drawn, and how a pair that went wrong is made small."""

from itertools import pairwise

import pytest

from tests.e2e.paths.drawn import PAIRS_OF_A_WALK, STATIONS, reduced, text_of, walk
from tests.e2e.paths.walks import Report, Seen, compare, replaces_machine


def test_a_walk_goes_from_each_configuration_to_each_other_one():
    steps = walk(1)
    assert len({text_of(pair) for pair in steps}) == len(steps) == PAIRS_OF_A_WALK
    assert len({text_of(before) for before, _ in steps}) == STATIONS
    assert all(one[1] == other[0] for one, other in pairwise(steps))


def test_the_same_number_draws_the_same_walk():
    assert walk(1) == walk(1) != walk(2)


def test_what_plays_no_part_is_left_out():
    before = {"engine": "openapi", "name": "a", "tags": {"t": "1"}, "routes": {"POST /x": {"form": True, "wait": True}}}
    after = {"engine": "openapi", "name": "b", "tags": {"t": "2"}, "routes": {"POST /x": {"form": True}, "GET /y": {}}}

    def still_wrong(one, other):
        return one.get("name") != other.get("name") and "form" in other.get("routes", {}).get("POST /x", {})

    assert still_wrong(before, after)
    assert reduced((before, after), still_wrong) == (
        {"engine": "openapi"},
        {"engine": "openapi", "name": "b", "routes": {"POST /x": {"form": True}}},
    )


@pytest.mark.parametrize(
    ("after", "replaced"),
    [
        ({"name": "other"}, True),
        ({"names": {"state_machine": "other"}}, True),
        ({"state_machine": {"definition": "{}", "type": "EXPRESS"}}, True),
        ({"state_machine": {"definition": "{}"}}, False),
        ({"state_machine": {"arn": "standard"}}, False),
        ({"names": {"api": "other"}}, False),
    ],
)
def test_when_the_modules_state_machine_is_made_anew(after, replaced):
    assert replaces_machine({}, after) == replaced


ANSWERS = {"alpha POST /a: good": {"status": 200, "body": {"x": 1}}}


class TestCompare:
    def test_nothing_is_wrong_with_the_same(self):
        assert not compare(Seen(ANSWERS, {"roles": {"r": {}}}), Seen(ANSWERS, {"roles": {"r": {}}}), set())

    def test_another_answer_and_another_thing(self):
        other = Seen({"alpha POST /a: good": {"status": 200, "body": {"x": 2}}}, {"roles": {"s": {}}})
        report = compare(other, Seen(ANSWERS, {"roles": {"r": {}}}), set())
        assert report.wrong == {
            "answers": ["alpha POST /a: good: body.x is 2; fresh it is 1"],
            "roles": ["r is not there; fresh it is {}", "s is {}; fresh it is not there"],
        }

    @pytest.mark.parametrize("stale", [("POST", "/a"), ("ANY", "/a")])
    def test_what_may_be_served_still(self, stale):
        seen = Seen({"alpha POST /a: good": {"status": 403}}, {})
        assert compare(seen, Seen(ANSWERS, {}), {stale}) == Report()
        assert compare(seen, Seen(ANSWERS, {}), {("POST", "/b")})
