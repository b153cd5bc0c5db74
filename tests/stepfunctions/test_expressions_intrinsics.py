"""Intrinsic functions.

"recorded" is: recorded on AWS, localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/
intrinsic_functions, 2023-02 to 2024-12. All else is AWS's documentation, "Intrinsic functions for JSONPath states".
"""

import base64
import hashlib
import json
import math
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.stepfunctions.expressions.compiler import compile_expression
from sfn_harness.stepfunctions.expressions.types import ExpressionError
from tests.stepfunctions.expression_world import data_of, failure


def call(text, value=None, **options):
    return compile_expression(text, "x.$").evaluate(data_of(value, **options))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("HelloWorld", "HelloWorld"),
        (None, "null"),
        (1, "1"),
        (1.1, "1.1"),
        ('{"Arg1": 1, "Arg2": []}', '{"Arg1": 1, "Arg2": []}'),
        ({"Arg1": 1, "Arg2": []}, "{Arg1=1, Arg2=[]}"),
    ],
)
def test_format_puts_values_in_as_java_does(value, text):
    # recorded: test_format_1, test_format_2
    assert call("States.Format('<{}>', $.v)", {"v": value}) == f"<{text}>"


def test_format_reads_its_template_from_a_path():
    assert call("States.Format($.template, $.name)", {"template": "Hello, {}.", "name": "Arnav"}) == "Hello, Arnav."


def test_format_takes_escaped_braces_and_quotes_as_they_are():
    assert call(r"States.Format('\{{}\} it\'s \\{}', 1, true)") == "{1} it's \\true"


@pytest.mark.parametrize("call_text", ["States.Format('{}')", "States.Format('{}', 1, 2)", "States.Format(1)"])
def test_format_needs_as_many_arguments_as_holes(call_text):
    error, _cause = failure(call, call_text)
    assert error == "States.IntrinsicFailure"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        (" ", None),
        ("null", None),
        ("-0", 0),
        ("1", 1),
        ("1.1", 1.1),
        ("true", True),
        ('"HelloWorld"', "HelloWorld"),
        ('[1, 2, "HelloWorld"]', [1, 2, "HelloWorld"]),
        ('{"Arg1": 1, "Arg2": []}', {"Arg1": 1, "Arg2": []}),
    ],
)
def test_a_string_becomes_json(text, value):
    # recorded: test_string_to_json
    assert call("States.StringToJson($.v)", {"v": text}) == value


def test_a_string_that_is_no_json_fails_by_the_documented_name():
    for text in ("{", "NaN", "1 2"):
        error, cause = failure(call, "States.StringToJson($.v)", {"v": text})
        assert error == "States.IntrinsicFailure"
        assert cause.startswith("The function 'States.StringToJson($.v)' had the following error: ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (1.1, "1.1"),
        (True, "true"),
        ("HelloWorld", '"HelloWorld"'),
        ([1, 2, "é"], '[1,2,"é"]'),
        ({"Arg1": 1, "Arg2": []}, '{"Arg1":1,"Arg2":[]}'),
    ],
)
def test_json_becomes_a_string(value, text):
    # recorded: test_json_to_string
    assert call("States.JsonToString($.v)", {"v": value}) == text


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        (-9, 3, -6),
        (1.49, 1.5, 3),
        (1.5, 1.51, 4),
        (-1.49, -1.5, -2),
        (-1.5, -1.51, -3),
        (1.49, -1.49, 0),
        (-0.5, 0.5, 1),
        (2.5, 0, 3),
        (-2.5, 0, -2),
        (-1.51, 0, -2),
    ],
)
def test_numbers_are_rounded_before_they_are_added(first, second, total):
    # recorded: test_math_add
    assert call("States.MathAdd($.a, $.b)", {"a": first, "b": second}) == total


