"""Settings as users write them: misspelt names, several broken rules at once, open routes, every way to write a map."""

import re
import shutil
from pathlib import Path

import hcl2
import pytest

from sfn_harness.terraform.diagnostics import TerraformError

from .bad_values import DEFINITION, FUNCTION, MACHINE

ROOT = Path(__file__).parents[2]
DECLARATIONS = ROOT / "modules" / "settings" / "variables.tf"
LOG_GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:access"

# A value with each object that has settings: where the object stands => the root module's arguments, with a setting in
# it that does not exist.
OOPS = {"oops": 1}
MISSPELT = {
    'authorizers["guard"]': {"authorizers": {"guard": {"type": "TOKEN", "function_arn": FUNCTION, **OOPS}}},
    "cors": {"cors": {"origins": ["https://shop.example.com"], **OOPS}},
    "functions": {"functions": OOPS},
    "names": {"names": OOPS},
    'routes["POST /a"]': {"routes": {"POST /a": OOPS}},
    'routes["POST /b"].offload': {"routes": {"POST /b": {"offload": OOPS}}},
    'routes["POST /c"].request': {"routes": {"POST /c": {"input": "request", "request": OOPS}}},
    'stages["dev"]': {"stages": {"dev": OOPS}},
    'stages["log"].access_log': {"stages": {"log": {"access_log": {"destination_arn": LOG_GROUP, **OOPS}}}},
    'stages["few"].throttling': {"stages": {"few": {"throttling": {"burst_limit": 1, "rate_limit": 1, **OOPS}}}},
    "state_machine": {"state_machine": {"arn": MACHINE, **OOPS}},
    "state_machine.logging": {"state_machine": {"definition": DEFINITION, "logging": OOPS}},
    "state_machine.policy_statements[0]": {
        "state_machine": {
            "definition": DEFINITION,
            "policy_statements": [{"actions": ["s3:GetObject"], "resources": ["*"], **OOPS}],
        }
    },
}
# Three rules of routes and one of cors, broken in one module block.
BROKEN = {
    "routes": {
        "POST /action": {"action": "RunExecution"},
        "POST /input": {"input": "everything"},
        "no route": {},
        "POST /misspelt": {"authorisation": "AWS_IAM"},
    },
    "cors": {"origins": []},
}


@pytest.fixture(scope="module")
def errors(plan, configuration):
    blocks = {re.sub(r"\W+", "_", place): arguments for place, arguments in MISSPELT.items()} | {"broken": BROKEN}
    with pytest.raises(TerraformError) as caught:
        plan(
            configuration(
                {
                    block: {"name": f"case{index}", "state_machine": {"arn": MACHINE}, **arguments}
                    for index, (block, arguments) in enumerate(blocks.items())
                }
            ),
            region="eu-west-1",
        )
    return caught.value.errors


@pytest.mark.contract("settings.unknown")
@pytest.mark.parametrize("place", MISSPELT)
def test_a_name_that_no_setting_has_is_refused(errors, place):
    assert any(f'{place} has no setting "oops".' in error for error in errors), errors


@pytest.mark.contract("settings.unknown")
def test_the_nearest_names_are_proposed(errors):
    expected = 'routes["POST /misspelt"] has no setting "authorisation". Write authorization or authorization_scopes.'
    assert any(expected in error for error in errors), errors


@pytest.mark.parametrize(
    "part",
    [
        '"POST /action" has the action "RunExecution"',
        '"POST /input" has the input "everything"',
        '"no route" is not "<METHOD> <path>"',
        "cors.origins is empty",
    ],
)
def test_one_plan_shows_every_broken_rule(errors, part):
    assert any(part in error for error in errors), errors


def test_every_object_of_the_declarations_is_looked_through():
    """An object that is declared and not in spelling.tf would drop what it does not know without a word."""
    with DECLARATIONS.open(encoding="utf-8") as text:
        variables = {
            name.strip('"'): str(body.get("type", ""))
            for block in hcl2.load(text)["variable"]
            for name, body in block.items()
        }
    declared = sum(kind.count("object(") for kind in variables.values())
    assert declared == len(MISSPELT), variables


ROOT_MODULE = """
variable "written" {
  type = map(object({ action = optional(string), authorization = optional(string), offload = optional(object({})) }))
  default = { "GET /typed/{name}" = { action = "DescribeExecution", authorization = "NONE" } }
}

resource "aws_sfn_state_machine" "made" {
  name       = "made"
  role_arn   = "arn:aws:iam::111122223333:role/made"
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Pass", End = true } } })
}

module "ways" {
  source        = "./module"
  name          = "ways"
  state_machine = { arn = aws_sfn_state_machine.made.arn }
  cors          = null
  stages        = null
  names         = null

  routes = merge(
    var.written,
    { for path in ["/one", "/two"] : "POST ${path}" => { authorization = "AWS_IAM" } },
    {
      "POST /own"  = { authorization = "NONE", state_machine_arn = aws_sfn_state_machine.made.arn }
      "POST /form" = { authorization = "NONE", form = true }
      "POST /key"  = { api_key_required = true }
    },
  )
}

module "undecided" {
  source        = "./module"
  name          = "undecided"
  state_machine = { arn = aws_sfn_state_machine.made.arn }
}

output "open" {
  value = { ways = module.ways.open_routes, undecided = module.undecided.open_routes }
}
"""


@pytest.fixture(scope="module")
def ways(plan, tmp_path_factory):
    directory = tmp_path_factory.mktemp("ways")
    shutil.copytree(ROOT / "modules", directory / "module" / "modules")
    for file in ROOT.glob("*.tf"):
        shutil.copy(file, directory / "module")
    (directory / "main.tf").write_text(ROOT_MODULE)
    return plan(directory)


@pytest.mark.contract("authorization.open")
def test_the_open_routes_are_an_output(ways):
    assert ways.outputs["open"] == {
        "ways": ["GET /typed/{name}", "POST /form", "POST /own"],
        "undecided": ["POST /execution"],
    }
