"""The contract's invariants."""

import threading

import pytest

from tests.e2e.roles import eventually, permissions_of, without

# What one call of each action needs, and what it answers when the role allows it.
PROBES = {
    "states:GetExecutionHistory": ("GET", "/execution/none/history", 404),
    "states:ListExecutions": ("GET", "/executions", 200),
    "states:RedriveExecution": ("POST", "/failing/none/redrive", 404),
    "states:SendTaskFailure": ("POST", "/task/failure", 400),
    "states:SendTaskHeartbeat": ("POST", "/task/heartbeat", 400),
    "states:SendTaskSuccess": ("POST", "/task/success", 400),
    "states:StartExecution": ("POST", "/execution", 200),
    "states:DescribeExecution": ("GET", "/execution/none", 404),
    "states:StopExecution": ("DELETE", "/execution/none", 404),
}
PROBES_OF_EXPRESS = {
    "states:StartExecution": ("POST", "/execution", 200),
    "states:StartSyncExecution": ("POST", "/sync", 200),
}
BODY = {"taskToken": "none", "output": {}}


class TestTheRoleAllowsExactlyWhatTheRoutesNeed:
    @pytest.mark.contract("invariant.1.exact")
    def test_every_permission_has_a_probe(self, contract):
        assert permissions_of(contract, contract.outputs["invoke_role_name"]).keys() == PROBES.keys()

    @pytest.mark.contract("invariant.1.minimal", "error.403.AccessDeniedException")
    @pytest.mark.parametrize("action", PROBES)
    def test_without_one_a_route_breaks(self, contract, expect_error, action):
        method, path, status = PROBES[action]

        def call():
            return contract.http.request(method, contract.url(path), json=BODY if method == "POST" else None)

        call().expect(status)
        with without(contract, contract.outputs["invoke_role_name"], action):
            expect_error(eventually(call, 403), 403, "AccessDeniedException")
        eventually(call, status)

    @pytest.mark.contract("invariant.1.exact")
    def test_no_wildcards_where_the_arn_is_known(self, contract):
        machines = {contract.outputs["state_machine_arn"], *contract.outputs["state_machine_arns"].values()}
        executions = {arn.replace(":stateMachine:", ":execution:") + ":*" for arn in machines}
        for action, resources in permissions_of(contract, contract.outputs["invoke_role_name"]).items():
            if action in ("states:ListExecutions", "states:StartExecution"):
                allowed = machines
            elif action.startswith("states:SendTask"):
                allowed = {"*"}  # A task has a token and no ARN: IAM knows no resource for these.
            else:
                allowed = executions
            assert resources <= allowed, action

    def test_only_api_gateway_may_assume_it(self, contract):
        role = contract.account.client("iam").get_role(RoleName=contract.outputs["invoke_role_name"])["Role"]
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}


@pytest.mark.contract("invariant.2")
@pytest.mark.parametrize(
    "configuration",
    [
        "examples/quickstart",
        "examples/tutorial",
        "examples/stages",
    ],
)
def test_a_second_plan_shows_no_change(deploy, root, configuration):
    plan = deploy(root / configuration).plan()
    assert plan.is_empty, plan.changes


@pytest.mark.contract("invariant.2")
@pytest.mark.parametrize("configuration", ["contract", "express"])
def test_a_second_plan_shows_no_change_with_either_engine(deploy, configurations, engine, configuration):
    plan = deploy(configurations / configuration, engine=engine).plan()
    assert plan.is_empty, plan.changes


class Caller(threading.Thread):
    """Calls a URL over and over, and keeps every answer that was no 200."""

    def __init__(self, deployment, stage: str):
        super().__init__(daemon=True)
        self._deployment, self._url = deployment, deployment.url("/execution", stage)
        self._done = threading.Event()
        self.calls, self.failures = 0, []

    def run(self):
        while not self._done.is_set():
            answer = self._deployment.http.post(self._url, json={"n": self.calls})
            self.calls += 1
            if answer.status != 200:
                self.failures.append((answer.status, answer.body))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self.join(timeout=30)


@pytest.fixture(scope="module")
def changing(deploy, configurations, engine):
    return deploy(configurations / "changing", engine=engine, name=f"changing-{engine}", fresh=True)


