"""The engine against recorded answers of the real Velocity 1.7 (recorded by `python -m tests.reference.record`)."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from sfn_harness.apigateway.variables import escape_javascript
from sfn_harness.velocity import HostObject, Template, TemplateError, java_method

CASES = Path(__file__).parent / "velocity_cases"


class Escapes(HostObject):
    """The recorder's $escapes: commons-lang's own function there, ours here."""

    @java_method("javaScript", 1)
    def java_script(self, text: str) -> str:
        return escape_javascript(text)


RECORDED = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(CASES.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", RECORDED)
def test_renders_what_the_real_velocity_rendered(case: dict) -> None:
    variables = {**copy.deepcopy(case["variables"]), "escapes": Escapes()}
    if case["expected"] is None:
        with pytest.raises(TemplateError):
            Template(case["template"], print_undefined=True).render(variables)
    else:
        assert Template(case["template"], print_undefined=True).render(variables) == case["expected"]
