"""Requests are checked by the service model, with AWS's words."""

from __future__ import annotations

import pytest
from botocore.model import ShapeResolver

from sfn_harness.aws.constraints import Wording, compile_checks
from sfn_harness.aws.errors import ApiError

SHAPES = {
    "Request": {
        "type": "structure",
        "required": ["name"],
        "members": {
            "name": {"shape": "Name"},
            "size": {"shape": "Size"},
            "kind": {"shape": "Kind"},
            "secret": {"shape": "Secret"},
            "on": {"shape": "Flag"},
            "share": {"shape": "Share"},
            "tags": {"shape": "Tags"},
            "labels": {"shape": "Labels"},
            "inner": {"shape": "Request"},
            "ascii": {"shape": "Ascii"},
        },
    },
    "Name": {"type": "string", "min": 1, "max": 5, "pattern": "[a-z]*"},
    "Size": {"type": "integer", "min": 2, "max": 9},
    "Kind": {"type": "string", "enum": ["A", "B", "C"]},
    "Secret": {"type": "string", "max": 3, "sensitive": True},
    "Flag": {"type": "boolean"},
    "Share": {"type": "double", "min": 0, "max": 1},
    "Tags": {"type": "list", "member": {"shape": "Tag"}, "max": 2},
    "Tag": {"type": "structure", "members": {"key": {"shape": "Name"}, "on": {"shape": "Flag"}}},
    "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Size"}},
    "Ascii": {"type": "string", "pattern": r"\p{ASCII}*"},
}


def violations(request: dict, wording: Wording | None = None) -> list[str]:
    check = compile_checks(ShapeResolver(SHAPES).get_shape_by_name("Request"), wording or Wording())
    found: list[str] = []
    check(request, "", found)
    return found


@pytest.mark.parametrize(
    "request_",
    [
        {"name": "abc"},
        {"name": "abc", "size": 2, "kind": "B", "secret": "", "on": False, "share": 0.5, "ascii": "~"},
        {"name": "abc", "tags": [{"key": "a"}, {}], "labels": {"a": 9}, "inner": {"name": "a"}},
        {"name": "abc", "size": None, "unknown": 1},
    ],
)
def test_right(request_):
    assert violations(request_) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # The words of lengths, values, enums, patterns, members of lists: recorded on AWS, localstack/localstack tests
        # v4.14.0, v2/test_sfn_api.py (2024) and v2/test_sfn_api_aliasing.py, 09-04-2025.
        ({"name": "abcdef"}, "Value 'abcdef' at 'name' {} have length less than or equal to 5"),
        ({"name": "A"}, "Value 'A' at 'name' {} satisfy regular expression pattern: [a-z]*"),
        ({"size": 10}, "Value '10' at 'size' {} have value less than or equal to 9"),
        ({"size": 1}, "Value '1' at 'size' {} have value greater than or equal to 2"),
        ({"kind": "D"}, "Value 'D' at 'kind' {} satisfy enum value set: [A, B, C]"),
        (
            {"tags": [{}, {"key": "A"}]},
            "Value 'A' at 'tags.2.member.key' {} satisfy regular expression pattern: [a-z]*",
        ),
        (
            {"tags": [{"key": "a", "on": True}, {}, {}]},
            "Value '[Tag(key=a, on=true), Tag(), Tag()]' at 'tags' {} have length less than or equal to 2",
        ),
        # The same file: localstack/localstack tests v4.14.0, v2/error_handling/test_task_service_dynamodb.py
        ({"name": None}, "Value null at 'name' {} not be null"),
        ({"inner": {}}, "Value null at 'inner.name' {} not be null"),
        ({"labels": {"a": 1}}, "Value '1' at 'labels.a.member' {} have value greater than or equal to 2"),
        ({"share": 1.5}, "Value '1.5' at 'share' {} have value less than or equal to 1"),
        ({"ascii": "é"}, r"Value 'é' at 'ascii' {} satisfy regular expression pattern: \p{ASCII}*"),
        # A sensitive value is not repeated.
        ({"secret": "1234"}, "Value at 'secret' {} have length less than or equal to 3"),
    ],
)
def test_wrong(changes, said):
    expected = said.replace("{}", "failed to satisfy constraint: Member must", 1)
    assert violations({"name": "abc", **changes}) == [expected]


def test_all_violations_are_found():
    found = violations({"name": "ABCDEF", "size": 0})
    assert [violation.partition(" failed")[0] for violation in found] == [
        "Value 'ABCDEF' at 'name'",
        "Value 'ABCDEF' at 'name'",
        "Value '0' at 'size'",
    ]


def test_a_services_words():
    wording = Wording(enum_orders={"Kind": ("C", "B", "A")}, byte_sizes=frozenset({"Secret"}))
    assert violations({"name": "a", "kind": "D"}, wording)[0].endswith("[C, B, A]")
    assert violations({"name": "a", "secret": "éé"}, wording) == [
        "Value at 'secret' failed to satisfy constraint: Member must have size less than or equal to 3 bytes in "
        "UTF-8 encoding"
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"name": True}, "TRUE_VALUE can not be converted to a String"),
        ({"name": []}, "Start of list found where not expected"),
        ({"name": {}}, "Start of structure or map found where not expected."),
        ({"size": "1"}, "STRING_VALUE can not be converted to an Integer"),
        ({"size": False}, "FALSE_VALUE can not be converted to an Integer"),
        ({"on": "true"}, "STRING_VALUE can not be converted to a Boolean"),
        ({"tags": {}}, "Start of structure or map found where not expected."),
        ({"tags": ["a"]}, "Unexpected token STRING_VALUE"),
        ({"inner": []}, "Start of list found where not expected"),
    ],
)
def test_a_wrong_type_can_not_be_read(changes, said):
    with pytest.raises(ApiError) as caught:
        violations({"name": "abc", **changes})
    assert (caught.value.code, caught.value.message) == ("SerializationException", said)
