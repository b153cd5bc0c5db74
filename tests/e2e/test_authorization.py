"""Who may call a route: authorizers, signatures and API keys, and what they refuse."""

import base64
import json
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.e2e.roles import eventually, permissions_of, without


@pytest.fixture
def nothing_starts(guarded, starts_nothing):
    with starts_nothing(guarded):
        yield


class TestToken:
    def test_a_friend_may_call(self, guarded):
        guarded.http.post(guarded.url("/token"), json={}, headers={"Authorization": "friend"}).expect(200)

    @pytest.mark.contract("error.403.authorizer", "start.refused")
    def test_a_stranger_may_not(self, guarded, expect_error, nothing_starts):
        answer = guarded.http.post(guarded.url("/token"), json={}, headers={"Authorization": "stranger"})
        expect_error(answer, 403, "ACCESS_DENIED")

    @pytest.mark.contract("error.401", "error.shape.gateway", "start.refused")
    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Not a word"}])
    def test_who_shows_no_token_is_not_asked_about(self, guarded, expect_error, nothing_starts, headers):
        expect_error(guarded.http.post(guarded.url("/token"), json={}, headers=headers), 401, "UNAUTHORIZED")

    def test_the_preflight_needs_none(self, guarded):
        headers = {"Origin": "https://one.example.com", "Access-Control-Request-Method": "POST"}
        guarded.http.request("OPTIONS", guarded.url("/token"), headers=headers).expect(204)

    def test_a_page_can_read_the_refusal(self, guarded):
        headers = {"Origin": "https://one.example.com"}
        answer = guarded.http.post(guarded.url("/token"), json={}, headers=headers).expect(401)
        assert answer.headers["access-control-allow-origin"] == "https://one.example.com"


class TestRequest:
    @pytest.mark.contract("input.request.authorizer")
    def test_what_the_authorizer_said_is_in_the_envelope(self, guarded):
        started = guarded.http.post(guarded.url("/query?who=friend"), json={"a": 1}).expect(200).json()
        envelope = guarded.executions.input(started["executionArn"])
        assert envelope["authorizer"] == {"principalId": "friend", "tenant": 'o\'hara "7"', "level": "3"}
        assert envelope["body"] == {"a": 1}

    @pytest.mark.contract("error.403.authorizer", "start.refused")
    def test_a_stranger_may_not(self, guarded, expect_error, nothing_starts):
        expect_error(guarded.http.post(guarded.url("/query?who=stranger"), json={}), 403, "ACCESS_DENIED")

    @pytest.mark.contract("error.401", "start.refused")
    def test_nobody_may_not(self, guarded, expect_error, nothing_starts):
        expect_error(guarded.http.post(guarded.url("/query"), json={}), 401, "UNAUTHORIZED")

    @pytest.mark.contract("invariant.1.exact")
    def test_the_role_may_call_the_authorizer_and_no_other_function(self, guarded):
        permissions = permissions_of(guarded, guarded.outputs["invoke_role_name"])
        assert permissions["lambda:InvokeFunction"] == {guarded.outputs["authorizer_arn"]}

    @pytest.mark.contract("invariant.1.minimal")
    def test_without_that_permission_nobody_is_let_in(self, guarded, nothing_starts):
        def call():
            # Somebody else each time: what the authorizer says of one is kept for a while.
            return guarded.http.post(guarded.url(f"/query?who=n{time.time_ns()}"), json={})

        with without(guarded, guarded.outputs["invoke_role_name"], "lambda:InvokeFunction"):
            eventually(call, 500)
        eventually(call, 403)


