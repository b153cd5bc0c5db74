"""Payload templates.

"recorded" is: recorded on AWS, localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.stepfunctions.expressions.compiler import compile_template
from sfn_harness.stepfunctions.expressions.types import ExpressionError, QueryLanguage
from tests.stepfunctions.expression_world import data_of, failure


def build(template, value=None, language=QueryLanguage.JSONPATH, field="Parameters", **options):
    return compile_template(template, language, field).evaluate(data_of(value, **options))


def build_jsonata(template, value=None, field="Output", **options):
    return build(template, value, QueryLanguage.JSONATA, field, **options)


def test_members_whose_names_end_in_a_dollar_are_expressions():
    template = {
        "constant": "$.a",
        "constant$": "$.a",
        "copied.$": "$.a",
        "object": {"list": [{"inner.$": "$.a.b", "n": None}, "$.a"], "from.$": "$$.Execution.Id"},
        "variable.$": "$x.y",
        "called.$": "States.Format('{}-{}', $.a.b, $x.y)",
        "found.$": "$.list[?(@.n > 1)].n",
    }
    value = {"a": {"b": 1}, "list": [{"n": 1}, {"n": 2}, {"n": 3}]}
    assert build(template, value, variables={"x": {"y": "z"}}) == {
        "constant": "$.a",
        "constant$": "$.a",
        "copied": {"b": 1},
        "object": {"list": [{"inner": 1, "n": None}, "$.a"], "from": "arn:x"},
        "variable": "z",
        "called": "1-z",
        "found": [2, 3],
    }
    assert compile_template(template, QueryLanguage.JSONPATH, "Parameters").variables() == {"x"}


def test_the_order_of_members_is_that_of_the_template():
    assert list(build({"b.$": "$", "a": 1, "c": {"d.$": "$"}}, 1)) == ["b", "a", "c"]


def test_a_missing_member_is_told_by_its_own_name():
    # recorded: scenarios/test_base_scenarios test_invalid_jsonpath[INVALID_JSONPATH_IN_STRING_EXPR_CONTEXTPATH]
    error, cause = failure(build, {"outer": {"value.$": "$$.Execution.Input.no_such_jsonpath"}}, {})
    assert error == "States.Runtime"
    assert cause.startswith(
        "The JSONPath '$$.Execution.Input.no_such_jsonpath' specified for the field 'value.$' could not be found in "
        "the input '"
    )


@pytest.mark.parametrize("text", ["a", 1, None, {}, "$.a b", "States.Nothing()", "$states.input"])
def test_a_member_that_is_no_expression_is_refused(text):
    # the words are recorded: scenarios/test_base_scenarios test_illegal_escapes, 2025-02-02
    with pytest.raises(ExpressionError) as raised:
        compile_template({"a": [{"x.$": text}]}, QueryLanguage.JSONPATH, "Parameters")
    assert (
        str(raised.value) == "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call"
    )


def test_strings_in_braces_are_jsonata():
    # recorded: outputdecl/test_output test_base_cases, 2026-02-19: blanks around the braces make it a text
    template = {
        "constant_not_jsonata": " {% states.input %} ",
        "constant_varpath_states": "$states.input",
        "constant_jp_input.$": "$",
        "lst": [None, 0.1, True, {"in": "{% $states.input.a & '!' %}"}],
        "ja_expr": "{% $sum($states.input.values) + $v %}",
        "ja_input": "{% $states.input.a %}",
    }
    assert build_jsonata(template, {"a": "x", "values": [1, 2, 3]}, variables={"v": 1}) == {
        "constant_not_jsonata": " {% states.input %} ",
        "constant_varpath_states": "$states.input",
        "constant_jp_input.$": "$",
        "lst": [None, 0.1, True, {"in": "x!"}],
        "ja_expr": 7,
        "ja_input": "x",
    }
    assert compile_template(template, QueryLanguage.JSONATA, "Output").variables() == frozenset()


def test_an_expression_that_is_not_closed_is_refused():
    # seen on AWS: cdk-preflight, rule pf-sfn-asl-query-language, 2026-09-05
    with pytest.raises(ExpressionError) as raised:
        compile_template({"a": [0, "{% $x "]}, QueryLanguage.JSONATA, "Output")
    assert (str(raised.value), raised.value.inside) == ("JSONata string must start with {% and end with %}", "/a[1]")


@pytest.mark.parametrize(
    ("template", "place"),
    [("{% $no %}", "Output"), ({"a": {"b": "{% $no %}"}}, "Output/a/b"), ({"a": [1, "{% $no %}"]}, "Output/a[1]")],
)
def test_causes_name_the_place_in_the_template(template, place):
    # recorded for members: assign/test_assign_reference_variables test_undefined_reference, 2024-11-21
    assert failure(build_jsonata, template) == (
        "States.QueryEvaluationError",
        f"The JSONata expression '$no' specified for the field '{place}' returned nothing (undefined).",
    )


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab${}%. ", max_size=5).filter(lambda text: "{%" not in text),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_a_template_without_expressions_is_its_own_value(template):
    assert build(template) == template
    assert build_jsonata(template) == template


def _with_expressions(template, expected, mark):
    """Replace the numbers in a template by what reads them from an array, and note the array."""
    if isinstance(template, dict):
        return {name: _with_expressions(member, expected, mark) for name, member in template.items()}
    if isinstance(template, list):
        return [_with_expressions(item, expected, mark) for item in template]
    if isinstance(template, int) and not isinstance(template, bool):
        expected.append(template)
        return mark(len(expected) - 1)
    return template


@given(_VALUES)
def test_a_jsonata_template_gives_what_its_expressions_give(value):
    numbers = []
    template = _with_expressions(value, numbers, lambda index: f"{{% $states.input[{index}] %}}")
    assert build_jsonata(template, numbers) == value


@given(st.dictionaries(st.text("ab", min_size=1, max_size=2), _VALUES, max_size=4))
def test_a_jsonpath_template_gives_what_its_expressions_give(value):
    template = {f"{name}.$": f"$['{name}']" for name in value}
    assert build({"outer": [template]}, value) == {"outer": [value]}
