"""What changes from one apply to the next: the API then answers as if it had been applied so the first time.

The tests of an engine share one deployment. Each says what it starts with and what it changes, so that their order does
not matter; and each start is a change, too.
"""

import json

import pytest

from sfn_harness.terraform.diagnostics import TerraformError

BASE = {
    "authorizer": None,
    "cors": None,
    "endpoint_type": "REGIONAL",
    "name": "changes",
    "names": {},
    "permissions_boundary": False,
    "retention_in_days": 7,
    "routes": {"POST /execution": {"authorization": "NONE"}},
    "stages": {"alpha": {}},
    "tags": {},
    "type": "STANDARD",
}


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

    def post(self, path: str = "/execution", stage: str | None = None):
        return self.deployment.http.post(self.deployment.url(path, stage), json={"n": 1})

    def starts(self, path: str = "/execution", stage: str | None = None) -> dict:
        """Start an execution by a call and return how it ended."""
        started = self.post(path, stage).expect(200).json()
        return self.deployment.executions.wait(started["executionArn"], "SUCCEEDED")

    def client(self, service: str):
        return self.deployment.account.client(service)

    @property
    def outputs(self) -> dict:
        return self.deployment.outputs


@pytest.fixture(scope="module")
def changes(deploy, configurations, engine) -> Changes:
    return Changes(deploy(configurations / "changes", engine=engine, fresh=True, **BASE), engine)


@pytest.mark.contract("invariant.7")
class TestTheApiAnswersAsIfItHadBeenAppliedSoTheFirstTime:
    def test_the_invoke_role_gets_another_name(self, changes):
        changes.apply()
        changes.apply(names={"invoke_role": "another.role-of_API,Gateway="})
        changes.starts()
        assert changes.outputs["invoke_role_name"] == "another.role-of_API,Gateway="
        changes.settled()

    def test_the_state_machine_and_its_role_get_other_names(self, changes):
        changes.apply()
        changes.apply(names={"state_machine": "another-machine", "state_machine_role": "another-states"})
        assert ":another-machine:" in changes.starts()["executionArn"]
        changes.settled()

    def test_everything_gets_another_name(self, changes):
        changes.apply()
        changes.apply(name="renamed")
        assert ":renamed:" in changes.starts()["executionArn"]
        roles = changes.client("iam").list_roles(MaxItems=1000)["Roles"]
        assert [role["RoleName"] for role in roles if role["RoleName"].startswith("changes")] == []
        changes.settled()

    def test_a_parameter_of_a_path_gets_another_name(self, changes):
        route = {"action": "StopExecution"}
        both = {"POST /customers/{customer}/orders": {}, "DELETE /execution/{name}": route}
        changes.apply(routes={"POST /customers/{id}/orders": {}, "DELETE /execution/{name}": route})
        changes.starts("/customers/7/orders")
        changes.apply(routes=both)
        changes.starts("/customers/7/orders")
        resources = changes.client("apigateway").get_resources(restApiId=changes.outputs["rest_api_id"])["items"]
        parts = {each.get("pathPart") for each in resources}
        assert "{customer}" in parts
        assert "{id}" not in parts
        changes.settled()

    @pytest.mark.parametrize(
        ("before", "after"), [("COGNITO_USER_POOLS", "TOKEN"), ("TOKEN", "REQUEST"), ("REQUEST", "COGNITO_USER_POOLS")]
    )
    def test_an_authorizer_becomes_one_of_another_type(self, changes, before, after):
        changes.apply(authorizer=before)
        changes.apply(authorizer=after)
        url = changes.deployment.url("/execution/none")
        assert changes.deployment.http.get(url).status == 401
        if after == "TOKEN":
            assert changes.deployment.http.get(url, headers={"Authorization": "friend"}).status == 404
        changes.starts()
        changes.settled()

    def test_the_state_machine_becomes_express(self, changes):
        changes.apply()
        started = {"POST /execution": {"action": "StartSyncExecution"}}
        changes.apply(type="EXPRESS", routes=started)
        assert changes.post().expect(200).json() == {"n": 1}
        changes.settled()

    def test_the_roles_get_a_boundary(self, changes):
        changes.apply()
        changes.apply(permissions_boundary=True)
        changes.starts()
        role = changes.client("iam").get_role(RoleName=changes.outputs["invoke_role_name"])["Role"]
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/changes-boundary")
        changes.settled()

    @pytest.mark.parametrize(("before", "after"), [("REGIONAL", "EDGE"), ("EDGE", "REGIONAL")])
    def test_another_type_of_endpoint_and_tags(self, changes, before, after):
        changes.apply(endpoint_type=before)
        changes.apply(endpoint_type=after, tags={"team": "orders"})
        changes.starts()
        api = changes.client("apigateway").get_rest_api(restApiId=changes.outputs["rest_api_id"])
        assert api["endpointConfiguration"]["types"] == [after]
        changes.settled()

    def test_stages_are_added_renamed_and_taken_away(self, changes):
        changes.apply(stages={"alpha": {}, "beta": {"variables": {"said": "hello"}}})
        changes.starts(stage="beta")
        changes.apply(stages={"gamma": {}, "alpha": {"variables": {"said": "hello"}}})
        for stage in ("alpha", "gamma"):
            changes.starts(stage=stage)
        stages = changes.client("apigateway").get_stages(restApiId=changes.outputs["rest_api_id"])["item"]
        assert {stage["stageName"] for stage in stages} == {"alpha", "gamma"}
        changes.settled()

    def test_the_other_engine_and_back(self, changes):
        changes.apply()
        for engine in ({"openapi": "resources", "resources": "openapi"}[changes.engine], changes.engine):
            changes.apply(engine=engine)
            changes.starts()
            changes.settled()


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
