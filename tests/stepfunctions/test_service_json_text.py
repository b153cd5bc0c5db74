"""JSON that is none: the words, and the places, of the service's parser."""

from __future__ import annotations

import pytest

from sfn_harness.stepfunctions.json_text import JsonTextError, parse, write

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def refused(text: str) -> JsonTextError:
    with pytest.raises(JsonTextError) as caught:
        parse(text)
    return caught.value


class TestRecorded:
    """Recorded on AWS, localstack/localstack tests v4.14.0."""

    def test_a_word(self):
        # v2/test_sfn_api.py test_invalid_start_execution_input, 22-06-2023
        assert refused("not some json").reason == f"Unrecognized token 'not': was expecting {VALUES}"

    def test_an_apostrophe_in_the_place_of_a_quote(self):
        # the same test
        reason = "Unexpected character (''' (code 39)): was expecting double-quote to start field name"
        assert refused("{'not': 'json'").reason == reason

    def test_the_place(self):
        # v2/test_sfn_api_validation.py test_validate_state_machine_definition_not_a_definition, 19-10-2025
        error = refused("not a definition")
        assert error.location == '[Source: (String)"not a definition"; line: 1, column: 4]'
        assert str(error) == f"{error.reason}\n at {error.location}"


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "No content to map due to end-of-input", 1, 1),
        ('{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 9),
        (
            '{"a" 1}',
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
            1,
            7,
        ),
        ('{"a":1 "b"}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", 1, 9),
        ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 5),
        ("[1,\n ]", f"Unexpected character (']' (code 93)): expected a valid value {VALUES}", 2, 3),
        ('"a', "Unexpected end-of-input in VALUE_STRING", 1, 3),
        ('{"a', "Unexpected end-of-input in field name", 1, 4),
        ('{"a":', "Unexpected end-of-input within/between Object entries", 1, 6),
        ("01", "Invalid numeric value: Leading zeroes not allowed", 1, 2),
        ("NaN", f"Unrecognized token 'NaN': was expecting {VALUES}", 1, 4),
        ('"\\x"', "Unrecognized character escape 'x' (code 120)", 1, 4),
        ("{} x", "Unexpected character ('x' (code 120)): expected end of the document", 1, 5),
        ("-", "Unexpected end-of-input in VALUE_NUMBER_INT", 1, 2),
    ],
)
def test_faults(text, reason, line, column):
    error = refused(text)
    assert error.reason == reason
    assert error.location.endswith(f"; line: {line}, column: {column}]")


def test_an_open_container_names_its_start():
    start = '[Source: (String)"{"; line: 1, column: 1]'
    reason = f"Unexpected end-of-input: expected close marker for Object (start marker at {start})"
    assert refused("{").reason == reason


def test_a_control_character():
    assert refused('"a\nb"').reason.startswith("Illegal unquoted character ((CTRL-CHAR, code 10))")


def test_a_long_text_is_shown_in_part():
    location = refused("x" * 600).location
    assert location == f'[Source: (String)"{"x" * 500}"[truncated 100 chars]; line: 1, column: 601]'


def test_depth():
    assert parse("[" * 900 + "]" * 900)
    assert refused("[" * 100_000).reason.startswith("Document nesting depth (1001)")


def test_what_is_written_has_no_spaces():
    assert write({"a": [1, 2.5, None, True, "é"]}) == '{"a":[1,2.5,null,true,"é"]}'


def test_a_number_of_many_digits():
    assert parse("1" + "0" * 5000) == float("inf")
