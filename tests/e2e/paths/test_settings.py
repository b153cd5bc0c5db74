"""The strategy of configurations knows every setting of the module, and draws what the module takes."""

import json
from collections import defaultdict

import hcl2
from hypothesis import Phase, given, seed, settings

from tests.e2e.paths.declarations import declared, used
from tests.e2e.paths.settings import configurations
from tests.e2e.paths.walks import CONFIGURATION

DRAWN = 600  # enough for the rarest of all settings


def test_every_setting_is_drawn_with_more_than_one_value(root):
    declarations = declared(root)
    values = defaultdict(set)

    @seed(1)
    @settings(max_examples=DRAWN, database=None, phases=[Phase.generate], deadline=None)
    @given(configurations(offload=6))
    def draw(configuration):
        found = used(configuration, declarations)
        for name in declarations:
            values[name].add(json.dumps(found.get(name), sort_keys=True))

    draw()
    assert {name for name in declarations if len(values[name]) < 2} == set()
    drawn = {json.loads(value) for value in values["routes.*.action"]} - {None}
    assert drawn == actions(root)


def actions(root) -> set[str]:
    """The actions of Step Functions that a route can call."""
    with (root / "modules" / "integrations" / "actions.tf").open(encoding="utf-8") as file:
        [table] = [block["actions"] for block in hcl2.load(file)["locals"] if "actions" in block]
    return {name for name in table if not name.startswith("__")}


def test_the_root_configuration_hands_on_every_variable(root):
    declarations = {name.partition(".")[0] for name in declared(root)}
    with (CONFIGURATION / "main.tf").open(encoding="utf-8") as file:
        [module] = hcl2.load(file)["module"]
    [(_, arguments)] = module.items()
    assert {name for name in arguments if not name.startswith("__")} - {"source"} == declarations
