"""Choice rules.

"recorded" is: recorded on AWS, localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/
choice_operators, 2023-03-01 to 2023-06-22. There, each operator was tried on values of all types.
"""

import itertools
import operator
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.stepfunctions.expressions.compiler import compile_choice
from sfn_harness.stepfunctions.expressions.types import ExpressionError, QueryLanguage
from tests.stepfunctions.expression_world import data_of, failure


def holds(rule, value, **options):
    return compile_choice({**rule, "Next": "N"}, QueryLanguage.JSONPATH).holds(data_of(value, **options))


VALUES = [None, 0, 0.0, 1, 1.1, "", " ", "HelloWorld", "2012-10-09T19:00:55", "2012-10-09T19:00:55Z"]
VALUES += ["2012-10-09T19:00:55+01:00", "2023-02-24", [], [""], {}, {"A": 0}, True, False]
TESTS = {
    "IsNull": [None],
    "IsNumeric": [0, 0.0, 1, 1.1],
    "IsBoolean": [True, False],
    "IsString": [value for value in VALUES if isinstance(value, str)],
    "IsTimestamp": ["2012-10-09T19:00:55Z", "2012-10-09T19:00:55+01:00"],
    "IsPresent": VALUES,
}


@pytest.mark.parametrize("test", TESTS)
def test_questions_about_the_type(test):
    # recorded: test_is_operators (IsTimestamp: documented)
    for value in VALUES:
        expected = any(type(value) is type(each) and value == each for each in TESTS[test])
        assert holds({"Variable": "$.v", test: True}, {"v": value}) is expected, value
        assert holds({"Variable": "$.v", test: False}, {"v": value}) is not expected, value


LITERALS = {"Boolean": True, "Numeric": 1, "String": "b", "Timestamp": "2012-10-09T19:00:55Z"}
LIKE = {
    "Boolean": lambda value: isinstance(value, bool),
    "Numeric": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Timestamp": lambda value: value in ("2012-10-09T19:00:55Z", "2012-10-09T19:00:55+01:00"),
}


@pytest.mark.parametrize("kind", LITERALS)
def test_values_of_other_types_never_match(kind):
    # recorded: test_numeric, test_boolean_equals, test_string_operators, test_timestamp_operators
    for value, comparison in itertools.product(VALUES, ["Equals"] if kind == "Boolean" else COMPARISONS):
        if not LIKE[kind](value):
            assert not holds({"Variable": "$.v", f"{kind}{comparison}": LITERALS[kind]}, {"v": value}), value
            rule = {"Variable": "$.v", f"{kind}{comparison}Path": "$.w"}
            assert not holds(rule, {"v": value, "w": LITERALS[kind]}), value
            assert not holds(rule, {"v": LITERALS[kind], "w": value}), value


COMPARISONS = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}


@given(st.sampled_from(list(COMPARISONS)), st.integers() | st.floats(allow_nan=False), st.integers() | st.floats(-9, 9))
def test_numbers_compare_by_value(name, first, second):
    expected = COMPARISONS[name](first, second)
    assert holds({"Variable": "$.a", f"Numeric{name}": second}, {"a": first}) is expected
    assert holds({"Variable": "$.a", f"Numeric{name}Path": "$.b"}, {"a": first, "b": second}) is expected


@given(st.sampled_from(list(COMPARISONS)), st.text("abé", max_size=3), st.text("abé", max_size=3))
def test_strings_compare_by_their_characters(name, first, second):
    expected = COMPARISONS[name](first, second)
    assert holds({"Variable": "$.a", f"String{name}": second}, {"a": first}) is expected


_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.builds(
    lambda day, minute, zone: datetime(2024, 2, day, 0, minute, tzinfo=zone),
    st.integers(1, 3),
    st.integers(0, 59),
    _ZONES,
)


@given(st.sampled_from(list(COMPARISONS)), _MOMENTS, _MOMENTS)
def test_timestamps_compare_by_their_moment(name, first, second):
    rule = {"Variable": "$.a", f"Timestamp{name}": second.isoformat().replace("+00:00", "Z")}
    assert holds(rule, {"a": first.isoformat()}) is COMPARISONS[name](first, second)


