"""Our engine against the real Velocity, on random templates."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_harness.apigateway.variables import escape_javascript
from sfn_harness.velocity import Template, TemplateError

from . import templates
from .velocity import RealVelocity, missing

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"the real Velocity is {missing()}")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealVelocity]:
    with RealVelocity(tmp_path_factory.mktemp("velocity")) as velocity:
        yield velocity


def ours(template: str, variables: dict) -> str | None:
    """Return what our engine prints as stock Velocity, None where it fails."""
    try:
        return Template(template, print_undefined=True).render(copy.deepcopy(variables))
    except TemplateError:
        return None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "generate", [templates.assignment, templates.condition, templates.method_call, templates.block]
)
def test_random_templates_render_the_same(real: RealVelocity, generate: Callable[[Random], str], seed: int) -> None:
    random = Random(seed)
    for _ in range(700):
        template = generate(random)
        assert ours(template, templates.VARIABLES) == real.render(template, templates.VARIABLES), template


def test_fragments_in_a_row_render_the_same_nearly_always(real: RealVelocity) -> None:
    # What is left are broken templates, such as a { between two references, of which one engine or the other complains.
    random = Random(1)
    different = []
    for _ in range(2000):
        template = templates.soup(random)
        if ours(template, templates.VARIABLES) != real.render(template, templates.VARIABLES):
            different.append(template)
    assert len(different) <= 20, different


TEXT = st.text(
    st.sampled_from("ab,.$\\'\"/ éß\U0001f600\n\t\x00\u2028#|(1Aİ") | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)


@given(text=TEXT)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_escape_javascript_is_commons_lang_2_6(real: RealVelocity, text: str) -> None:
    assert escape_javascript(text) == real.render("$escapes.javaScript($s)", {"s": text})


@given(text=TEXT, other=TEXT, start=st.integers(-2, 13))
@settings(max_examples=300, deadline=None)
def test_string_methods_take_any_text(real: RealVelocity, text: str, other: str, start: int) -> None:
    variables = {"s": text, "o": other, "n": start}
    for call in [
        "length()",
        "toUpperCase()",
        "toLowerCase()",
        "trim()",
        "hashCode()",
        "equalsIgnoreCase($o)",
        "compareTo($o)",
        "contains($o)",
        "indexOf($o)",
        "indexOf($o,$n)",
        "lastIndexOf($o)",
        "lastIndexOf($o,$n)",
        "replace($o,'-')",
        "startsWith($o,$n)",
        "substring($n)",
        "charAt($n)",
        "codePointAt($n)",
        "concat($o)",
        "split(',')",
        "replaceAll('[a,]','<$0>')",
    ]:
        template = f"#set($r=$s.{call})#if($r.size())#foreach($i in $r)[$i]#end#else$r#end"
        assert ours(template, variables) == real.render(template, variables), call


@given(value=st.floats() | st.integers(-(2**70), 2**70), other=st.integers(-20, 20) | st.floats(-9, 9))
@settings(max_examples=300, deadline=None)
def test_numbers_compare_and_add_up_the_same(real: RealVelocity, value: float, other: float) -> None:
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return
    variables = {"a": value, "b": other}
    template = "#if($a<$b)<#end#if($a==$b)=#end#if($a>=$b)>#end"
    assert ours(template, variables) == real.render(template, variables)
    if isinstance(value, int) and isinstance(other, int):
        template = (
            "#set($r=$a+$b)$r #set($r=$a*$b)$r #set($r=$a - $b)$r #set($r=$a/$b)$r #set($r=$a%$b)$r $a.hashCode()"
        )
        assert ours(template, variables) == real.render(template, variables)
