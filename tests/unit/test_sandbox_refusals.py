"""What API Gateway's control plane refuses, and what it takes, in the sandbox. Each fact has its source beside it."""

from __future__ import annotations

import itertools
import json

import pytest
from botocore.exceptions import ClientError
from sandbox_server import REGION, World, running, trust

ACCOUNTS = itertools.count(210000000001)


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture
def api(server):
    return World(server, str(next(ACCOUNTS))).api()


def refused(call, **request) -> tuple[str, str]:
    """Make a call that is refused; returns the error's code and its message."""
    with pytest.raises(ClientError) as error:
        call(**request)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def operation(op: str, path: str, value: str | None = None) -> dict:
    return {"patchOperations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}


class TestIntegrationOfAMethod:
    """Source: hashicorp/terraform#9877, hashicorp/terraform-provider-aws#352 and #21907.

    A method has one integration, and the responses belong to it.
    """

    @pytest.fixture
    def where(self, api):
        api.mock("/x")
        return {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST"}

    def test_putting_it_again_takes_its_responses_away(self, api, where):
        assert "200" in api.gateway.get_integration(**where)["integrationResponses"]
        api.gateway.put_integration(**where, type="MOCK")
        assert not api.gateway.get_integration(**where).get("integrationResponses")

    def test_deleting_it_deletes_what_is_there(self, api, where):
        api.gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": "new"})
        api.gateway.delete_integration(**where)
        assert refused(api.gateway.get_integration, **where)[0] == "NotFoundException"


class TestResponses:
    """Source: localstack's test_apigateway_api.snapshot.json, recorded on AWS 2025-06-11 to 2025-07-01."""

    @pytest.fixture
    def where(self, api):
        api.mock("/x", responses={})
        return {"restApiId": api.id, "resourceId": api.resource("/x"), "httpMethod": "POST", "statusCode": "200"}

    def test_an_integration_response_may_come_before_its_method_response(self, api, where):
        put = api.gateway.put_integration_response(**where)
        assert put["ResponseMetadata"]["HTTPStatusCode"] == 201
        api.deploy()
        assert api.call("/x", "{}").status == 500, "a method response that never came"
        api.gateway.put_method_response(**where)
        api.deploy()
        assert api.call("/x", "{}").status == 200

    def test_a_header_has_to_be_declared(self, api, where):
        mapped = {"responseParameters": {"method.response.header.A": "'a'"}}
        assert "Invalid mapping expression" in refused(api.gateway.put_integration_response, **where, **mapped)[1]
        api.gateway.put_method_response(**where, responseParameters={"method.response.header.a": False})
        api.gateway.put_integration_response(**where, **mapped)

    def test_a_method_response_changes_in_place(self, api, where):
        api.gateway.put_method_response(**where, responseParameters={"method.response.header.old": True})
        update = api.gateway.update_method_response
        path = "/responseParameters/method.response.header."
        assert update(**where, **operation("add", f"{path}new", "true"))["ResponseMetadata"]["HTTPStatusCode"] == 201
        update(**where, **operation("add", "/responseModels/application~1json", "Empty"))
        update(**where, **operation("remove", f"{path}old"))
        found = api.gateway.get_method_response(**where)
        assert found["responseParameters"] == {"method.response.header.new": True}
        assert found["responseModels"] == {"application/json": "Empty"}

    @pytest.mark.parametrize(
        ("path", "code", "message"),
        [
            ("/responseParameters/method.response.header.x", "NotFoundException", "Invalid parameter name specified"),
            ("/responseModels/application~1json", "NotFoundException", "Content-Type specified was not found"),
            ("/wrong/x", "BadRequestException", "Invalid patch path /wrong/x"),
        ],
    )
    def test_a_patch_of_what_is_not_there(self, api, where, path, code, message):
        api.gateway.put_method_response(**where)
        assert refused(api.gateway.update_method_response, **where, **operation("remove", path)) == (code, message)

    def test_an_update_needs_its_response(self, api, where):
        for update in (api.gateway.update_method_response, api.gateway.update_integration_response):
            assert refused(update, **{**where, "statusCode": "418"}, **operation("add", "/x", "y")) == (
                "NotFoundException",
                "Invalid Response status code specified",
            )

    def test_an_integration_response_changes_in_place(self, api, where):
        api.gateway.put_method_response(**where, responseParameters={"method.response.header.A": False})
        api.gateway.put_integration_response(**where)
        update = api.gateway.update_integration_response
        update(**where, **operation("replace", "/selectionPattern", "2.."))
        update(**where, **operation("add", "/responseTemplates/application~1json", "{}"))
        update(**where, **operation("add", "/responseParameters/method.response.header.A", "'a'"))
        found = api.gateway.get_integration_response(**where)
        assert found["selectionPattern"] == "2.."
        assert found["responseTemplates"] == {"application/json": "{}"}
        assert found["responseParameters"] == {"method.response.header.A": "'a'"}
        wrong = operation("add", "/responseParameters/method.response.header.B", "'b'")
        assert "Invalid mapping expression" in refused(update, **where, **wrong)[1]
        assert api.gateway.get_integration_response(**where)["responseParameters"] == found["responseParameters"]


def test_a_gateway_response_changes_in_place(api):
    """Source: localstack's test_update_gateway_response, recorded on AWS 2024-04-15."""
    where = {"restApiId": api.id, "responseType": "DEFAULT_4XX"}
    changed = api.gateway.update_gateway_response(**where, **operation("replace", "/statusCode", "444"))
    assert (changed["statusCode"], changed["defaultResponse"]) == ("444", False)
    changed = api.gateway.update_gateway_response(
        **where, **operation("add", "/responseParameters/gatewayresponse.header.A", "'a'")
    )
    assert changed["responseParameters"] == {"gatewayresponse.header.A": "'a'"}
    assert changed == {**api.gateway.get_gateway_response(**where), "ResponseMetadata": changed["ResponseMetadata"]}
    for wrong in (operation("add", "/statusCode", "400"), operation("replace", "/wrong", "x")):
        path = wrong["patchOperations"][0]["path"]
        assert refused(api.gateway.update_gateway_response, **where, **wrong) == (
            "BadRequestException",
            f"Invalid patch path {path}",
        )


class TestResources:
    """Source: localstack's test_create_proxy_resource_validation, test_update_resource_behaviour (2024-04-15) and
    test_update_resource_on_root (2025-09-03), recorded on AWS.
    """

    def create(self, api, path):
        parent, _, part = path.rpartition("/")
        return {"restApiId": api.id, "parentId": api.resource(parent), "pathPart": part}

    def update(self, api, path, name, value):
        return {"restApiId": api.id, "resourceId": api.resource(path), **operation("replace", f"/{name}", value)}

    @pytest.mark.parametrize("variable", ["{other}", "{proxy+}"])
    def test_one_variable_part_below_a_resource(self, api, variable):
        api.resource("/orders/{id}")
        message = "A sibling ({id}) of this resource already has a variable path part -- only one is allowed"
        expected = ("BadRequestException", message)
        assert refused(api.gateway.create_resource, **self.create(api, f"/orders/{variable}")) == expected
        api.resource("/orders/open")
        assert (
            refused(api.gateway.update_resource, **self.update(api, "/orders/open", "pathPart", variable)) == expected
        )

    def test_nothing_below_a_greedy_one(self, api):
        api.resource("/{proxy+}")
        assert refused(api.gateway.create_resource, **self.create(api, "/{proxy+}/x")) == (
            "BadRequestException",
            "Cannot create a child of a resource with a greedy path variable: {proxy+}",
        )

    def test_a_name_is_taken_once(self, api):
        api.resource("/a/same")
        expected = ("ConflictException", "Another resource with the same parent already has this name: same")
        assert refused(api.gateway.create_resource, **self.create(api, "/a/same")) == expected
        api.resource("/a/b")
        assert refused(api.gateway.update_resource, **self.update(api, "/a/b", "pathPart", "same")) == expected
        api.resource("/same")
        moved = self.update(api, "/same", "parentId", api.resource("/a"))
        assert refused(api.gateway.update_resource, **moved) == expected

    def test_a_path_changes_in_place_with_all_below_it(self, api):
        api.mock("/customers/{id}/orders")
        api.gateway.update_resource(**self.update(api, "/customers/{id}", "pathPart", "{customer}"))
        paths = {item["path"] for item in api.gateway.get_resources(restApiId=api.id)["items"]}
        assert paths == {"/", "/customers", "/customers/{customer}", "/customers/{customer}/orders"}
        api.deploy()
        assert api.call("/customers/7/orders", "{}").status == 200

    def test_a_resource_moves(self, api):
        api.resource("/a/b/c")
        assert refused(api.gateway.update_resource, **self.update(api, "/a", "parentId", api.resource("/a/b/c"))) == (
            "BadRequestException",
            "Resources cannot be cyclical.",
        )
        moved = api.gateway.update_resource(**self.update(api, "/a/b", "parentId", api.resource("")))
        assert moved["path"] == "/b"
        assert api.gateway.get_resource(restApiId=api.id, resourceId=api.resource("/a/b/c"))["path"] == "/b/c"

    def test_the_root_stays(self, api):
        assert refused(api.gateway.update_resource, **self.update(api, "", "pathPart", "x")) == (
            "BadRequestException",
            "Root resource cannot update its pathPart.",
        )

    def test_what_is_below_goes_too(self, api):
        api.resource("/a/b")
        api.gateway.delete_resource(restApiId=api.id, resourceId=api.resource("/a"))
        assert [item["path"] for item in api.gateway.get_resources(restApiId=api.id)["items"]] == ["/"]


class TestAuthorizers:
    """Source: ``identitySource`` in botocore's apigateway model; for the name's words, aws/aws-cdk#13711."""

    def settings(self, api, kind, **changes):
        uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/f/invocations"
        return {"restApiId": api.id, "name": "a", "type": kind, "authorizerUri": uri, **changes}

    def test_a_name_is_taken_once(self, api):
        source = {"identitySource": "method.request.header.Authorization"}
        api.gateway.create_authorizer(**self.settings(api, "TOKEN", **source))
        other = api.gateway.create_authorizer(**self.settings(api, "TOKEN", **source, name="b"))
        expected = (
            "ConflictException",
            "Authorizer name must be unique. Authorizer a already exists in this RestApi.",
        )
        assert refused(api.gateway.create_authorizer, **self.settings(api, "REQUEST", **source)) == expected
        where = {"restApiId": api.id, "authorizerId": other["id"]}
        assert refused(api.gateway.update_authorizer, **where, **operation("replace", "/name", "a")) == expected

    @pytest.mark.parametrize(
        ("kind", "settings"),
        [
            ("REQUEST", {}),
            ("REQUEST", {"identitySource": "", "authorizerResultTtlInSeconds": 1}),
            ("TOKEN", {"authorizerResultTtlInSeconds": 0}),
            ("TOKEN", {"identitySource": " "}),
            ("COGNITO_USER_POOLS", {"identitySource": ""}),
        ],
    )
    def test_an_identity_source_is_needed(self, api, kind, settings):
        assert refused(api.gateway.create_authorizer, **self.settings(api, kind, **settings))[0] == (
            "BadRequestException"
        )

    def test_one_that_keeps_no_answers_needs_none(self, api):
        settings = self.settings(api, "REQUEST", authorizerResultTtlInSeconds=0)
        made = api.gateway.create_authorizer(**settings)
        assert not made.get("identitySource")
        where = {"restApiId": api.id, "authorizerId": made["id"]}
        cached = operation("replace", "/authorizerResultTtlInSeconds", "300")
        assert refused(api.gateway.update_authorizer, **where, **cached)[0] == "BadRequestException"

    def test_an_import_replaces_one_whose_type_changes(self, api):
        def document(kind: str, **extension) -> bytes:
            scheme = {"type": "apiKey", "name": "Authorization", "in": "header"}
            authorizer = {"type": kind, **extension}
            scheme |= {"x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": authorizer}
            integration = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
            operation = {"security": [{"a": []}], "x-amazon-apigateway-integration": integration, "responses": {}}
            return json.dumps(
                {
                    "openapi": "3.0.1",
                    "info": {"title": "t", "version": "1"},
                    "paths": {"/x": {"get": operation}},
                    "components": {"securitySchemes": {"a": scheme}},
                }
            ).encode()

        uri = self.settings(api, "TOKEN")["authorizerUri"]
        pool = f"arn:aws:cognito-idp:{REGION}:{api.world.account}:userpool/{REGION}_x"
        for kind, extension in (
            ("token", {"authorizerUri": uri}),
            ("cognito_user_pools", {"providerARNs": [pool]}),
            ("request", {"authorizerUri": uri, "identitySource": "method.request.header.A"}),
        ):
            api.gateway.put_rest_api(restApiId=api.id, mode="overwrite", body=document(kind, **extension))
            (found,) = api.gateway.get_authorizers(restApiId=api.id)["items"]
            assert found["type"] == kind.upper()
            assert found.get("providerARNs", []) == extension.get("providerARNs", [])


class TestStageVariables:
    """Source: the API Gateway guide's quotas (2023), and ``variables`` of CreateStage in botocore's model."""

    @pytest.mark.parametrize(
        ("name", "value", "fits"),
        [
            ("n" * 64, "v" * 512, True),
            ("n" * 65, "v", False),
            ("name", "v" * 513, False),
            ("na-me", "v", False),
            ("name", "a b", False),
            ("role", "path/to-role_1.x,y=z", True),
        ],
    )
    def test_names_and_values(self, api, name, value, fits):
        api.mock("/x")
        stage = {"restApiId": api.id, "stageName": "beta", "deploymentId": api.deploy()}
        changed = operation("replace", f"/variables/{name}", value)
        if fits:
            api.gateway.create_stage(**stage, variables={name: value})
            api.gateway.update_stage(restApiId=api.id, stageName="alpha", **changed)
        else:
            assert refused(api.gateway.create_stage, **stage, variables={name: value})[0] == "BadRequestException"
            update = refused(api.gateway.update_stage, restApiId=api.id, stageName="alpha", **changed)
            assert update[0] == "BadRequestException"


class TestRoles:
    """Source: "IAM and AWS STS quotas", IAM guide; for the words, aws/aws-cdk#12403."""

    @pytest.fixture
    def iam(self, server):
        return World(server, str(next(ACCOUNTS))).iam

    def document(self, length: int, **statement) -> str:
        """Return a policy of so many characters, without and with white space."""
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::", **statement}
        empty = len(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":")))
        statement["Sid"] = ""
        filled = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
        return filled.replace('"Sid":""', f'"Sid":"{"x" * (length - empty - 9)}"').replace(",", ",  \n")

    def test_inline_policies_count_together_without_white_space(self, iam):
        for name, length in (("half", 5120), ("other", 5120)):
            assert len("".join(self.document(length).split())) == length
            iam.put_role_policy(RoleName="states", PolicyName=name, PolicyDocument=self.document(length))
        assert refused(
            iam.put_role_policy, RoleName="states", PolicyName="half", PolicyDocument=self.document(5121)
        ) == ("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role states")
        iam.delete_role_policy(RoleName="states", PolicyName="other")
        iam.put_role_policy(RoleName="states", PolicyName="half", PolicyDocument=self.document(10240))

    def test_a_trust_policy_is_short(self, iam):
        trusted = {"Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
        document = json.loads(self.document(2048, **trusted))
        del document["Statement"][0]["Resource"]
        document["Statement"][0]["Sid"] += "x" * 27  # as long as the resource and its name were
        fits = json.dumps(document)
        assert len("".join(fits.split())) == 2048
        iam.create_role(RoleName="fits", AssumeRolePolicyDocument=fits)
        longer = fits.replace('"Sid": "', '"Sid": "x')
        expected = ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
        assert refused(iam.create_role, RoleName="long", AssumeRolePolicyDocument=longer) == expected
        assert refused(iam.update_assume_role_policy, RoleName="fits", PolicyDocument=longer) == expected

    def test_a_name_has_at_most_64_characters(self, iam):
        iam.create_role(RoleName="n" * 64, AssumeRolePolicyDocument=trust("states.amazonaws.com"))
        name = {"RoleName": "n" * 65, "AssumeRolePolicyDocument": trust("states.amazonaws.com")}
        assert refused(iam.create_role, **name)[0] == "ValidationError"


@pytest.mark.parametrize(
    ("model", "code", "message"),
    [
        ({"name": ""}, "BadRequestException", "Model name must be non-empty"),
        (
            {"schema": ""},
            "BadRequestException",
            "Model schema must have at least 1 property or array items defined",
        ),
        ({"name": "Taken"}, "ConflictException", "Model name already exists for this REST API"),
    ],
)
def test_models(api, model, code, message):
    """Recorded on AWS, 2024-04-15 (localstack, test_model_validation)."""
    settings = {"restApiId": api.id, "name": "Free", "contentType": "application/json", "schema": '{"type": "object"}'}
    api.gateway.create_model(**{**settings, "name": "Taken"})
    assert refused(api.gateway.create_model, **{**settings, **model}) == (code, message)


def test_tags_are_the_resources_own(api):
    """Source: API Gateway's service model, `tags` of RestApi and Stage, which TagResource and UntagResource change."""
    gateway, where = api.gateway, {"restApiId": api.id}
    arn = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}"
    gateway.tag_resource(resourceArn=arn, tags={"team": "orders", "cost": "1"})
    assert gateway.get_rest_api(**where)["tags"] == {"team": "orders", "cost": "1"}
    gateway.untag_resource(resourceArn=arn, tagKeys=["cost"])
    assert gateway.get_rest_api(**where)["tags"] == {"team": "orders"}
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"team": "orders"}
