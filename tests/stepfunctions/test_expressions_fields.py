"""Paths in fields: where they read from, and AWS's words for what a field does not take.

"recorded" is: recorded on AWS, localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/.
"""

import pytest

from sfn_harness.stepfunctions.expressions.compiler import compile_expression, compile_path, compile_reference
from sfn_harness.stepfunctions.expressions.types import ExpressionError
from tests.stepfunctions.expression_world import CONTEXT, data_of, failure


def read(text, field, value=None, **options):
    return compile_path(text, field).evaluate(data_of(value, **options))


def test_a_path_reads_from_the_data_the_context_or_a_variable():
    assert read("$", "InputPath", {"a": 1}) == {"a": 1}
    assert read("$.a", "InputPath", {"a": 1}) == 1
    assert read("$$", "InputPath") == CONTEXT
    assert read("$$.Execution.Input['a']", "InputPath") == 1
    assert read("$a", "InputPath", {"a": 1}, variables={"a": [2]}) == [2]
    assert read("$a[0]", "InputPath", {"a": 1}, variables={"a": [2]}) == 2
    assert compile_path("$a_1.b", "InputPath").variables() == {"a_1"}
    assert compile_path("$.a_1.b", "InputPath").variables() == frozenset()


# recorded: scenarios/test_base_scenarios test_invalid_jsonpath (2024-12-05), base/test_wait, logs/test_logs
@pytest.mark.parametrize(
    ("field", "cause"),
    [
        ("InputPath", "Invalid path '$.b' : No results for path: $['b']"),
        ("OutputPath", "Invalid path '$.b' : No results for path: $['b']"),
        ("TimeoutSecondsPath", "Invalid path '$.b' : No results for path: $['b']"),
        ("HeartbeatSecondsPath", "Invalid path '$.b' : No results for path: $['b']"),
        (
            "ErrorPath",
            "The JSONPath '$.b' specified for the field 'ErrorPath' could not be found in the input '{\"a\":1}'",
        ),
        (
            "CausePath",
            "The JSONPath '$.b' specified for the field 'CausePath' could not be found in the input '{\"a\":1}'",
        ),
        ("SecondsPath", "The SecondsPath parameter does not reference an input value: $.b"),
    ],
)
def test_a_path_that_leads_to_nothing(field, cause):
    assert failure(read, "$.b", field, {"a": 1}) == ("States.Runtime", cause)


def test_a_member_that_is_missing_is_told_with_its_name_and_the_input():
    # recorded: scenarios/test_base_scenarios test_invalid_jsonpath, 2024-12-05
    member = compile_expression("$.no_such_jsonpath", "value.$")
    assert failure(member.evaluate, data_of({"int-literal": 0})) == (
        "States.Runtime",
        "The JSONPath '$.no_such_jsonpath' specified for the field 'value.$' could not be found in the input "
        "'{\"int-literal\":0}'",
    )


# recorded: base/test_wait test_base_wait_seconds_path (2024-03-22), test_wait_timestamppath; scenarios/
# test_base_scenarios test_wait_timestamp_path, test_max_concurrency_path, test_map_state_tolerated_failure_*_path
# (2024-06-19), test_map_item_reader_csv_max_items_paths (2024-03-25); test_state/test_state_context_object (2025-12-03)
@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [
        ("SecondsPath", -1, "The SecondsPath parameter references a negative value: $.v == -1"),
        ("SecondsPath", 1.5, "The SecondsPath parameter cannot be parsed as a long value: $.v == 1.5"),
        ("SecondsPath", -1.5, "The SecondsPath parameter cannot be parsed as a long value: $.v == -1.5"),
        (
            "TimestampPath",
            "2016-12-05 21:29:29Z",
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            "$.v == 2016-12-05 21:29:29Z",
        ),
        ("ItemsPath", {}, 'Reference path "$.v" must point to array.'),
        (
            "MaxConcurrencyPath",
            {},
            'The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.v',
        ),
        (
            "MaxConcurrencyPath",
            "NoNumber",
            'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.v',
        ),
        (
            "ItemReader/ReaderConfig/MaxItemsPath",
            1.5,
            'The MaxItemsPath field refers to value "1.5" which is not a valid integer: $.v',
        ),
        ("ToleratedFailureCountPath", -1, "ToleratedFailureCount cannot be negative."),
        ("ToleratedFailurePercentagePath", -1.1, "ToleratedFailurePercentage must be between 0 and 100."),
        ("ToleratedFailurePercentagePath", 100.1, "ToleratedFailurePercentage must be between 0 and 100."),
        (
            "ToleratedFailurePercentagePath",
            "NoNumber",
            'The ToleratedFailurePercentagePath field refers to value "NoNumber" which is not a valid float: $.v',
        ),
    ],
)
def test_a_path_that_leads_to_what_the_field_does_not_take(field, value, cause):
    assert failure(read, "$.v", field, {"v": value}) == ("States.Runtime", cause)


