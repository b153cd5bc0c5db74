"""JSONata as AWS evaluates it, and its fields.

"recorded" is: recorded on AWS, localstack/localstack tests v4.14.0, tests/aws/services/stepfunctions/v2/.
"documented" is: "Transforming data with JSONata in Step Functions".
"""

import asyncio
import hashlib
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions import jsonata_dialect
from sfn_harness.stepfunctions.expressions.compiler import compile_jsonata
from sfn_harness.stepfunctions.expressions.types import ExpressionError
from tests.stepfunctions.expression_world import CONTEXT, data_of, failure

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=4)
    ),
    max_leaves=12,
)


def evaluate(source, value=None, field="Output", **options):
    return compile_jsonata(f"{{% {source} %}}", field).evaluate(data_of(value, **options))


def cause(source, value=None, field="Output", **options):
    error, words = failure(lambda: evaluate(source, value, field, **options))
    assert error == "States.QueryEvaluationError"
    return words


def test_the_states_variable_has_the_input_the_result_and_the_context():
    assert evaluate("$states.input.a", {"a": 1}) == 1
    assert evaluate("$states.result[0]", result=[2]) == 2
    assert evaluate("$states.context.Execution.Id") == CONTEXT["Execution"]["Id"]
    assert evaluate("$states.context") == CONTEXT
    assert evaluate("$states", 3) == {"input": 3, "context": CONTEXT}
    assert evaluate("$a & $b.c", variables={"a": "x", "b": {"c": "y"}}) == "xy"


@given(JSON)
def test_data_comes_through_as_it_is(value):
    for source in ("$states.input", "$x", "($states.input)", "{'v': $x}.v"):
        assert json.dumps(evaluate(source, value, variables={"x": value})) == json.dumps(value)


@given(st.dictionaries(st.sampled_from("abc"), JSON), st.sampled_from("abc"))
def test_members_named_directly_are_those_that_the_evaluator_finds(value, name):
    inner = "abc"[len(value) % 3]

    def outcome(source):
        try:
            return evaluate(source, value)
        except EvaluationError as error:
            return error.cause.replace(source, "")

    # the second is not a plain name, and goes through the evaluator
    assert outcome(f"$states.input.{name}") == outcome(f"$states.input.`{name}`")
    assert outcome(f"$states.input.{name}.{inner}") == outcome(f"$states.input.{name}.`{inner}`")


def test_a_text_has_no_members():
    assert "returned nothing (undefined)." in cause("$states.input.a", "abc")
    assert "returned nothing (undefined)." in cause("$states.input.a.b", {"a": "abc"})


def test_an_evaluation_leaves_nothing_behind():
    expression = compile_jsonata("{% ($y := $exists($y); [$exists($x), $y]) %}", "Output")
    assert expression.evaluate(data_of(variables={"x": 1})) == [True, False]
    assert expression.evaluate(data_of()) == [False, False]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$partition([1,2,3,4,5,6,7], 3)", [[1, 2, 3], [4, 5, 6], [7]]),
        ("$partition([], 1)", []),
        ("$partition([0], 5)", [[0]]),
        ("$range(0, 9, 3)", [0, 3, 6, 9]),
        ("$range(1, 9, 2)", [1, 3, 5, 7, 9]),
        ("$range(1, 9, 9)", 1),  # recorded: intrinsic_functions/test_array_jsonata; one number is no array
        ("$range(5, 1, -2)", [5, 3, 1]),
        ("$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("$parse('[1, 2, \"HelloWorld\"]')", [1, 2, "HelloWorld"]),
        ("$parse('-0')", 0),
        ("$parse('null')", None),
        ("$number('12')", 12),
        ("5.5 % 2", 1.5),
        ("1/2", 0.5),
        ("4/2", 2),
        ("$now()", "2023-11-14T22:13:20.500Z"),
        ("$millis()", 1_700_000_000_500),
        ("$contains('hello', /^h.*O$/i)", True),
        ("$contains('a\n', /a$/)", False),
        ("$match('ab12', /(?<letters>[a-z]+)/).match", "ab"),
        ("[1..3].($*2)", [2, 4, 6]),
        ("{'a': $states.input.missing}", {}),
        ("[null]", [None]),
        ("$string([1.0, 1.5])", "[1,1.5]"),
    ],
)
def test_functions_give_what_aws_gives(source, value):
    # recorded: intrinsic_functions/test_array_jsonata, test_json_manipulation_jsonata, or documented
    assert json.dumps(evaluate(source, {})) == json.dumps(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$states.input.n = null", True),
        ("$x = null", True),
        ("$exists($states.input.n)", True),
        ("$exists($states.input.missing)", False),
        ("$states.input.l[$ = null]", [None, None]),
        ("$states.input.l[0]", None),
        ("$count($states.input.l)", 3),
        ("null in $states.input.l", True),
        ("$map($states.input.l, function($v){$v = null})", [True, False, True]),
        ("$filter($states.input.l, function($v){$v != null})", 1),
        ("$distinct($states.input.l)", [None, 1]),
        ("$append($states.input.l, null)", [None, 1, None, None]),
        ("$string($states.input.l)", "[null,1,null]"),
        ("$states.input.l & ''", "[null,1,null]"),
        ("$type($states.input.l[2])", "null"),
        ("$parse('[null]')[$ = null]", None),
        ("{'a': $states.input.n, 'b': [null]}", {"a": None, "b": [None]}),
    ],
)
def test_null_is_a_value(source, value):
    # as JSONata 2.0.6 has it; the package takes a null in an array for nothing
    assert evaluate(source, {"n": None, "l": [None, 1, None]}, variables={"x": None}) == value