@pytest.mark.parametrize(
    ("text", "delimiters", "parts"),
    [
        (" ", ",", [" "]),
        (", , ,", ",", [" ", " "]),
        (",,,,", ",", []),
        ("1,2,3,4,5", ",", ["1", "2", "3", "4", "5"]),
        ("This.is+a,test=string", ".+,=", ["This", "is", "a", "test", "string"]),
        ("split on T and \nnew line", "T\n", ["split on ", " and ", "new line"]),
    ],
)
def test_a_string_is_split_at_each_of_the_characters(text, delimiters, parts):
    # recorded: test_string_split
    assert call("States.StringSplit($.t, $.d)", {"t": text, "d": delimiters}) == parts


def test_a_line_break_may_stand_in_a_literal():
    # recorded: test_escape_sequence
    assert call("States.StringSplit('Hello\nWorld', '\n')") == ["Hello", "World"]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("0, 9, 3", [0, 3, 6, 9]),
        ("0, 10, 3", [0, 3, 6, 9]),
        ("1, 9, 9", [1]),
        ("1, 9, 2", [1, 3, 5, 7, 9]),
        ("5, 1, -2", [5, 3, 1]),
        ("1, 5, -1", []),
    ],
)
def test_a_range_includes_its_end(arguments, numbers):
    # recorded: test_array_range (those that go up)
    assert call(f"States.ArrayRange({arguments})") == numbers


@pytest.mark.parametrize(
    ("items", "item", "contained"),
    [
        ([], None, False),
        ([[1, 2, 3], 2], [1, 2, 3], True),
        ([{"1": 2, "2": []}], {"1": 2, "2": []}, True),
        ([True, False], True, True),
        ([1], True, False),
    ],
)
def test_an_array_contains_equal_values(items, item, contained):
    # recorded: test_array_contains (all but the last)
    assert call("States.ArrayContains($.a, $.b)", {"a": items, "b": item}) is contained


def test_unique_values_are_told_apart_by_type():
    items = [None, None, True, 1, 1, 1.1, "1", [], [], [None], {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1}]
    unique = [None, True, 1, 1.1, "1", [], [None], {"a": 1, "b": 2}, {"a": 1}]
    assert json.dumps(call("States.ArrayUnique($)", items)) == json.dumps(unique)


def test_objects_are_merged_shallowly():
    # recorded: test_json_merge, test_json_merge_escaped_argument
    value = {"a": {"a": {"a1": 1}, "b": 2, "d": 3}, "b": {"a": {"a3": 1}, "c": 3, "d": 4}}
    assert call("States.JsonMerge($.a, $.b, false)", value) == {"a": {"a3": 1}, "b": 2, "d": 4, "c": 3}
    assert call("""States.JsonMerge(States.StringToJson('{"x": "false"}'), $.b, false)""", {"b": {"y": 1}}) == {
        "x": "false",
        "y": 1,
    }
    assert failure(call, "States.JsonMerge($.a, $.b, true)", value)[0] == "States.IntrinsicFailure"


def test_calls_stand_in_calls():
    # recorded: test_nested_calls_2, with another name
    parts = "States.StringSplit($, '-')"
    text = f"States.ArrayGetItem({parts}, States.MathAdd(States.ArrayLength({parts}), -1))"
    assert call(text, "a-b-c") == "c"


def test_arguments_come_from_the_context_and_from_variables():
    assert call("States.Array($$.Execution.Input.a, $v.b[0], $w)", variables={"v": {"b": [2]}, "w": None}) == [
        1,
        2,
        None,
    ]
    assert compile_expression("States.Array($v.b, States.Array($w, $.x), $$)", "x.$").variables() == {"v", "w"}


@pytest.mark.parametrize(
    "arguments", ["$.missing", "States.ArrayGetItem($.a, 5)", "States.ArrayLength('x')", "States.MathAdd('1', 2)"]
)
def test_a_call_that_fails_names_the_whole_expression(arguments):
    text = f"States.Array({arguments})"
    error, cause = failure(call, text, {"a": [1]})
    assert cause.startswith(f"The function '{text}' had the following error: ")
    assert error == ("States.Runtime" if arguments == "$.missing" else "States.IntrinsicFailure")


