"""Applying, sharing, planning and waiting, with a small configuration in the local sandbox."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from harness_scratch import write_scratch
from waiting import wait_until

from sfn_harness.deployments import Deployer, Planner
from sfn_harness.executions import ExecutionError, Executions, visited_states
from sfn_harness.sandbox import Account, open_sandbox
from sfn_harness.terraform.diagnostics import TerraformError
from sfn_harness.terraform.environment import provider_source
from sfn_harness.terraform.provider import SharedProvider, SharedProviders
from sfn_harness.terraform.workspace import Workspaces

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return write_scratch(tmp_path_factory.mktemp("scratch") / "configuration")


@pytest.fixture(scope="module")
def started(deploy, scratch):
    """One execution that succeeds and one that fails, started."""
    deployment = deploy(scratch)
    client = deployment.account.client("stepfunctions")

    def start(text):
        return client.start_execution(stateMachineArn=deployment.outputs["state_machine_arn"], input=text)[
            "executionArn"
        ]

    return deployment, start('{"a": [1, "ü"]}'), start('{"fail": 1}')


def test_it_is_applied_once_and_in_an_account_of_its_own(deploy, scratch):
    one, again, other = deploy(scratch), deploy(scratch, {}), deploy(scratch, name="other")
    assert one is again
    assert one.account.id != other.account.id
    assert one.account.id in one.outputs["state_machine_arn"]
    assert one.plan().is_empty
    assert one.plan(tags={"a": "b"}).changes == {"aws_sfn_state_machine.this": ["update"]}
    assert one.url() == f"{one.account.endpoint}/_aws/execute-api/abc123/alpha/execution"
    assert one.url("a?b=c", stage="alpha").endswith("/abc123/alpha/a?b=c")
    with pytest.raises(KeyError, match=r"no stage 'beta' .* \['alpha'\]"):
        one.url(stage="beta")
    with pytest.raises(KeyError, match="no output 'x'; there are"):
        one.url(output="x")
    assert sorted(each.name for each in scratch.iterdir()) == ["main.tf", "variables.tf"]


def test_what_is_shared_can_not_be_changed(deploy, scratch):
    with pytest.raises(RuntimeError, match="fresh=True"):
        deploy(scratch).apply(name="x")
    with pytest.raises(RuntimeError, match="fresh=True"):
        deploy(scratch).destroy()


def test_a_fresh_one_can(deploy, scratch):
    fresh = deploy(scratch, fresh=True)
    assert fresh is not deploy(scratch)
    arn = fresh.outputs["state_machine_arn"]
    assert fresh.apply(name="renamed").outputs["state_machine_arn"] != arn
    assert fresh.variables == {"name": "renamed"}
    assert len(fresh.resources()) == 2
    fresh.destroy()
    assert fresh.resources() == []
    assert fresh.account.client("stepfunctions").list_state_machines()["stateMachines"] == []
    fresh.destroy()


def test_variables_that_are_not_declared_are_refused(deploy, plan, scratch):
    for call in (deploy, plan, plan.check_inputs):
        with pytest.raises(TypeError, match="declares no variable nam; it declares"):
            call(scratch, nam="x")


def test_a_plan_and_its_failure(plan, scratch):
    planned = plan(scratch, name="orders")
    assert planned.changes == {"aws_iam_role.this": ["create"], "aws_sfn_state_machine.this": ["create"]}
    assert planned.after("aws_iam_role.this")["name"] == "orders-role"
    with pytest.raises(TerraformError, match="names made from it: write one of at most 19 characters instead"):
        plan(scratch, name="n" * 20)
    assert plan(scratch, region="cn-north-1").outputs["region"] == "cn-north-1"


def test_inputs_are_checked_without_a_provider(plan, scratch):
    plan.check_inputs(scratch, name="orders", enabled=True)
    with pytest.raises(TerraformError, match="names made from it: write one of at most 19 characters instead"):
        plan.check_inputs(scratch, name="n" * 20)
    with pytest.raises(TerraformError, match="map of string required"):
        plan.check_inputs(scratch, tags=["x"])


def test_executions(started):
    deployment, good, bad = started
    executions = deployment.executions
    with pytest.raises(ExecutionError, match=r"is still RUNNING after 0\.1 s; expected SUCCEEDED"):
        executions.wait(good, timeout=0.1)
    assert executions.output(good) == {"a": [1, "ü"], "result": {"ok": True}}
    assert executions.input(good) == {"a": [1, "ü"]}
    assert executions.input_text(good) == '{"a": [1, "ü"]}'
    states = executions.states(good)
    assert [each.name for each in states] == ["Check", "Wait", "Done"]
    assert 0.9 < (states[1].exited - states[1].entered).total_seconds() < 5
    with pytest.raises(
        ExecutionError, match='ended FAILED; expected SUCCEEDED\nerror: Refused\ncause: it\'s "not" wanted'
    ):
        executions.wait(bad)
    assert executions.wait(bad, "FAILED")["error"] == "Refused"
    with pytest.raises(ExecutionError, match="ended SUCCEEDED; expected FAILED"):
        executions.wait(good, "FAILED")
    machine = deployment.outputs["state_machine_arn"]
    assert {each["executionArn"] for each in executions.list(machine)} == {good, bad}
    assert [each["executionArn"] for each in executions.list(machine, "FAILED")] == [bad]
    assert executions.history(good)[0]["type"] == "ExecutionStarted"


def test_visits_of_parallel_branches_overlap():
    def event(kind, name, time):
        return {f"state{kind}EventDetails": {"name": name}, "timestamp": time}

    events = [event("Entered", "A", 1), event("Entered", "B", 2), event("Exited", "A", 3), event("Entered", "C", 4)]
    assert visited_states([{"timestamp": 0}, *events, event("Exited", "B", 5)]) == [
        ("A", 1, 3),
        ("B", 2, 5),
        ("C", 4, None),
    ]


class _SharedSandbox:
    """A local sandbox that is used as AWS is: one account for all, and it stays."""

    shared, ephemeral, endpoint = True, False, None

    def __init__(self, account):
        self._account = account

    def new_account(self, region=None):
        return self._account


def test_in_an_account_shared_with_others_names_are_unique_and_all_is_destroyed(scratch, tmp_path):
    with open_sandbox("local") as sandbox:
        account = sandbox.new_account()
        client = account.client("stepfunctions")
        with Deployer(_SharedSandbox(account), tmp_path) as deploy:
            deploy(scratch, name="a")
            deploy(scratch, name="a", fresh=True)
            names = [each["name"] for each in client.list_state_machines()["stateMachines"]]
            assert len(names) == 2
            assert all(name.startswith("a-") for name in names)
        assert client.list_state_machines()["stateMachines"] == []


def test_what_can_not_be_destroyed_is_told_with_its_state(scratch, tmp_path):
    with open_sandbox("local") as sandbox:
        account = sandbox.new_account()
        deployer = Deployer(_SharedSandbox(account), tmp_path)
        deployment = deployer(scratch, name="a")
        (deployment.directory / "main.tf").write_text("broken {")
        with pytest.raises(ExceptionGroup) as caught:
            deployer.close()
    [error] = caught.value.exceptions
    kept = Path(error.__notes__[0].removeprefix("state kept in "))
    assert "aws_sfn_state_machine" in (kept / "terraform.tfstate").read_text()
    shutil.rmtree(kept)


@pytest.fixture
def opened(scratch, tmp_path):
    """An initialised workspace."""
    (tmp_path / "base").mkdir()
    with provider_source() as cli_configuration:
        environment = Account("1" * 12, endpoint="http://127.0.0.1:9").environment(cli_configuration)
        yield Workspaces(tmp_path / "base", scratch).open(scratch, environment).directory, environment


def test_one_provider_serves_one_command_at_a_time_in_one_sandbox(opened):
    directory, environment = opened
    with SharedProvider() as provider:
        with provider.serving(directory, environment) as first:
            assert set(first) - set(environment) == {"TF_REATTACH_PROVIDERS"}
            with provider.serving(directory, environment) as meanwhile:
                assert meanwhile == environment
        other = {**environment, "AWS_ACCESS_KEY_ID": "2" * 12, "AWS_REGION": "cn-north-1", "PWD": "/elsewhere"}
        with provider.serving(directory, other) as served:
            assert served["TF_REATTACH_PROVIDERS"] == first["TF_REATTACH_PROVIDERS"]
        elsewhere = {**environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:10"}
        with provider.serving(directory, elsewhere) as unserved:
            assert unserved == elsewhere
        os.kill(json.loads(served["TF_REATTACH_PROVIDERS"]).popitem()[1]["Pid"], signal.SIGKILL)

        def ended() -> bool:
            with provider.serving(directory, environment) as unserved:
                return unserved == environment

        wait_until(ended)


def test_the_provider_finds_files_from_the_directory_that_it_serves(opened):
    directory, environment = opened
    with SharedProvider() as provider, provider.serving(directory, environment) as served:
        pid = json.loads(served["TF_REATTACH_PROVIDERS"]).popitem()[1]["Pid"]
        assert Path(f"/proc/{pid}/cwd").resolve() == directory.resolve()


def test_each_configuration_has_its_own_and_the_last_two_stay(opened):
    directory, environment = opened
    with SharedProviders() as providers:
        one, two = providers.of("one"), providers.of("two")
        assert one is providers.of("one")
        assert one is not two
        providers.of("three")
        assert two is not providers.of("two")
        with two.serving(directory, environment) as served:
            assert served == environment


def test_a_directory_without_the_provider_needs_none(tmp_path):
    with SharedProvider() as provider, provider.serving(tmp_path, {"A": "b"}) as environment:
        assert environment == {"A": "b"}


def test_without_a_running_provider_plans_only_take_longer(scratch, tmp_path, monkeypatch):
    monkeypatch.setattr("sfn_harness.terraform.provider.DEADLINE", 0)
    with open_sandbox("local") as sandbox, Planner(sandbox.new_account, tmp_path) as plan:
        assert plan(scratch, region="us-gov-west-1").outputs["region"] == "us-gov-west-1"


def test_executions_need_nothing_but_an_account(started):
    deployment, good, _ = started
    assert Executions(deployment.account).wait(good)["status"] == "SUCCEEDED"