def test_a_path_into_the_context_is_named_with_one_dollar():
    # recorded: test_state/test_state_context_object test_state_map_context_object, 2025-12-03
    assert failure(read, "$$", "ItemsPath")[1] == 'Reference path "$" must point to array.'
    assert failure(read, "$$.Execution.Input", "ItemsPath")[1] == (
        'Reference path "$.Execution.Input" must point to array.'
    )


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("SecondsPath", 0, 0),
        ("TimestampPath", "2016-12-05T21:29:29Z", "2016-12-05T21:29:29Z"),
        ("MaxConcurrencyPath", -1, -1),  # recorded: test_max_concurrency_path_negative, 2024-04-22
        # recorded: assign/test_assign_reference_variables test_reference_in_map_state (2024-11-18)
        ("MaxConcurrencyPath", "1", 1),
        ("ToleratedFailureCountPath", "1", 1),
        ("ToleratedFailurePercentagePath", "1", 1.0),
        ("ToleratedFailurePercentagePath", 1.1, 1.1),
        ("ItemsPath", [1], [1]),
        ("CausePath", "text", "text"),
    ],
)
def test_a_path_that_leads_to_what_the_field_takes(field, value, taken):
    assert read("$.v", field, {"v": value}) == taken


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        # seen on AWS: cdk-preflight, rule pf-sfn-asl-jsonpath-syntax, 2026-09-05
        ("a.b", "InputPath", "Value must be a valid JSONPath."),
        ("$.a.", "OutputPath", "Value must be a valid JSONPath."),
        ("$.a[*]", "ItemsPath", "Value is not a Reference Path"),
        ("$..a", "ItemsPath", "Value is not a Reference Path"),
    ],
)
def test_what_is_no_path_is_refused_in_the_words_of_aws(text, field, words):
    with pytest.raises(ExpressionError) as raised:
        compile_path(text, field)
    assert str(raised.value) == words


def test_a_path_needs_an_input():
    # quoted from AWS: Stack Overflow, "AWS Step function parameters are not moving to the next step", an input of null
    cause = "Unable to apply Path transformation to null or empty input."
    for evaluate in (compile_expression("$", "Input.$").evaluate, compile_path("$.a", "InputPath").evaluate):
        assert failure(evaluate, data_of(None)) == ("States.Runtime", cause)
    assert read("$", "InputPath", None) is None
    assert read("$v", "InputPath", None, variables={"v": None}) is None
    assert compile_expression("$$.Execution.Id", "x.$").evaluate(data_of(None)) == "arn:x"


def write(path, target, value):
    return compile_reference(path).write(target, value, data_of())


@pytest.mark.parametrize(
    ("path", "target", "result"),
    [
        ("$", {"a": 1}, "new"),
        ("$.a", {"a": 1, "b": 2}, {"a": "new", "b": 2}),
        ("$.c", {"a": 1}, {"a": 1, "c": "new"}),
        ("$.c.d['e f']", {"a": 1}, {"a": 1, "c": {"d": {"e f": "new"}}}),
        ("$.a[1].b", {"a": [0, {"c": 1}]}, {"a": [0, {"c": 1, "b": "new"}]}),
    ],
)
def test_a_result_is_written_into_a_copy(path, target, result):
    before = repr(target)
    assert write(path, target, "new") == result
    assert repr(target) == before


@pytest.mark.parametrize(
    ("path", "target"), [("$.a", "text"), ("$.a.b", {"a": 1}), ("$.a[1]", {"a": [0]}), ("$.a", [])]
)
def test_a_result_that_has_no_place_is_told(path, target):
    # the error's name is documented, "Error names in Step Functions"; the words are from memory
    assert failure(write, path, target, 1)[0] == "States.ResultPathMatchFailure"


@pytest.mark.parametrize("path", ["$.a[*]", "$..a", "$.a[?(@.b)]", "$.a[0,1]", "$.a[0:1]", "$$.a", "$name", "$.a[-1]"])
def test_a_result_is_written_to_one_place_only(path):
    with pytest.raises(ExpressionError) as raised:
        compile_reference(path)
    assert str(raised.value) == "Value is not a Reference Path"