@pytest.fixture(scope="module")
def id_token(guarded) -> str:
    """What a member of the user pool signs in with."""
    pool, client = guarded.outputs["user_pool"], guarded.account.client("cognito-idp")
    client.admin_create_user(
        UserPoolId=pool["id"],
        Username="anna",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "anna@example.com"}],
    )
    client.admin_set_user_password(UserPoolId=pool["id"], Username="anna", Password="Secret-123", Permanent=True)
    return client.admin_initiate_auth(
        UserPoolId=pool["id"],
        ClientId=pool["client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "anna", "PASSWORD": "Secret-123"},
    )["AuthenticationResult"]["IdToken"]


class TestUserPool:
    @pytest.mark.contract("input.request.authorizer")
    def test_a_members_claims_are_in_the_envelope(self, guarded, id_token):
        answer = guarded.http.post(guarded.url("/pool"), json={}, headers={"Authorization": id_token}).expect(200)
        envelope = guarded.executions.input(answer.json()["executionArn"])
        assert envelope["authorizer"] == {"claims": {"email": "anna@example.com"}}

    @pytest.mark.contract("error.401", "start.refused")
    def test_a_forged_token(self, guarded, expect_error, nothing_starts, id_token):
        header, payload, signature = id_token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        forged = base64.urlsafe_b64encode(json.dumps({**claims, "email": "eve@example.com"}).encode()).decode()
        token = f"{header}.{forged.rstrip('=')}.{signature}"
        answer = guarded.http.post(guarded.url("/pool"), json={}, headers={"Authorization": token})
        expect_error(answer, 401, "UNAUTHORIZED")


@pytest.fixture(scope="module")
def signed(guarded):
    """POST to a route, signed by one of the users."""
    iam, region = guarded.account.client("iam"), guarded.account.region
    credentials = {}
    for name, user in guarded.outputs["user_names"].items():
        key = iam.create_access_key(UserName=user)["AccessKey"]
        credentials[name] = Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def post(name: str, path: str = "/signed", body: str = "{}", sent: str | None = None):
        request = AWSRequest("POST", guarded.url(path), data=body, headers={"Content-Type": "application/json"})
        SigV4Auth(credentials[name], "execute-api", region).add_auth(request)
        return guarded.http.post(guarded.url(path), body=sent or body, headers=dict(request.headers))

    return post


class TestSignature:
    def test_a_caller_whose_policy_allows_it(self, signed):
        deadline = time.monotonic() + 30
        while (answer := signed("friend")).status != 200 and time.monotonic() < deadline:
            time.sleep(1)  # on AWS a new access key takes some seconds to be known
        answer.expect(200)

    @pytest.mark.contract("error.403.policy", "start.refused")
    def test_a_caller_whose_policy_does_not(self, signed, expect_error, nothing_starts):
        answer = signed("stranger")
        assert "is not authorized to perform: execute-api:Invoke" in expect_error(answer, 403, "ACCESS_DENIED")

    @pytest.mark.contract("error.403.signature", "start.refused")
    def test_a_body_that_was_not_signed(self, signed, nothing_starts):
        answer = signed("friend", sent='{"other": "body"}').expect(403)
        assert set(answer.json()) == {"message", "type", "requestId"}

    @pytest.mark.contract("error.403.signature", "start.refused")
    def test_no_signature(self, guarded, expect_error, nothing_starts):
        expect_error(guarded.http.post(guarded.url("/signed"), json={}), 403, "MISSING_AUTHENTICATION_TOKEN")


class TestApiKey:
    def test_a_regular(self, guarded):
        key = guarded.outputs["api_keys"]["regular"]
        guarded.http.post(guarded.url("/key"), json={}, headers={"x-api-key": key}).expect(200)

    @pytest.mark.contract("error.403.api_key", "start.refused")
    @pytest.mark.parametrize("headers", [{}, {"x-api-key": "made-up"}])
    def test_no_key_or_a_wrong_one(self, guarded, expect_error, nothing_starts, headers):
        expect_error(guarded.http.post(guarded.url("/key"), json={}, headers=headers), 403, "INVALID_API_KEY")

    @pytest.mark.contract("error.429.usage_plan")
    def test_the_usage_plans_limit(self, guarded, expect_error):
        headers = {"x-api-key": guarded.outputs["api_keys"]["guest"]}
        answers = [guarded.http.post(guarded.url("/key"), json={}, headers=headers) for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        expect_error(answers[2], 429, "QUOTA_EXCEEDED")

    @pytest.mark.contract("error.401", "error.403.api_key", "start.refused")
    def test_a_key_and_a_token(self, guarded, expect_error, nothing_starts):
        key, token = {"x-api-key": guarded.outputs["api_keys"]["regular"]}, {"Authorization": "friend"}
        expect_error(guarded.http.post(guarded.url("/both"), json={}, headers=key), 401, "UNAUTHORIZED")
        expect_error(guarded.http.post(guarded.url("/both"), json={}, headers=token), 403, "INVALID_API_KEY")

    def test_both_together(self, guarded):
        headers = {"x-api-key": guarded.outputs["api_keys"]["regular"], "Authorization": "friend"}
        guarded.http.post(guarded.url("/both"), json={}, headers=headers).expect(200)


def test_a_usage_plan_goes_along_to_the_other_engine(deploy, configurations):
    """Another engine is another API, whose stage takes the place of the old one in the plan."""
    keyed = deploy(configurations / "keyed", engine="resources", fresh=True)
    for engine in ("openapi", "resources"):
        keyed.apply(engine=engine)
        keyed.http.post(keyed.url(), json={}).expect(403)
        keyed.http.post(keyed.url(), json={}, headers={"x-api-key": keyed.outputs["api_key"]}).expect(200)
    plan = keyed.plan()
    assert plan.is_empty, plan.changes
    keyed.destroy()


@pytest.mark.parametrize(("route", "said"), [("POST /signed", "--aws-sigv4"), ("POST /key", "x-api-key: ")])
def test_the_curl_command_says_who_calls(guarded, route, said):
    assert said in guarded.outputs["curl_commands"]["alpha"][route]


@pytest.mark.contract("invariant.2")
def test_a_second_plan_shows_no_change(guarded):
    plan = guarded.plan()
    assert plan.is_empty, plan.changes
