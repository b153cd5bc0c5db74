"""What gets into the sandbox: by host name, origin, secret and signature; in raw requests, as anybody may send them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from sandbox_server import REGION, SECRET, Answer, World, allow, http, policy, running, signed

from sfn_harness.sandbox.gate import Gate

ACCOUNT = "111122223333"
EVIL = "http://evil.example"


# ---- The gate by itself -------------------------------------------------------------------------------------------


def through(path: str = "/", *, kind: str = "http", method: str = "POST", **headers: str) -> tuple[int, dict]:
    """Send a request to a gate in front of an application that answers 200 to anything, with CORS headers."""
    sent = []

    async def app(_scope, _receive, send) -> None:
        cors = [(b"access-control-allow-origin", b"*"), (b"Access-Control-Max-Age", b"1"), (b"x-other", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": cors})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict:
        return {"type": "http.request"}

    async def send(message: dict) -> None:
        sent.append(message)

    named = {"host": "127.0.0.1:4566", **headers}
    scope = {
        "type": kind,
        "scheme": "http",
        "method": method,
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
    }
    gate = Gate(
        app, secret="s3cret", is_deployed=lambda host, path: path.startswith("/api/") or host == "api.localhost"
    )
    asyncio.run(gate(scope, receive, send))
    if sent[0]["type"] == "websocket.close":
        return 403, {}
    return sent[0]["status"], {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:4566",
        "localhost:4566",
        "LOCALHOST",
        "[::1]:4566",
        "bucket.localhost:4566",
        "states.eu-west-1.amazonaws.com",
        "my.bucket_1.s3.cn-north-1.amazonaws.com.cn",
        "abc.lambda-url.eu-west-1.on.aws",
    ],
)
def test_a_host_name_of_the_sandbox(host):
    assert through(host=host)[0] == 200
    assert through("/api/x", host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:4566",
        "evil.example#.localhost",
        "amazonaws.com.evil.example",
        "evilamazonaws.com",
        "127.0.0.1:4566@evil.example",
        "127.0.0.1, evil.example",
        "localhostevil",
        "127.0.0.2",
        "0.0.0.0:4566",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/x", "/_ministack/health"])
def test_a_foreign_host_name(host, path):
    assert through(path, host=host)[0] == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:4566"}, 200),
        ({"origin": EVIL}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:4567"}, 403),
        ({"origin": "https://127.0.0.1:4566"}, 403),
        ({"origin": "http://localhost:4566"}, 403),
        ({"origin": ""}, 403),
        ({"sec_fetch_site": "none"}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/_ministack/health", "/bucket/key"])
def test_where_the_request_comes_from(path, headers, status):
    assert through(path, **headers)[0] == status
    assert through("/api/x", **headers)[0] == 200
    assert through(path, **{**headers, "host": "api.localhost"})[0] == 200


def test_an_answer_of_the_sandbox_names_no_origin_and_an_apis_is_its_own():
    assert through()[1] == {"x-other": "1"}
    assert through("/api/x", origin=EVIL)[1]["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/_ministack/reset", "/_sfn_harness/faults", "/_ministack", "/_localstack/x", "/_aws/x"]
)
def test_maintenance_asks_for_the_secret(path):
    assert through(path)[0] == 403
    assert through(path, authorization="Bearer other")[0] == 403
    assert through(path, authorization="s3cret")[0] == 403
    assert through(path, authorization="Bearer s3cret")[0] == 200
    assert through(path, authorization="Bearer s3cret", origin=EVIL)[0] == 403


def test_a_websocket_is_for_deployed_apis():
    assert through("/api/x", kind="websocket", origin=EVIL)[0] == 200
    assert through("/", kind="websocket")[0] == 403


# ---- The whole server ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    with running(environment={"GITHUB_TOKEN": "t0ken", "HOME": "/home/nobody"}) as server:
        world = World(server, ACCOUNT)
        yield world


def raw(world: World, text: str) -> Answer:
    """Send bytes, with the Host that is in them."""
    with socket.create_connection(("127.0.0.1", urlsplit(world.server.endpoint).port), timeout=10) as connection:
        connection.sendall(text.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1 << 16)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    return Answer(int(lines[0].split()[1]), headers, body)


CREATE_ROLE = urlencode(
    {"Action": "CreateRole", "RoleName": "evil", "AssumeRolePolicyDocument": "{}", "Version": "2010-05-08"}
)


def forged(url: str, service: str = "iam") -> str:
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{ACCOUNT}/{now[:8]}/{REGION}/{service}/aws4_request",
        "X-Amz-Date": now,
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Expires": "60",
        "X-Amz-Signature": "0",
    }
    return f"{url}?{urlencode(query)}"


def test_a_made_up_signature_makes_no_role(world):
    form = {"content_type": "application/x-www-form-urlencoded"}
    answer = http(forged(f"{world.server.endpoint}/"), CREATE_ROLE, **form)
    assert answer.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in answer.body
    assert "access-control-allow-origin" not in answer.headers
    answer = http(f"{world.server.endpoint}/", CREATE_ROLE, **form)
    assert answer.status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in answer.body
    url = f"{world.server.endpoint}/"
    right = signed("POST", url, CREATE_ROLE, service="iam", **form)
    assert http(url, CREATE_ROLE, **right, origin=EVIL).status == 403
    assert http(url, CREATE_ROLE, **right, sec_fetch_site="cross-site").status == 403
    assert "evil" not in {role["RoleName"] for role in world.iam.list_roles()["Roles"]}


def test_a_right_signature_is_taken_once_the_host_is_right(world):
    url = "http://evil.example/"
    body = '{"maxResults": 1}'
    headers = signed(
        "POST",
        url,
        body,
        service="states",
        x_amz_target="AWSStepFunctions.ListStateMachines",
        content_type="application/x-amz-json-1.0",
    )
    assert http(f"{world.server.endpoint}/", body, **headers, host="evil.example").status == 403
    url = f"http://states.{REGION}.amazonaws.com/"
    headers = signed("POST", url, body, service="states", x_amz_target="AWSStepFunctions.ListStateMachines")
    assert http(f"{world.server.endpoint}/", body, **headers, host=f"states.{REGION}.amazonaws.com").status == 200


def test_a_rebound_name_reaches_neither_the_sandbox_nor_an_api(world):
    api = world.api()
    api.mock("/x", "GET")
    api.deploy()
    path = f"/_aws/execute-api/{api.id}/alpha/x"
    assert raw(world, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n").status == 403
    assert raw(world, "GET /_ministack/health HTTP/1.1\r\nHost: evil.example\r\n\r\n").status == 403
    assert raw(world, f"GET {path} HTTP/1.1\r\n\r\n".replace("1.1", "1.0")).status == 403
    assert raw(world, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200


def test_an_api_by_its_host_name_is_no_way_to_anything_else(world):
    api = world.api()
    api.mock("/x", "GET")
    api.deploy()
    host = f"{api.id[:8]}.execute-api.localhost"
    for path, method in (
        ("/_ministack/reset", "POST"),
        ("/_ministack/health", "GET"),
        ("/_sfn_harness/faults", "PUT"),
        ("/oauth2/token", "POST"),
        ("/v2/evil/blobs/uploads/", "POST"),
    ):
        answer = raw(world, f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")
        assert answer.status in (403, 404), path
        assert "x-amzn-requestid" in answer.headers, path
    assert world.gateway.get_rest_apis()["items"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/ready"),
        ("GET", "/_ministack/lambda-code/f"),
        ("PUT", "/_sfn_harness/faults"),
        ("GET", "/_aws/ses/messages"),
        ("GET", "/_localstack/health"),
        ("GET", "/health"),
        ("GET", "/latest/meta-data/iam/security-credentials/"),
        ("POST", "/v2/x/blobs/uploads/"),
        ("GET", "/"),
        ("GET", "/no-such-bucket/key"),
        ("OPTIONS", "/"),
        ("OPTIONS", "/no-such-bucket"),
    ],
)
def test_without_secret_or_signature_there_is_nothing(world, method, path):
    answer = http(f"{world.server.endpoint}{path}", method=method)
    assert answer.status == 403, answer.body
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_health_check_needs_nothing(world):
    assert http(f"{world.server.endpoint}/_ministack/health").status == 200


@pytest.mark.parametrize(
    ("service", "call", "expected"),
    [
        ("stepfunctions", "list_state_machines", (400, "InvalidSignatureException")),
        ("dynamodb", "list_tables", (400, "InvalidSignatureException")),
        ("lambda", "list_functions", (403, "InvalidSignatureException")),
        ("apigateway", "get_rest_apis", (403, "InvalidSignatureException")),
        ("iam", "list_roles", (403, "SignatureDoesNotMatch")),
        ("sts", "get_caller_identity", (403, "SignatureDoesNotMatch")),
        ("s3", "list_buckets", (403, "SignatureDoesNotMatch")),
    ],
)
def test_a_wrong_secret_is_told_as_the_service_tells_it(world, service, call, expected):
    """Query and REST-XML protocols: 403, "Common Errors", IAM API Reference; JSON: status and name are MiniStack's."""
    client = boto3.client(
        service,
        endpoint_url=world.server.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="x",
    )
    with pytest.raises(ClientError) as caught:
        getattr(client, call)()
    response = caught.value.response
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == expected


