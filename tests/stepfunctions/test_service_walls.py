"""Who may import whom: the service is a package by itself, and its parts lean on each other in one direction only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sfn_harness

HARNESS = Path(sfn_harness.__file__).parent
SERVICE = "sfn_harness.stepfunctions"

# Modules that need nothing of the parts.
BASE = {"errors", "json_text", "ports", "resources", "names", "model"}
ALLOWED = {
    "expressions": BASE,
    "language": BASE | {"expressions"},
    "tasks": BASE | {"expressions"},
    "engine": BASE | {"expressions", "language", "tasks"},
    "operations": BASE | {"expressions", "language", "tasks", "engine", "store", "pages"},
}


def _imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules(*parts: str) -> list[Path]:
    return sorted(HARNESS.joinpath(*parts).rglob("*.py"))


@pytest.mark.parametrize("module", _modules("aws") + _modules("stepfunctions"), ids=lambda path: path.stem)
def test_nothing_of_the_harness_nor_of_an_emulator(module):
    own = ("sfn_harness.aws", SERVICE)
    for name in _imported(module):
        assert not name.startswith("ministack"), name
        assert not name.startswith("sfn_harness") or name.startswith(own), name
        assert module.relative_to(HARNESS).parts[0] != "aws" or not name.startswith(SERVICE), name


@pytest.mark.parametrize("part", ALLOWED)
def test_in_one_direction(part):
    for module in _modules("stepfunctions", part):
        for name in _imported(module):
            if name.startswith(f"{SERVICE}."):
                other = name.split(".")[2]
                assert other == part or other in ALLOWED[part], f"{module.stem} imports {name}"


def test_the_engine_knows_of_tasks_only_what_they_need_and_give():
    for module in _modules("stepfunctions", "engine"):
        tasks = [name for name in _imported(module) if name.startswith(f"{SERVICE}.tasks")]
        assert all(name.startswith(f"{SERVICE}.tasks.interface") for name in tasks), module