@pytest.mark.parametrize("function", ["length", "hash", "parse", "number", "uppercase"])
def test_null_is_no_argument_of_a_function_of_strings(function):
    words = f'T0410: Argument 1 of function "{function}" does not match function signature'
    assert words in cause(f"${function}(null)")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        # recorded: assign/test_assign_reference_variables test_undefined_reference, 2024-11-21
        ("$doesNotExist", "returned nothing (undefined)."),
        # recorded: intrinsic_functions/test_math_operations_jsonata test_math_random_seeded, 2024-11-15
        ("$randomSeeded(1)", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        # documented: "$eval is not available"
        ("$eval('1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        # recorded: scenarios/test_base_scenarios test_map_state_items_eval_jsonata_fail[function]
        ("$fn := function($x){$x}", "returned an unsupported result type."),
        ("{'a': [$sum]}", "returned an unsupported result type."),
        # the words of JSONata 2.0.6, jsonata.js
        (
            "'a' + 1",
            'threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number',
        ),
        ("-'a'", 'threw an error during evaluation. D1002: Cannot negate a non-numeric value: "a"'),
        ("$number('x')", 'threw an error during evaluation. D3030: Unable to cast value to a number: "x"'),
        (
            "1 < 'a'",
            'threw an error during evaluation. T2009: The values 1 and "a" either side of operator "<" must be of the '
            "same data type",
        ),
        (
            "$uppercase(1)",
            'threw an error during evaluation. T0410: Argument 1 of function "uppercase" does not match function '
            "signature",
        ),
        ("$error('boom')", "threw an error during evaluation. D3137: boom"),
        (
            "$toMillis('x')",
            "threw an error during evaluation. D3110: The argument of the toMillis function must be an ISO 8601 "
            'formatted timestamp. Given "x"',
        ),
    ],
)
def test_what_cannot_be_evaluated_is_told_with_the_expression_and_the_field(source, words):
    expected = f"The JSONata expression '{source}' specified for the field 'Output/a' {words}"
    assert cause(source, {}, "Output/a") == expected


def test_an_error_knows_its_field():
    # recorded: assign/test_assign_reference_variables test_undefined_reference, 2024-11-21: EvaluationFailed events
    with pytest.raises(EvaluationError) as raised:
        evaluate("$doesNotExist", field="Assign/result")
    assert raised.value.location == "Assign/result"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1", "'number' for value: 1"),
        ("'string'", "'string' for value: \"string\""),
        ("true", "'boolean' for value: true"),
        ("{'foo': 'bar'}", '\'object\' for value: {"foo":"bar"}'),
        ("null", "'null' for value: null"),
    ],
)
def test_items_are_an_array(source, shown):
    # recorded: scenarios/test_base_scenarios test_map_state_items_eval_jsonata_fail, 2024-11-19
    assert cause(source, field="Items") == (
        f"The JSONata expression '{source}' specified for the field 'Items' returned an unexpected result type. "
        f"Expected 'array', but was {shown}"
    )
    assert evaluate("[1]", field="Items") == [1]


@pytest.mark.parametrize(
    "timestamp",
    [
        "2016-12-05 21:29:29Z",
        "2016-12-05T21:29:29",
        "2016-13-05T21:29:29Z",
        "2016-12-05T25:29:29Z",
        "05-12-2016T21:29:29Z",
    ],
)
def test_a_timestamp_is_one(timestamp):
    # recorded: scenarios/test_base_scenarios test_wait_timestamp_jsonata
    words = "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "
    assert cause("$states.input", timestamp, "Timestamp") == words + timestamp
    assert evaluate("$states.input", "2016-12-05T21:29:29.1Z", "Timestamp") == "2016-12-05T21:29:29.1Z"


