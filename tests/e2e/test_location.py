"""A provider that is configured for another place than the first apply's: another region, or another account."""

from dataclasses import replace
from pathlib import Path

import pytest

from sfn_harness.terraform.diagnostics import TerraformError
from sfn_harness.terraform.runner import Terraform

ELSEWHERE = {"region": {"region": "eu-west-1"}, "account": {"id": "210987654321"}}


@pytest.fixture(scope="module")
def placed(deploy, examples):
    return deploy(examples / "quickstart", fresh=True)


@pytest.fixture(params=ELSEWHERE)
def elsewhere(request, placed) -> Terraform:
    """Terraform on the same state, with a provider for another place."""
    account = replace(placed.account, **ELSEWHERE[request.param])
    configuration = Path(placed.terraform.env["TF_CLI_CONFIG_FILE"])
    return Terraform(placed.directory, account.environment(configuration))


@pytest.mark.contract("invariant.7.location")
@pytest.mark.parametrize("refresh", [True, False])
def test_the_plan_refuses_it(placed, elsewhere, refresh):
    home = placed.account
    with pytest.raises(TerraformError) as refused:
        elsewhere.planned(placed.variables, refresh=refresh)
    said = str(refused.value)
    assert f"This was applied to the account {home.id} in {home.region}, and the provider now is" in said
    assert "Configure it as before, or destroy there first." in " ".join(said.split())
    assert placed.plan().is_empty