@pytest.mark.parametrize("key", ["test", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "12345", "1111222233334"])
def test_an_access_key_that_is_nobodys(world, key):
    with pytest.raises(ClientError) as caught:
        world.server.client("stepfunctions", key=key).list_state_machines()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
    with pytest.raises(ClientError) as caught:
        world.server.client("iam", key=key).list_roles()
    assert caught.value.response["Error"]["Code"] == "InvalidClientTokenId"


def test_a_token_with_the_accounts_own_key(world):
    client = boto3.client(
        "stepfunctions",
        endpoint_url=world.server.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=SECRET,
        aws_session_token="made up",
    )
    with pytest.raises(ClientError) as caught:
        client.list_state_machines()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


def session(world: World, credentials: dict[str, str], **changes: str):
    keys = {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials.get("SessionToken"),
        **changes,
    }
    return boto3.client("stepfunctions", endpoint_url=world.server.endpoint, region_name=REGION, **keys)


def refused(client) -> str:
    with pytest.raises(ClientError) as caught:
        client.list_state_machines()
    return caught.value.response["Error"]["Code"]


def test_temporary_credentials(world):
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    trusted = policy([{"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}])
    role = world.role("temporary", trusted, allow("states:*"))
    given = world.server.client("sts", ACCOUNT).assume_role(RoleArn=role, RoleSessionName="s")["Credentials"]
    assert session(world, given).list_state_machines()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert refused(session(world, given, aws_secret_access_key=SECRET)) == "InvalidSignatureException"
    assert refused(session(world, given, aws_session_token="other")) == "UnrecognizedClientException"
    assert refused(session(world, given, aws_session_token=None)) == "UnrecognizedClientException"


def test_a_users_access_key(world):
    world.iam.create_user(UserName="anna")
    world.iam.put_user_policy(UserName="anna", PolicyName="p", PolicyDocument=allow("states:*"))
    key = world.iam.create_access_key(UserName="anna")["AccessKey"]
    assert session(world, key).list_state_machines()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert refused(session(world, key, aws_secret_access_key=SECRET)) == "InvalidSignatureException"
    world.iam.update_access_key(UserName="anna", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert refused(session(world, key)) == "UnrecognizedClientException"


def test_a_method_that_asks_for_a_signature_asks_roots_too(world):
    api = world.api()
    api.mock("/signed", "GET", authorizationType="AWS_IAM")
    api.deploy()
    url = world.server.url(api.id, "alpha", "/signed")
    assert http(url, **signed("GET", url, service="execute-api")).status == 200
    assert http(url).status == 403
    assert http(forged(url, "execute-api")).status == 403
    assert http(url, **signed("GET", url, service="execute-api", secret="other")).status == 403
    changed = signed("GET", url, service="execute-api")
    assert http(f"{url}?a=1", **changed).status == 403


def signer(world: World, version: str, secret: str = SECRET):
    return boto3.client(
        "s3",
        endpoint_url=world.server.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=secret,
        config=Config(signature_version=version),
    )


@pytest.fixture(scope="module")
def s3(world):
    client = world.server.client("s3", ACCOUNT)
    client.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


class TestS3:
    @pytest.mark.parametrize("body", [b"", b"x" * 100_000, "é".encode()])
    @pytest.mark.parametrize("key", ["plain", "a b+c/ü~'()*!.txt"])
    def test_objects(self, s3, key, body):
        s3.put_object(Bucket="kept", Key=key, Body=body, Metadata={"a": "b  c"})
        assert s3.get_object(Bucket="kept", Key=key)["Body"].read() == body

    def test_a_file_and_an_upload_in_parts(self, s3):
        s3.upload_fileobj(io.BytesIO(b"x" * 9_000_000), "kept", "big")
        assert s3.head_object(Bucket="kept", Key="big")["ContentLength"] == 9_000_000

    @pytest.mark.parametrize("version", ["s3", "s3v4"])
    def test_a_presigned_upload(self, world, s3, version):
        url = signer(world, version).generate_presigned_url("put_object", {"Bucket": "kept", "Key": "uploaded"})
        assert http(url, b"any", "PUT", content_type="").status == 200
        assert s3.get_object(Bucket="kept", Key="uploaded")["Body"].read() == b"any"
        assert http(url, b"any", "PUT", content_type="", origin=EVIL).status == 403

    @pytest.mark.parametrize("version", ["s3", "s3v4"])
    def test_a_presigned_url(self, world, s3, version):
        s3.put_object(Bucket="kept", Key="shared", Body=b"text")
        s3 = signer(world, version)
        url = s3.generate_presigned_url("get_object", {"Bucket": "kept", "Key": "shared"}, ExpiresIn=60)
        assert http(url).body == b"text"
        assert http(url.replace("shared", "plain")).status == 403
        other = signer(world, version, secret="other")
        forged = other.generate_presigned_url("get_object", {"Bucket": "kept", "Key": "shared"})
        assert b"SignatureDoesNotMatch" in http(forged).body
        expired = s3.generate_presigned_url("get_object", {"Bucket": "kept", "Key": "shared"}, ExpiresIn=1)
        time.sleep(2.1)
        answer = http(expired)
        assert answer.status == 403
        if version == "s3v4":  # MiniStack has no word of its own for the old one
            assert b"Request has expired" in answer.body

    def test_a_body_that_was_changed(self, world, s3):
        url = f"{world.server.endpoint}/kept/changed"
        headers = signed("PUT", url, b"one", service="s3", x_amz_content_sha256=SHA_OF_ONE)
        assert http(url, b"one", "PUT", **headers).status == 200
        answer = http(url, b"two", "PUT", **headers)
        assert answer.status == 400
        assert b"XAmzContentSHA256Mismatch" in answer.body

    def test_what_is_public_needs_no_signature(self, world, s3):
        url = f"{world.server.endpoint}/kept/open/x"
        s3.put_object(Bucket="kept", Key="open/x", Body=b"open")
        assert http(url).status == 403
        s3.put_public_access_block(
            Bucket="kept", PublicAccessBlockConfiguration={"BlockPublicPolicy": False, "RestrictPublicBuckets": False}
        )
        s3.put_bucket_policy(
            Bucket="kept",
            Policy=policy(
                [
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::kept/open/*",
                    }
                ]
            ),
        )
        assert http(url).body == b"open"
        assert http(url, b"other", "PUT").status == 403
        assert http(url, origin=EVIL).status == 403

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/kept"),
            ("PUT", "/kept"),
            ("DELETE", "/kept"),
            ("PUT", "/kept?policy"),
            ("GET", "/kept?policy"),
            ("POST", "/kept?delete"),
            ("POST", "/kept/key?uploads"),
            ("DELETE", "/kept/key"),
            ("PUT", "/login"),
            ("PUT", "/kept/key?AWSAccessKeyId=111122223333"),
            ("PUT", "/kept/key?AWSAccessKeyId=111122223333&AWSAccessKeyId=1&Signature=0"),
            ("GET", "/kept/key?x-amz-credential=111122223333/20260101/eu-west-1/s3/aws4_request"),
        ],
    )
    @pytest.mark.parametrize("by_host", [False, True])
    def test_what_is_not_public_is_not_anybodys(self, world, s3, method, path, by_host):
        headers = {}
        if by_host and path.startswith("/kept"):
            path, headers = path.removeprefix("/kept") or "/", {"host": "kept.s3.amazonaws.com"}
        answer = http(f"{world.server.endpoint}{path}", b"" if method in ("PUT", "POST") else None, method, **headers)
        assert answer.status in (400, 403), answer.body
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["kept"]

    def test_a_bucket_tells_no_browser_anything(self, world, s3):
        rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
        s3.put_bucket_cors(Bucket="kept", CORSConfiguration={"CORSRules": [rule]})
        url = f"{world.server.endpoint}/kept/open/x"
        answer = http(url, method="OPTIONS", origin=EVIL, access_control_request_method="GET")
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


SHA_OF_ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


def test_a_user_pool_is_asked_without_a_signature(world):
    # What is unsigned names neither account nor region; the sandbox looks in these.
    admin = boto3.client(
        "cognito-idp",
        endpoint_url=world.server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key=SECRET,
    )
    pool = admin.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    client = admin.create_user_pool_client(
        UserPoolId=pool, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )["UserPoolClient"]["ClientId"]
    admin.admin_create_user(UserPoolId=pool, Username="anna", MessageAction="SUPPRESS")
    admin.admin_set_user_password(UserPoolId=pool, Username="anna", Password="Secret-123", Permanent=True)

    def ask(action: str, document: dict[str, object], **headers: str) -> Answer:
        named = {"content_type": "application/x-amz-json-1.1", **headers}
        target = f"AWSCognitoIdentityProviderService.{action}"
        return http(f"{world.server.endpoint}/", json.dumps(document), x_amz_target=target, **named)

    auth = {
        "ClientId": client,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "anna", "PASSWORD": "Secret-123"},
    }
    tokens = ask("InitiateAuth", auth)
    assert tokens.status == 200, tokens.body
    token = tokens.json()["AuthenticationResult"]["AccessToken"]
    assert ask("GetUser", {"AccessToken": token}).json()["Username"] == "anna"
    assert ask("InitiateAuth", auth, origin=EVIL).status == 403
    assert ask("ListUsers", {"UserPoolId": pool}).json()["__type"] == "MissingAuthenticationTokenException"
    assert "keys" in http(f"{world.server.endpoint}/{pool}/.well-known/jwks.json").json()
    assert http(f"{world.server.endpoint}/{pool}/.well-known/openid-configuration").json()["jwks_uri"]


def test_a_functions_url(world):
    world.function("open", "def handler(event, context):\n    return {'statusCode': 200, 'body': 'called'}\n")
    client = world.server.client("lambda", ACCOUNT)
    url = client.create_function_url_config(FunctionName="open", AuthType="NONE")["FunctionUrl"]
    client.add_permission(
        FunctionName="open",
        StatementId="public",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    identifier = urlsplit(url).hostname.partition(".")[0]
    local = f"{world.server.endpoint}/_aws/lambda-url/{identifier}/"
    assert http(local, origin=EVIL).body == b"called"
    assert http(f"{world.server.endpoint}/", host=urlsplit(url).hostname).body == b"called"
    client.update_function_url_config(FunctionName="open", AuthType="AWS_IAM")
    assert http(local).status == 403
    assert http(forged(local, "lambda")).status == 403


FUNCTION = """
import os, pathlib, boto3
def handler(event, context):
    identity = boto3.client("sts").get_caller_identity()["Arn"]
    home = pathlib.Path.home()
    (home / "kept").write_text("x")
    parent = pathlib.Path(f"/proc/{os.getppid()}/environ").read_bytes().decode()
    return {"identity": identity, "environ": dict(os.environ), "home": str(home), "parent": parent}
"""


def test_a_function_runs_as_its_role_with_nothing_of_the_developers(world):
    account = "222233334444"
    World(world.server, account).function("looks", FUNCTION)
    answer = json.loads(world.server.client("lambda", account).invoke(FunctionName="looks")["Payload"].read())
    assert answer["identity"] == f"arn:aws:sts::{account}:assumed-role/function/looks"
    environ = answer["environ"]
    assert SECRET not in json.dumps(environ)
    assert "t0ken" not in json.dumps(environ)
    assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    home = Path(answer["home"])
    assert environ["HOME"] == str(home)
    assert home != Path("/home/nobody")
    assert home.parent == Path(environ["TMPDIR"]).parent
    assert home.parent.name.startswith("sfn-sandbox-")


def test_a_functions_secret_cannot_be_told_from_its_name():
    """Two sandboxes, one function: MiniStack would give it the same credentials in both."""
    code = "import os\ndef handler(event, context):\n    return os.environ['AWS_SECRET_ACCESS_KEY']\n"
    found = []
    for secret in ("one", "two"):
        with running(environment={"SFN_HARNESS_SECRET": secret}) as server:
            server.client = lambda service, account="", s=server, k=secret, **_: boto3.client(
                service,
                endpoint_url=s.endpoint,
                region_name=REGION,
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key=k,
            )
            World(server, ACCOUNT).function("f", code)
            found.append(server.client("lambda").invoke(FunctionName="f")["Payload"].read())
    assert len(set(found)) == 2


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gql.example.com", "", "http://"])
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_an_http_integration_calls_http_only(world, kind, uri):
    """BadRequestException with this text: aws/aws-cdk issue 14984, 2021-06; for a URI without a scheme, too."""
    with pytest.raises(ClientError) as caught:
        world.api().method("/x", integration={"type": kind, "integrationHttpMethod": "GET", "uri": uri})
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("BadRequestException", "Invalid HTTP endpoint specified for URI")


def test_a_stage_variable_that_stands_for_a_file(world):
    api = world.api()
    api.method("/x", "GET", integration={
        "type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "${stageVariables.target}"
    })  # fmt: skip
    api.deploy(variables={"target": "file:///etc/passwd"})
    answer = api.call("/x")
    assert answer.status == 500
    assert answer.json() == {"message": "Internal server error"}