def test_a_missing_argument_is_told_with_the_input():
    # quoted from AWS in the README of the CDK construct HandleOptionalParameters; not in the recordings
    assert failure(call, "States.Array($.a.b)", {"other": [1, "é"]}) == (
        "States.Runtime",
        "The function 'States.Array($.a.b)' had the following error: The JsonPath argument for the field '$.a.b' could "
        'not be found in the input \'{"other":[1,"é"]}\'',
    )


@pytest.mark.parametrize(
    "text",
    [
        # recorded on AWS, localstack/localstack tests v4.14.0, test_base_scenarios test_illegal_escapes, 2025-02-02
        'States.StringToJson(\'{"text":"An \\"escaped double quote\\" here"}\')',
        "States.Format('He said, \\\"Hello, {}!\\\"', 'Test \\\"Name\\\" Here')",
        "States.Unknown()",
        "States.UUID(1)",
        "States.MathAdd(1)",
        "States.Format()",
        "States.Array(1",
        "States.Array(1,)",
        "States.Array('a)",
        "States.Array(a)",
        "States.Array(1).x",
        "States.Array($states.input)",
        "Array(1)",
        "$.a b",
        "",
    ],
)
def test_what_is_no_call_is_refused_in_the_words_of_aws(text):
    with pytest.raises(ExpressionError) as raised:
        compile_expression(text, "parsed.$")
    assert str(raised.value) == (
        "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call"
    )


def test_calls_can_be_ten_deep():
    def nested(depth):
        return "States.Array(" * depth + ")" * depth

    assert call(nested(10)) == [[[[[[[[[[]]]]]]]]]]
    with pytest.raises(ExpressionError):
        compile_expression(nested(11), "x.$")


def test_the_same_seed_gives_the_same_values():
    for text in ("States.UUID()", "States.MathRandom(0, 1000000)"):
        assert call(text, seed=1) == call(text, seed=1)
        assert call(text, seed=1) != call(text, seed=2)
    assert call("States.MathRandom(0, 1000000, 5)", seed=1) == call("States.MathRandom(0, 1000000, 5)", seed=2)
    assert uuid.UUID(call("States.UUID()")).version == 4


@given(st.integers(-1000, 1000), st.integers(1, 100))
def test_a_random_number_is_less_than_the_end(start, size):
    assert start <= call("States.MathRandom($.s, $.e)", {"s": start, "e": start + size}) < start + size


@given(st.lists(st.integers()), st.integers(1, 5))
def test_parts_of_an_array_make_the_array(items, size):
    parts = call("States.ArrayPartition($.a, $.n)", {"a": items, "n": size})
    assert [item for part in parts for item in part] == items
    assert len(parts) == math.ceil(len(items) / size)
    assert all(1 <= len(part) <= size for part in parts)


@given(st.text(max_size=50))
def test_texts_survive_base64(text):
    encoded = call("States.Base64Encode($.t)", {"t": text})
    assert encoded == base64.b64encode(text.encode()).decode()
    assert call("States.Base64Decode($.t)", {"t": encoded}) == text


@given(st.text(max_size=50))
def test_hashes_are_those_of_the_algorithms(text):
    for name, algorithm in {"MD5": hashlib.md5, "SHA-1": hashlib.sha1, "SHA-384": hashlib.sha384}.items():
        assert call("States.Hash($.t, $.a)", {"t": text, "a": name}) == algorithm(text.encode()).hexdigest()


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_literals_of_any_text_can_be_written(texts):
    literals = ", ".join("'" + text.replace("\\", "\\\\").replace("'", r"\'") + "'" for text in texts)
    assert call(f"States.Array({literals})") == texts


def test_texts_that_are_too_long_are_refused():
    for function in ("States.Base64Encode($.t)", "States.Base64Decode($.t)", "States.Hash($.t, 'MD5')"):
        assert failure(call, function, {"t": "a" * 10_001})[0] == "States.IntrinsicFailure"
        call(function, {"t": "aaaa" * 2_500})