class TestAChangedRouteIsServedAfterTheNextApply:
    @pytest.mark.contract("invariant.3.served", "invariant.3.no_gap")
    def test_by_every_stage_with_no_call_failing(self, changing, expect_error):
        with Caller(changing, "alpha") as alpha, Caller(changing, "beta") as beta:
            changing.apply(change="target")
        assert alpha.calls > 20
        assert beta.calls > 20
        assert alpha.failures == []
        assert beta.failures == []
        for stage in ("alpha", "beta"):
            started = changing.http.post(changing.url("/execution", stage), json={}).expect(200).json()
            assert "-second:" in started["executionArn"]

    @pytest.mark.contract("invariant.3.served")
    @pytest.mark.parametrize("change", ["input", "timeout", "new_route"])
    def test_whatever_was_changed(self, changing, change):
        before = changing.account.client("apigateway")
        api_id = changing.outputs["rest_api_id"]
        old = before.get_stage(restApiId=api_id, stageName="alpha")["deploymentId"]
        changing.apply(change=change)
        new = before.get_stage(restApiId=api_id, stageName="alpha")["deploymentId"]
        assert new != old
        answer = changing.http.post(changing.url("/execution", "alpha"), json={"sent": True}).expect(200)
        sent = changing.executions.input(answer.json()["executionArn"])
        assert sent == ({} if change == "input" else {"sent": True})
        added = changing.http.post(changing.url("/added", "beta"), json={})
        assert (added.status == 200) == (change == "new_route")
        assert len(before.get_deployments(restApiId=api_id)["items"]) == 1


@pytest.mark.contract("invariant.3.removed")
def test_a_removed_route_goes_with_the_next_apply(deploy, configurations, expect_error):
    """With the document; with explicit resources Terraform removes a method after the deployment: see docs/traps.md."""
    changing = deploy(configurations / "changing", engine="openapi", name="removing", change="new_route", fresh=True)
    changing.http.post(changing.url("/added", "beta"), json={}).expect(200)
    changing.apply(change="none")
    for stage in ("alpha", "beta"):
        answer = changing.http.post(changing.url("/added", stage), json={})
        expect_error(answer, 403, "MISSING_AUTHENTICATION_TOKEN")


@pytest.mark.contract("invariant.4")
def test_destroy_leaves_nothing_behind(deploy, configurations, engine):
    deployment = deploy(configurations / "contract", name="gone", engine=engine, fresh=True)
    inventory = inventory_of(deployment.account, "gone")
    assert all(inventory.values()), inventory
    deployment.destroy()
    left = inventory_of(deployment.account, "gone")
    assert not any(left.values()), left


def inventory_of(account, prefix: str) -> dict[str, list[str]]:
    """What an account holds of the kinds of thing the module makes, as the services list it."""

    def named(names):
        return [name for name in names if name.startswith(prefix)]

    iam, states = account.client("iam"), account.client("stepfunctions")
    return {
        "APIs": named(api["name"] for api in account.client("apigateway").get_rest_apis(limit=500)["items"]),
        "roles": named(role["RoleName"] for role in iam.list_roles(MaxItems=1000)["Roles"]),
        "state machines": named(machine["name"] for machine in states.list_state_machines()["stateMachines"]),
    }


@pytest.mark.contract("invariant.5", "route.default")
def test_two_instances_live_in_one_account(deploy, configurations, engine):
    twins = deploy(configurations / "twins", engine=engine)
    answers = {}
    for twin in ("one", "two"):
        url = twins.account.url(twins.outputs["invoke_urls"][twin] + "/execution")
        started = twins.http.post(url, json={}).expect(200).json()
        answers[twin] = twins.executions.wait(started["executionArn"], "SUCCEEDED")["stateMachineArn"]
    assert answers == twins.outputs["state_machine_arns"]
    assert answers["one"] != answers["two"]


@pytest.mark.contract("invariant.1.exact")
def test_every_permission_for_an_express_state_machine_has_a_probe(express):
    arn = express.outputs["state_machine_arn"]
    permissions = permissions_of(express, express.outputs["invoke_role_name"])
    assert permissions == {action: {arn} for action in PROBES_OF_EXPRESS}


@pytest.mark.contract("invariant.1.minimal")
@pytest.mark.parametrize("action", PROBES_OF_EXPRESS)
def test_without_one_for_an_express_state_machine_a_route_breaks(express, expect_error, action):
    method, path, status = PROBES_OF_EXPRESS[action]

    def call():
        return express.http.request(method, express.url(path), json={})

    call().expect(status)
    with without(express, express.outputs["invoke_role_name"], action):
        expect_error(eventually(call, 403), 403, "AccessDeniedException")
    eventually(call, status)


@pytest.mark.contract("invariant.6")
@pytest.mark.parametrize("configuration", ["contract", "express"])
def test_no_log_is_told_what_a_request_says(deploy, configurations, engine, configuration):
    deployment = deploy(configurations / configuration, engine=engine)
    stages = deployment.account.client("apigateway").get_stages(restApiId=deployment.outputs["rest_api_id"])["item"]
    assert [stage for stage in stages if stage.get("accessLogSettings")] == []
    settings = [each for stage in stages for each in stage.get("methodSettings", {}).values()]
    assert bool(settings) == (configuration == "contract")  # The throttled stage has some.
    assert [each for each in settings if each["dataTraceEnabled"] or each.get("loggingLevel", "OFF") != "OFF"] == []
    states = deployment.account.client("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=deployment.outputs["state_machine_arn"])
    assert not machine["loggingConfiguration"].get("includeExecutionData")
