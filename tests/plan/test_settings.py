"""Settings as users write them: misspelt names, broken rules at once, open routes, quotas, every way to write a map."""

import json
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
# Routes with different settings, as JSON objects, two of them with a misspelt name in an object of a setting.
MIXED = {
    "routes": {
        "GET /execution/{name}": {"action": "DescribeExecution", "authorization": "NONE"},
        "POST /orders": {"authorization": "AWS_IAM", "required_headers": ["X-Tenant"], "offload": {"expire_days": 7}},
        "PUT /orders": {"input": "request", "request": {"header": ["X-Tenant"], "context": ["requestId"]}},
        "POST /execution": {},
    },
}


@pytest.fixture(scope="module")
def errors(plan, configuration):
    blocks = {re.sub(r"\W+", "_", place): arguments for place, arguments in MISSPELT.items()}
    blocks |= {"broken": BROKEN, "mixed": MIXED}
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


@pytest.mark.contract("settings.unknown")
@pytest.mark.parametrize(
    "expected",
    [
        'routes["POST /orders"].offload has no setting "expire_days". Write expire_after_days.',
        'routes["PUT /orders"].request has no setting "header". Write headers.',
    ],
)
def test_a_name_in_an_object_of_a_setting_has_its_own_neighbours(errors, expected):
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

locals {
  guard = { type = "TOKEN", function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:authorize" }

  # Paths of six resources each.
  many = { for number in range(51) : "POST /${number}/b/c/d/e/f" => {
    authorization = number < 11 ? "guard${number}" : "NONE"
  } }
  # As much as an API may have by default.
  full = { for number in range(50) : "POST /${number}/b/c/d/e/f" => {
    authorization = number < 10 ? "guard${number}" : "NONE"
  } }
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
  authorizers   = { guard = local.guard }
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
      "POST /held" = { authorization = "guard" }
    },
  )
}

module "undecided" {
  source        = "./module"
  name          = "undecided"
  state_machine = { arn = aws_sfn_state_machine.made.arn }
}

module "many" {
  source        = "./module"
  name          = "many"
  state_machine = { arn = aws_sfn_state_machine.made.arn }
  authorizers   = { for number in range(11) : "guard${number}" => local.guard }
  routes        = local.many
  stages        = { for number in range(11) : "stage${number}" => {} }
}

module "full" {
  source        = "./module"
  name          = "full"
  state_machine = { arn = aws_sfn_state_machine.made.arn }
  authorizers   = { for number in range(11) : "guard${number}" => local.guard }
  routes        = local.full
  stages        = { for number in range(10) : "stage${number}" => {} }
}

output "open" {
  value = {
    mixed     = module.mixed.open_routes
    undecided = module.undecided.open_routes
    ways      = module.ways.open_routes
  }
}
"""

# The same API twice, in Terraform's JSON syntax: each optional setting left out, and written as null.
LEFT_OUT = {
    "name": "nothing",
    "engine": "resources",
    "state_machine": {"definition": DEFINITION},
    "authorizers": {"guard": {"type": "TOKEN", "function_arn": FUNCTION}},
    "routes": {
        "GET /execution/{name}": {"action": "DescribeExecution", "authorization": "NONE"},
        "POST /execution": {"authorization": "guard"},
        "PUT /envelope": {"authorization": "AWS_IAM", "input": "request"},
    },
    "stages": {"dev": {}, "prod": {"description": "For customers"}},
}
NULL = {
    **LEFT_OUT,
    **dict.fromkeys(["cors", "description", "endpoint_type", "functions", "names", "permissions_boundary", "tags"]),
    "state_machine": {"definition": DEFINITION, "arn": None, "logging": None, "policy_statements": None, "type": None},
    "authorizers": {"guard": {**LEFT_OUT["authorizers"]["guard"], "identity_sources": None, "ttl_seconds": None}},
    "routes": {
        "GET /execution/{name}": {**LEFT_OUT["routes"]["GET /execution/{name}"], "input": None, "wait": None},
        "POST /execution": {"authorization": "guard", "action": None, "offload": None, "required_headers": None},
        "PUT /envelope": {**LEFT_OUT["routes"]["PUT /envelope"], "request": None, "timeout_milliseconds": None},
    },
    "stages": {
        "dev": {"access_log": None, "variables": None},
        "prod": {**LEFT_OUT["stages"]["prod"], "throttling": None},
    },
}
MIXED_WELL = {
    "name": "mixed",
    "state_machine": {"arn": MACHINE},
    "routes": {
        "GET /execution/{name}": {"action": "DescribeExecution", "authorization": "NONE"},
        "POST /null": {"authorization": None, "api_key_required": None},
        "POST /orders": {"authorization": "AWS_IAM", "required_headers": ["X-Tenant"], "offload": {}},
        "PUT /orders": {"input": "request", "request": {"headers": ["X-Tenant"]}, "api_key_required": True},
    },
}


@pytest.fixture(scope="module")
def ways(plan, tmp_path_factory):
    directory = tmp_path_factory.mktemp("ways")
    shutil.copytree(ROOT / "modules", directory / "module" / "modules")
    for file in ROOT.glob("*.tf"):
        shutil.copy(file, directory / "module")
    (directory / "main.tf").write_text(ROOT_MODULE)
    blocks = {"left_out": LEFT_OUT, "mixed": MIXED_WELL, "null": NULL}
    (directory / "more.tf.json").write_text(
        json.dumps({"module": {name: {"source": "./module", **block} for name, block in blocks.items()}})
    )
    return plan(directory, region="eu-west-1")


@pytest.fixture(scope="module")
def warnings(ways) -> list[str]:
    return [warning.detail for warning in ways.warnings]


@pytest.mark.contract("authorization.open")
def test_the_open_routes_are_an_output(ways):
    assert ways.outputs["open"] == {
        "mixed": ["GET /execution/{name}", "POST /null"],
        "undecided": ["POST /execution"],
        "ways": ["GET /typed/{name}", "POST /form", "POST /own"],
    }


@pytest.mark.contract("authorization.open")
def test_the_plan_warns_of_open_routes_for_which_nobody_has_decided(warnings):
    """And of no other: "NONE", AWS_IAM, an authorizer and an API key are decisions. Null is none."""
    said = sorted(warning for warning in warnings if "Anybody can call" in warning)
    advice = 'Write authorization = "NONE" if that is meant, else "AWS_IAM" or one of authorizers.'
    assert [warning.split("\n") for warning in said] == [
        ['Anybody can call "POST /execution".', advice],
        ['Anybody can call "POST /null".', advice],
    ]


def test_the_plan_warns_of_what_is_over_a_default_quota(warnings):
    """And not of an API that has as much as the quotas allow; an authorizer that no route names is not made."""
    over = ['"Authorizers per API" (11', '"Resources per API" (306', '"Stages per API" (11']
    [said] = [warning for warning in warnings if "default quotas" in warning]
    assert all(quota in said for quota in over), said


def test_null_is_the_same_as_left_out(ways):
    made = {
        name: {
            address.removeprefix(f"module.{name}."): change["change"]["after"]
            for address, change in ways.resource_changes.items()
            if address.startswith(f"module.{name}.")
        }
        for name in ("left_out", "null")
    }
    assert made["null"] == made["left_out"]
    assert len(made["null"]) > 20
