"""What the engine does beyond rendering: errors, API Gateway's own rules, objects of the application's."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest

from sfn_harness.velocity import HostObject, MethodError, Template, TemplateError, java_method, parse


def render(template: str, **variables: Any) -> str:
    return Template(template).render(variables)


@pytest.mark.parametrize(
    ("template", "line", "column", "said"),
    [
        ("#if(true)\n a", 1, 1, "#end was expected for #if, and the end of the template came"),
        ("a\n #end", 2, 2, "#end does not belong to any"),
        ("#set(x = 1)", 1, 6, "a reference such as $name was expected"),
        ("#set($x 1)", 1, 9, "= was expected"),
        ("#set($x = 1", 1, 12, ") was expected to close #set"),
        ("#set($x = )", 1, 11, "an operand was expected, and ) came"),
        ("#set($x = [1,)", 1, 14, "a value was expected"),
        ("#set($x = {'a' 1})", 1, 16, ": was expected between a map's key and value"),
        ('a\n#set($x = "b)', 2, 11, "this string does not end"),
        ("${x", 1, 4, "} was expected to close ${x"),
        ("$x[]", 1, 4, "an index was expected"),
        ("$x.get('a'", 1, 11, ") was expected to close the arguments of get"),
        ("#foreach($i of)a#end", 1, 1, "#foreach($item in $collection) was expected"),
        ("#macro('f')#end", 1, 1, "a macro's name was expected"),
        ("#include('a')", 1, 1, "#include has no files to read here"),
        ("a #[[ b", 1, 3, "]]# was expected"),
        ("price: $", 1, 9, "a reference's name was expected"),
        ("#if(1 = 1)a#end", 1, 7, ") was expected to close #if"),
        ('\n#set($x = "#if(1)")', 2, 11, "#end was expected"),
    ],
)
def test_a_wrong_template_says_where_and_what(template: str, line: int, column: int, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Template(template)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert said in caught.value.message
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


def test_a_method_that_throws_says_where_and_which() -> None:
    with pytest.raises(MethodError, match=r"line 2, column 2: \$l\.get\(9\): get failed: index out of bounds"):
        render("\n $l.get(9)", l=[1])


def test_macros_that_call_themselves_fail() -> None:
    with pytest.raises(TemplateError, match="more than 20 macro calls deep"):
        render("#macro(f)#f()#end#f()")


@pytest.mark.parametrize(
    "template",
    ["#set($z=$l)$z.add($z)$z.hashCode()", "#set($e='#evaluate($e)')#evaluate($e)", "(" * 5000, "#if(" + "(" * 5000],
)
def test_what_goes_too_deep_raises_template_error(template: str) -> None:
    with contextlib.suppress(TemplateError):
        render(template, l=[])


def test_a_range_has_a_limit() -> None:
    with pytest.raises(TemplateError, match="more than 1000000 numbers"):
        render("#set($x = [1..100000000])")


@pytest.mark.parametrize(
    "template", ["$q", "${q}", "$!q", "$q.r", "$q.r('a')", "$m.zz", "$m.put('a', 1)", "$x.nothing()"]
)
def test_an_undefined_reference_prints_nothing(template: str) -> None:
    assert render(f"[{template}]", m={}, x="X") == "[]"


def test_stock_velocity_prints_undefined_references() -> None:
    assert Template("[$q.r ${q}]", print_undefined=True).render({}) == "[$q.r ${q}]"


def test_an_escaped_reference_prints_itself() -> None:
    assert render("\\$x \\$q", x="X") == "$x \\$q"


def test_foreach_stops_after_a_thousand_rounds() -> None:
    assert render("#foreach($i in [1..1500])#if($foreach.count > 998)$i #end#end") == "999 1000 "
    assert (
        Template("#foreach($i in [1..1500])#if($foreach.count > 1499)$i#end#end", print_undefined=True).render({})
        == "1500"
    )


def test_a_template_renders_anew_each_time() -> None:
    template = Template("#set($n = $n + 1)#macro(f)m#end#f()$n")
    assert [template.render({"n": 1}), template.render({"n": 5})] == ["m2", "m6"]


def test_the_caller_s_mapping_stays_as_it_is() -> None:
    variables: dict[str, Any] = {"x": 1, "m": {}}
    Template("#set($x = 2)#set($y = 3)#set($m.k = 4)").render(variables)
    assert variables == {"x": 1, "m": {"k": 4}}


def test_parse_keeps_templates() -> None:
    assert parse("kept $x") is parse("kept $x")


class Greeter(HostObject):
    __slots__ = ()

    @java_method("greet", 0, 1)
    def greet(self, name: str = "you") -> str:
        return f"hello {name}"

    def java_property(self, name: str) -> Any:
        return {"language": "en"}.get(name)

    def hidden(self) -> str:
        return "secret"


def test_a_host_object_shows_what_it_marks() -> None:
    template = "$g.greet() $g.greet('me') $g.language [$g.hidden()$g.greet(1,2)$g.zz] $g"
    assert render(template, g=Greeter()) == "hello you hello me en [] Greeter"


@pytest.mark.parametrize("name", ["keys", "append", "java_methods", "format_map", "upper", "hidden", "mro"])
def test_python_is_out_of_reach(name: str) -> None:
    variables = {"g": Greeter(), "s": "s", "l": [1], "m": {}, "n": 1}
    for variable in variables:
        assert render(f"[$v.{name}][$v.{name}()]".replace("$v", f"${variable}"), **variables) == "[][]"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1.0, "1.0"),
        (1e7, "1.0E7"),
        (123456.789, "123456.789"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (1.25e-10, "1.25E-10"),
        (-0.0, "-0.0"),
        (float("inf"), "Infinity"),
        (float("nan"), "NaN"),
        (Decimal("1.10"), "1.10"),
        (True, "true"),
        ([None, "a", [1]], "[null, a, [1]]"),
        ({"a": None}, "{a=null}"),
    ],
)
def test_values_print_as_java_prints_them(value: object, printed: str) -> None:
    assert render("$v", v=value) == printed


@pytest.mark.parametrize(
    ("pattern", "text", "result"),
    [
        (r"\p{Alpha}+", "ab1é", "-1é"),
        (r"[\p{Upper}\d]", "aB1", "a--"),
        (r"\w", "é", "é"),
        (r".", "\u2028a", "\u2028-"),
        (r".", "\ra\n", "\r-\n"),
        (r"(?s).", "\na", "--"),
        (r"a$", "a\n", "-\n"),
        (r"a\z", "a\n", "a\n"),
        (r"\Qa.b\E", "a.b axb", "- axb"),
        (r"(?<x>a)\k<x>", "aa", "-"),
        (r"[a-d&&[^bc]]", "abcd", "-bc-"),
        (r"[a[xy]]", "axb", "--b"),
        (r"a++b", "aab", "-"),
        (r"\x{1F600}", "\U0001f600", "-"),
        (r"\h", "a\tb", "a-b"),
    ],
)
def test_java_s_regular_expressions(pattern: str, text: str, result: str) -> None:
    assert render("$t.replaceAll($p, '-')", t=text, p=pattern) == result


@pytest.mark.parametrize("pattern", ["(", "[a", "\\", r"\p{IsGreek}", r"a(?i)b", "*", r"\y"])
def test_a_regular_expression_that_cannot_be_kept_fails(pattern: str) -> None:
    with pytest.raises(MethodError, match="the regular expression"):
        render("$t.replaceAll($p, '-')", t="a", p=pattern)
