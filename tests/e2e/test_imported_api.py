"""An API that Terraform gets from an OpenAPI document (``aws_api_gateway_rest_api.body``)."""

import pytest


@pytest.fixture(scope="module", params=["overwrite", "merge"])
def imported(deploy, configurations, request):
    return deploy(configurations / "imported_api", fresh=True, mode=request.param)


def paths(deployment) -> set[str]:
    gateway = deployment.account.client("apigateway")
    return {item["path"] for item in gateway.get_resources(restApiId=deployment.outputs["rest_api_id"])["items"]}


def test_it_answers_and_changes_with_its_document(imported):
    plan = imported.plan()
    assert plan.is_empty, plan.changes

    answer = imported.http.post(imported.url(), json={"item": "it's one"}).expect(200)
    started = answer.json()["executionArn"]
    imported.executions.wait(started)
    assert imported.executions.input(started) == {"item": "it's one"}
    imported.http.post(imported.url(), json={"item": 1}).expect(422)
    assert imported.http.get(imported.url("/health")).expect(200).json() == {"healthy": True}

    gateway = imported.account.client("apigateway")
    api = gateway.get_rest_api(restApiId=imported.outputs["rest_api_id"])
    assert api["name"].endswith("-api")
    assert api["description"] == "the resource's description"
    assert sorted(api["binaryMediaTypes"]) == ["application/pdf", "image/jpeg"]
    assert api["endpointConfiguration"]["types"] == ["REGIONAL"]

    imported.apply(changed=True)
    plan = imported.plan()
    assert plan.is_empty, plan.changes
    answer = imported.http.post(imported.url(), json={"item": "two"}).expect(200)
    assert set(answer.json()) == {"arn"}
    imported.http.get(imported.url("/added")).expect(200)
    merged = imported.variables["mode"] == "merge"
    imported.http.get(imported.url("/health")).expect(200 if merged else 403)
    assert ("/health" in paths(imported)) == merged