def test_timestamps_of_different_zones_can_be_equal():
    rule = {"Variable": "$", "TimestampEquals": "2012-10-09T19:00:55.500Z"}
    assert holds(rule, "2012-10-09T20:00:55.5+01:00")
    assert not holds(rule, "2012-10-09T19:00:55.500+01:00")
    assert not holds(rule, "2012-10-09T19:00:55.501Z")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*.log", "a.log", True),
        ("*.log", "a.log\n.log", True),
        ("*.log", "a.logs", False),
        ("a*b*c", "abc", True),
        ("a*b*c", "acb", False),
        (r"\*.log", "*.log", True),
        (r"\*.log", "a.log", False),
        (r"\\*", "\\x", True),
        ("a.c", "abc", False),
        ("", "", True),
        ("*", 1, False),
    ],
)
def test_an_asterisk_stands_for_any_characters(pattern, text, matches):
    # documented: "Choice workflow state", StringMatches
    assert holds({"Variable": "$", "StringMatches": pattern}, text) is matches


def _compound(inner):
    many = st.tuples(st.sampled_from(["And", "Or"]), st.lists(inner, min_size=1, max_size=3))
    return many | inner.map(lambda each: ("Not", each))


@given(st.recursive(st.booleans(), _compound, max_leaves=8))
def test_rules_can_be_nested(formula):
    def rule(part):
        if isinstance(part, bool):
            return {"Variable": "$.yes", "BooleanEquals": part}
        name, inner = part
        return {name: rule(inner) if name == "Not" else [rule(each) for each in inner]}

    def truth(part):
        if isinstance(part, bool):
            return part
        name, inner = part
        return not truth(inner) if name == "Not" else (all if name == "And" else any)(truth(each) for each in inner)

    assert holds(rule(formula), {"yes": True}) is truth(formula)


def test_a_variable_that_is_not_there_ends_the_execution():
    # quoted from AWS by many of its users; not in the recordings
    cause = "Invalid path '$.b': The choice state's condition path references an invalid value."
    is_one, is_null = {"Variable": "$.b", "NumericEquals": 1}, {"Variable": "$.b", "IsNull": True}
    for rule in (is_one, is_null, {"Variable": "$.a", "NumericEqualsPath": "$.b"}):
        assert failure(holds, rule, {"a": 1}) == ("States.Runtime", cause)
    is_present = {"Variable": "$.b", "IsPresent": True}
    assert not holds(is_present, {"a": 1})
    assert not holds({"And": [is_present, is_one]}, {"a": 1})


def test_variables_of_the_workflow_are_compared():
    # recorded: assign/test_assign_reference_variables test_reference_assign[BASE_REFERENCE_IN_CHOICE], 2024-11-12
    rule = {"Variable": "$guess", "StringEqualsPath": "$answer"}
    assert not holds(rule, None, variables={"guess": "the_guess", "answer": "the_answer"})
    assert holds(rule, None, variables={"guess": "the_answer", "answer": "the_answer"})
    compiled = compile_choice({"Not": {"And": [rule, {"Variable": "$x.y", "IsNull": True}]}}, QueryLanguage.JSONPATH)
    assert compiled.variables() == {"guess", "answer", "x"}
    assert not holds({"Variable": "$other", "IsPresent": True}, None, variables={"guess": 1})


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"Variable": "$.a"},
        {"Variable": "$.a", "StringEqual": "b"},
        {"Variable": "$.a", "StringEquals": 1},
        {"Variable": "$.a", "StringEquals": "b", "IsNull": True},
        {"Variable": "a", "IsNull": True},
        {"And": []},
        {"Variable": "$.a", "IsNull": "true"},
        {"Variable": "$.a", "TimestampEquals": "2012"},
        {"StringEquals": "b"},
        {"Variable": "$.a", "StringMatchesPath": "$.b"},
        {"Variable": "$.a", "NumericEqualsPath": "b"},
        {"Not": []},
        {"Variable": "$.a", "BooleanLessThan": True},
        {"Variable": "$.a", "NumericEquals": True},
    ],
)
def test_a_rule_that_is_none_is_refused(rule):
    with pytest.raises(ExpressionError):
        compile_choice(rule, QueryLanguage.JSONPATH)


def test_conditions_are_booleans():
    def condition(text, value=None):
        return compile_choice({"Condition": text, "Next": "N"}, QueryLanguage.JSONATA).holds(data_of(value))

    assert condition(True) is True
    assert condition("{% $states.input.a = 1 %}", {"a": 1}) is True
    assert condition("{% $states.input.a = 1 %}", {"a": 2}) is False
    error, cause = failure(condition, "{% $states.input.a %}", {"a": 1})
    assert error == "States.QueryEvaluationError"
    assert cause == (
        "The JSONata expression '$states.input.a' specified for the field 'Condition' returned an unexpected result "
        "type. Expected 'boolean', but was 'number' for value: 1"
    )
    for text in ("true", 1, None, "{% ( %}"):
        with pytest.raises(ExpressionError):
            compile_choice({"Condition": text}, QueryLanguage.JSONATA)
