"""Changes that plans have something to say about; where changes end is what tests/e2e/paths is about.

The tests of an engine share one deployment. Each says what it starts with and what it changes, so that their order does
not matter; and each start is a change, too.
"""

import json

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

BASE = {"cors": None, "retention_in_days": 7, "routes": {"POST /execution": {"authorization": "NONE"}}}


class Changes:
    """A deployment whose variables are set anew, all of them, each time."""

    def __init__(self, deployment, engine: str) -> None:
        self.deployment, self.engine = deployment, engine

    def wanted(self, changed: dict) -> dict:
        return {**BASE, "engine": self.engine, **changed}

    def apply(self, **changed) -> None:
        """Apply, unless it is applied so already."""
        wanted = self.wanted(changed)
        if any(self.deployment.variables.get(name) != value for name, value in wanted.items()):
            self.deployment.apply(wanted)

    def plan(self, **changed):
        return self.deployment.plan(self.wanted(changed))

    def settled(self) -> None:
        """Assert that a plan right after the apply shows no change."""
        plan = self.deployment.plan()
        assert plan.is_empty, (plan.changes, plan.output_changes)

    def post(self, path: str = "/execution"):
        return self.deployment.http.post(self.deployment.url(path), json={"n": 1})

    def starts(self) -> dict:
        """Start an execution by a call and return how it ended."""
        started = self.post().expect(200).json()
        return self.deployment.executions.wait(started["executionArn"], "SUCCEEDED")


@pytest.fixture(scope="module")
def changes(deploy, configurations, engine) -> Changes:
    return Changes(deploy(configurations / "changes", engine=engine, fresh=True, **BASE), engine)


@pytest.mark.contract("invariant.7.depends_on")
def test_what_the_module_depends_on_changes_and_nothing_else(changes):
    """Terraform reads a data source of the module only during the apply then."""
    changes.apply()
    before = changes.starts()
    plan = changes.plan(retention_in_days=14)
    assert plan.changes == {"aws_cloudwatch_log_group.platform": ["update"]}
    changes.apply(retention_in_days=14)
    assert changes.starts()["stateMachineArn"] == before["stateMachineArn"]
    changes.settled()


@pytest.mark.contract("invariant.7.options")
def test_an_options_route_of_ones_own(changes):
    """It takes the place of a preflight, which is of another type: the integration of a resource can't change it."""
    routes = {"POST /execution": {}, "OPTIONS /execution": {"input": "none"}}
    changes.apply(cors={"origins": ["*"]})
    url = changes.deployment.url("/execution")
    assert changes.deployment.http.request("OPTIONS", url).status == 204
    if changes.engine == "resources":
        with pytest.raises(
            TerraformError, match='"OPTIONS /execution": with explicit resources OPTIONS is the'
        ) as refused:
            changes.plan(routes=routes)
        assert 'engine = "openapi"' in str(refused.value)
    else:
        changes.apply(routes=routes)
        assert "executionArn" in changes.deployment.http.request("OPTIONS", url).expect(200).json()
        changes.apply(cors={"origins": ["*"]})
        assert changes.deployment.http.request("OPTIONS", url).status == 204


@pytest.mark.contract("invariant.3.said")
def test_a_method_that_is_still_served_is_named_until_it_is_gone(changes):
    """With the document it is gone at once, and there is nothing to say."""
    open_to_all = {"authorization": "NONE"}
    both = {"POST /execution": open_to_all, "POST /other": open_to_all}

    def named(**changed) -> bool:
        return "POST /other is still served" in str(changes.plan(**changed).warnings)

    changes.apply(routes=both)
    assert not named(routes=both)
    assert named() == (changes.engine == "resources")
    changes.apply()
    if changes.engine == "resources":
        changes.post("/other").expect(200)
        assert named()
        deployment = next(each for each in changes.deployment.resources() if "aws_api_gateway_deployment" in each)
        changes.deployment.terraform.execute_command(
            "apply", "-auto-approve", "-input=false", f"-replace={deployment}", f"-var-file={tfvars(changes)}"
        )
    assert changes.post("/other").status == 403
    assert not named()


def tfvars(changes) -> str:
    file = changes.deployment.directory / "changes.tfvars.json"
    file.write_text(json.dumps(changes.deployment.variables))
    return str(file)
