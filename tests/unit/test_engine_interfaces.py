"""The two modules that make an API take the same, so that a route can't be in one and not in the other."""

from pathlib import Path

import hcl2
import pytest

MODULES = Path(__file__).parents[2] / "modules"
ENGINES = ("rest_api", "openapi_api")


def declared(module: str, kind: str) -> dict[str, dict]:
    """Return the blocks of a kind ("variable", "output"): name => attributes, without what only one engine asks."""
    with (MODULES / module / f"{kind}s.tf").open() as file:
        blocks = hcl2.load(file)[kind]
    return {name: attributes for block in blocks for name, attributes in block.items()}


@pytest.mark.parametrize("attribute", ["type", "default", "nullable"])
def test_variables(attribute):
    one, other = (
        {name: variable.get(attribute) for name, variable in declared(module, "variable").items()} for module in ENGINES
    )
    assert one == other


def test_outputs():
    one, other = ({name: output["value"] for name, output in declared(module, "output").items()} for module in ENGINES)
    assert one.items() <= other.items()