@pytest.mark.parametrize("field", ["Seconds", "TimeoutSeconds", "MaxConcurrency", "ToleratedFailureCount"])
def test_numbers_of_fields_are_whole(field):
    assert evaluate("$states.input * 2", 2.5, field) == 5
    assert "Expected 'number', but was 'string' for value: \"5\"" in cause("$states.input", "5", field)
    assert "Expected 'integer', but was 'number' for value: 2.5" in cause("$states.input", 2.5, field)


@pytest.mark.parametrize("source", ["(", "$f(", "{'a'}", "1 +", "'a", "/(/", "a ?? b", "$a ?: 1", "", "1 2", "$sum(1"])
def test_what_is_no_expression_is_refused(source):
    with pytest.raises(ExpressionError) as raised:
        compile_jsonata(f"{{% {source} %}}", "Output")
    assert raised.value.code == "INVALID_JSONATA_EXPRESSION"


@pytest.mark.parametrize(
    "source",
    ["'a ?? b'", '"?:"', "$states.input.`??`", "/* ?? */ 1", "$contains('a', /a??/)", "true ? 1 : 2", "$f(?, 1)"],
)
def test_what_only_looks_like_later_syntax_is_taken(source):
    compile_jsonata(f"{{% {source} %}}", "Output")


def test_an_evaluation_that_does_not_end_is_stopped(monkeypatch):
    monkeypatch.setattr(jsonata_dialect, "MAX_STEPS", 10_000)
    assert "D1011: Stack overflow" in cause("($f := function($x){1 + $f($x)}; $f(1))")
    assert "D1012: Evaluation timeout" in cause("($f := function($x){$f($x)}; $f(1))")


def test_what_is_evaluated_is_not_changed():
    value = {"empty": [], "list": [3, 1, 2], "object": {"a": None}}
    before = json.dumps(value)
    for source in (
        "$states.input.empty{'k': 1}",
        "$sort($states.input.list)",
        "$append($states.input.list, 4)",
        "$states.input ~> |object|{'b': 1}, 'a'|",
        "$reverse($states.input.list)",
        "$merge([$states.input.object, {'c': null}])",
        "$shuffle($states.input.list)",
    ):
        evaluate(source, value)
        assert json.dumps(value) == before, source


def test_the_same_seed_gives_the_same_values():
    for source in ("$random()", "$uuid()", "$shuffle([1..20])"):
        assert evaluate(source, seed=1) == evaluate(source, seed=1)
        assert evaluate(source, seed=1) != evaluate(source, seed=2)
    assert evaluate("$random(5)", seed=1) == evaluate("$random(5)", seed=2)
    assert 0 <= evaluate("$random()") < 1
    assert uuid.UUID(evaluate("$uuid()")).version == 4


def test_expressions_can_take_turns():
    """The package keeps the expression that is evaluated for the thread; others must not meet it."""
    first = compile_jsonata("{% ($x := $states.input; $map([1..3], function($i){$i + $x + $y})) %}", "Output")
    second = compile_jsonata("{% $now() & $string($states.input ~> $map(function($v){$v & $y})) %}", "Output")

    compile_jsonata("{% 1 %}", "Output")

    async def run(number):
        results = []
        for _ in range(3):
            data = (
                data_of(number, variables={"y": number}) if number % 2 else data_of(["a", "b"], variables={"y": number})
            )
            data.environment.now = lambda: float(number)
            results.append((first if number % 2 else second).evaluate(data))
            await asyncio.sleep(0)
        return results

    async def run_all():
        return await asyncio.gather(*map(run, range(6)))

    for number, results in enumerate(asyncio.run(run_all())):
        if number % 2:
            assert results == [[2 * number + 1, 2 * number + 2, 2 * number + 3]] * 3
        else:
            moment = f"1970-01-01T00:00:0{number}.000Z"
            assert results == [f'{moment}["a{number}","b{number}"]'] * 3


@given(st.text(max_size=30))
def test_hashes_are_those_of_the_algorithms(text):
    assert evaluate("$hash($states.input, 'MD5')", text) == hashlib.md5(text.encode()).hexdigest()
    assert evaluate("$hash($states.input, 'SHA-512')", text) == hashlib.sha512(text.encode()).hexdigest()


@given(JSON)
def test_json_is_parsed(value):
    assert evaluate("$parse($states.input)", json.dumps(value)) == value


@given(st.lists(st.integers()), st.integers(1, 4))
def test_parts_of_an_array_make_the_array(items, size):
    parts = evaluate("$partition($states.input.a, $states.input.n)", {"a": items, "n": size})
    assert [item for part in parts for item in part] == items
    assert all(len(part) == size for part in parts[:-1])
