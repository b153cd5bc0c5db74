"""Who may send what: the gate in front of MiniStack, the signature of every call, and the secrets behind signatures."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import uuid
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, quote

from ministack import app as ministack
from ministack.core import iam_actions, iam_evaluator, responses
from ministack.core.router import detect_service
from ministack.core.sigv4 import decode_header_value
from ministack.services import s3, sts

from sfn_harness.sandbox.gate import HEALTH, App, Gate, Message, Receive, Scope, Send, host_of, is_maintenance
from sfn_harness.sandbox.gate import send_answer as answer
from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.signatures import SignatureFailure, SignedRequest, claim_of, verify, version_2_key

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_ACCOUNT = re.compile(r"\d{12}")
# What browsers and token checkers ask a user pool for, with no signature and no x-amz-target.
_COGNITO = frozenset(
    {
        ("GET", "/logout"),
        ("GET", "/oauth2/authorize"),
        ("GET", "/oauth2/userInfo"),
        ("POST", "/login"),
        ("POST", "/oauth2/login"),
        ("POST", "/oauth2/token"),
        ("POST", "/oauth2/userInfo"),
    }
)
_COGNITO_KEYS = ("/.well-known/jwks.json", "/.well-known/openid-configuration")

# The access key whose signature of this request has been verified here.
_VERIFIED: ContextVar[str] = ContextVar("verified", default="")


def _secret() -> str:
    """Return the sandbox's secret, which MiniStack takes for its root credentials'."""
    return os.environ["AWS_SECRET_ACCESS_KEY"]


@lru_cache(maxsize=1024)
def _is_deployed(host: str, path: str) -> bool:
    return _is_api(host, path) or ministack._parse_lambda_url(host, path) is not None


@lru_cache(maxsize=1024)
def _is_api(host: str, path: str) -> bool:
    return ministack._parse_execute_api_url(host, path) is not None


class _Signatures:
    """An ASGI application that lets through to `app` what is signed, and what AWS takes unsigned.

    A deployed API decides by itself which of its methods ask for a signature.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _VERIFIED.set("")
        path = scope.get("path", "")
        if scope["type"] != "http" or is_maintenance(path) or _is_deployed(host_of(scope), path):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        refusal = _refusal(scope, body)
        if refusal is None:
            await self._app(scope, _replayed(body, receive), send)
        else:
            status, headers, text = refusal
            await answer(send, status, headers, b"" if scope["method"] == "HEAD" else text)


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body; None when the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _refusal(scope: Scope, body: bytes) -> Response | None:
    """Return AWS's answer to a request that is not signed as it should be; None if it is."""
    raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
    request = SignedRequest(scope["method"], raw_path, scope.get("query_string", b""), scope["headers"], body)
    try:
        if version_2_key(request):
            access_key = _verify_version_2(scope, request)
        elif (claim := claim_of(request)) is not None:
            verify(request, claim, _secret_of(claim.access_key, claim.token))
            access_key = claim.access_key
        elif _served_unsigned(scope, request):
            return None
        else:
            raise SignatureFailure("MissingAuthenticationToken", "Request is missing Authentication Token")
    except SignatureFailure as failure:
        return _failure(scope, request, failure.code, str(failure))
    _VERIFIED.set(access_key)
    return None


def _verify_version_2(scope: Scope, request: SignedRequest) -> str:
    """Return the access key of a presigned request of Signature Version 2, which boto3 makes for S3 where it may.

    Raises SignatureFailure: it does not hold, or the request is not for S3.
    """
    service, _, _ = _read_by_ministack(scope, request)
    access_key = version_2_key(request)
    if service != "s3":
        raise SignatureFailure("UnsupportedSignature", "The request signature does not conform to AWS standards.")
    query = parse_qs(request.query.decode("utf-8", "replace"), keep_blank_values=True)
    iam_evaluator.pin_signed_request(request.method, request.path.decode("latin-1"), query, list(request.headers))
    checked = iam_evaluator.authenticate(access_key, _account_of(access_key))
    if isinstance(checked, iam_evaluator.AuthError):
        raise SignatureFailure(checked.code, checked.message)
    if checked is None:
        raise SignatureFailure(*_UNKNOWN)
    return access_key


_UNKNOWN = ("UnrecognizedClientException", "The security token included in the request is invalid.")


def _account_of(access_key: str) -> str:
    """Return the account that an access key belongs to. Raises SignatureFailure: it is nobody's."""
    if _ACCOUNT.fullmatch(access_key):
        return access_key
    account = None
    if not iam_evaluator.is_root_access_key(access_key):
        try:
            account = responses._account_from_sts_session(access_key)
            account = account or iam_evaluator.find_iam_access_key_account(access_key)
        except iam_evaluator.AmbiguousAccessKeyError:
            account = None
    if account is None:
        raise SignatureFailure(*_UNKNOWN)
    return account


def _secret_of(access_key: str, token: str) -> str:
    """Return an access key's secret. Raises SignatureFailure: there is no such key, or another token belongs to it."""
    account = _account_of(access_key)
    if account == access_key:
        if token:
            raise SignatureFailure("InvalidToken", "The security token included in the request is invalid")
        return _secret()
    credential = iam_evaluator.resolve_credential(access_key, account, token)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        if credential.code == "InvalidToken" and not token:
            raise SignatureFailure(*_UNKNOWN)
        raise SignatureFailure(credential.code, credential.message)
    return credential.secret_access_key


def _read_by_ministack(scope: Scope, request: SignedRequest) -> tuple[str, dict[str, str], dict[str, list[str]]]:
    """Return the service that MiniStack routes to, and headers and parameters as its functions take them."""
    headers = {name: ", ".join(map(decode_header_value, values)) for name, values in request.by_name.items()}
    query = parse_qs(request.query.decode("utf-8", "replace"), keep_blank_values=True)
    parameters = ministack._routing_params(request.method, scope["path"], headers, request.body, query)
    return detect_service(request.method, scope["path"], headers, parameters), headers, parameters


def _served_unsigned(scope: Scope, request: SignedRequest) -> bool:
    """Whether AWS takes this request without a signature: the service, or the bucket's own policy, then decides."""
    path, method = scope["path"], request.method
    if path == HEALTH or (method, path) in _COGNITO or (method == "GET" and path.endswith(_COGNITO_KEYS)):
        return True
    service, headers, parameters = _read_by_ministack(scope, request)
    if service == "s3":
        # Nothing but what is in a bucket that there is: other services have addresses that look like a bucket's.
        return ministack._s3_cors_target(headers.get("host", ""), path) is not None
    action = iam_actions.extract_iam_action(service, method, path, headers, request.body, parameters)
    return action is not None and iam_evaluator._served_unsigned(service, action)


def _failure(scope: Scope, request: SignedRequest, code: str, message: str) -> Response:
    """Return the failure in the protocol of the service that the request is for."""
    service, headers, _ = _read_by_ministack(scope, request)
    request_id = str(uuid.uuid4())
    if code == "XAmzContentSHA256Mismatch":
        text = "The provided 'x-amz-content-sha256' header does not match what was computed."
        status, named, body = s3._error(code, text, 400)
    else:
        error = iam_evaluator.AuthError(code, message)
        status, named, body = ministack._credential_failure(service, "", request_id, error, headers)
    return status, {**named, "x-amzn-requestid": request_id}, body


def _pin_signed_request(original: Callable[..., None]) -> Callable[..., None]:
    def pin_signed_request(*args: Any, **named: Any) -> None:
        if not _VERIFIED.get():
            original(*args, **named)
            return
        iam_evaluator._anonymous.set(False)
        iam_evaluator._signed_request.set(None)
        iam_evaluator._verified_key.set(_VERIFIED.get())

    return pin_signed_request


def _resolve_caller_identity(original: Callable[[str], Any]) -> Callable[[str], Any]:
    def resolve_caller_identity(access_key_id: str) -> Any:
        if not _ACCOUNT.fullmatch(access_key_id or ""):
            return original(access_key_id)
        account = responses.get_account_id()
        return {
            "accessKey": access_key_id,
            "accountId": account,
            "userArn": f"arn:aws:iam::{account}:root",
            "userId": account,
            "principalOrgId": iam_evaluator._principal_org_id(account),
            "session": None,
        }

    return resolve_caller_identity


def _execution_credentials(_original: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    def execution_credentials(config: dict[str, Any]) -> dict[str, str]:
        """Return credentials of the function's role, the same for all calls; the account's root can be none of them."""
        function, role = config["FunctionArn"], config.get("Role", "")
        account, role_name, session = function.split(":")[4], role.rpartition("/")[2], config["FunctionName"][:64]

        def made(what: str) -> str:
            return hmac.new(_secret().encode(), f"{what}:{function}:{role}".encode(), hashlib.sha256).hexdigest()

        access_key, secret, token = f"ASIA{made('key')[:16].upper()}", made("secret"), made("token")
        sts.register_session(
            access_key,
            {
                "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{session}",
                "UserId": f"{role_name}:{session}",
                "SecretAccessKey": secret,
                "SessionToken": token,
            },
        )
        return {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    return execution_credentials


def _unless_deployed(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def unless_deployed(method: str, path: str, headers: dict[str, str], *rest: Any) -> Any:
        return None if _is_deployed(headers.get("host", ""), path) else await original(method, path, headers, *rest)

    return unless_deployed


def _deployed_first(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def handle_special_data_plane_request(
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: dict[str, Any],
        request_id: str,
        **named: Any,
    ) -> Any:
        host = headers.get("host", "")
        if not _is_api(host, path):
            return await original(method, path, headers, body, query, request_id, **named)
        raw = {name: named.get(name) for name in ("raw_path", "raw_query_string")}
        response = await ministack._handle_execute_api_request(host, path, method, headers, body, query, **raw)
        return ministack._with_data_plane_headers(response, request_id, wildcard_cors=False)

    return handle_special_data_plane_request


USES = {
    "ministack.app": (
        "_credential_failure",
        "_handle_execute_api_request",
        "_parse_execute_api_url",
        "_parse_lambda_url",
        "_routing_params",
        "_s3_cors_target",
        "_with_data_plane_headers",
    ),
    "ministack.core.iam_actions": ("extract_iam_action",),
    "ministack.core.iam_evaluator": (
        "AmbiguousAccessKeyError",
        "AuthError",
        "CredentialResolutionError",
        "_anonymous",
        "_principal_org_id",
        "_served_unsigned",
        "_signed_request",
        "_verified_key",
        "authenticate",
        "find_iam_access_key_account",
        "is_root_access_key",
        "pin_signed_request",
        "resolve_credential",
    ),
    "ministack.core.responses": ("_account_from_sts_session", "get_account_id"),
    "ministack.core.router": ("detect_service",),
    "ministack.core.sigv4": ("decode_header_value",),
    "ministack.services.s3": ("_error",),
    "ministack.services.sts": ("register_session",),
}

HOOKS = (
    Hook(
        "ministack.app",
        "app",
        "MiniStack takes any signature of an account's root for good, and many calls without one.",
        _Signatures,
        part="signatures",
    ),
    Hook(
        "ministack.app",
        "app",
        "MiniStack does what any web page tells it, under any host name, and lets the page read the answer.",
        lambda app: Gate(app, secret=_secret(), is_deployed=_is_deployed),
        part="gate",
    ),
    Hook(
        "ministack.app",
        "_handle_pre_body_request",
        "By its host name an API is reached through MiniStack's own endpoints, which would answer in its place.",
        _unless_deployed,
        part="deployed",
    ),
    Hook(
        "ministack.app",
        "_handle_post_body_shortcuts",
        "The same for the endpoints that take a body.",
        _unless_deployed,
    ),
    Hook(
        "ministack.app",
        "_handle_special_data_plane_request",
        "The same for services that MiniStack looks for before APIs, and a call to an API is none of theirs.",
        _deployed_first,
    ),
    Hook(
        "ministack.app",
        "pin_signed_request",
        "A signature that was verified in front of MiniStack need not be verified again.",
        _pin_signed_request,
    ),
    Hook(
        "ministack.core.iam_evaluator",
        "_is_root_key",
        "MiniStack does not verify what an account's root has signed, such as a call to a method with AWS_IAM.",
        lambda _original: lambda _access_key: False,
    ),
    Hook(
        "ministack.core.iam_evaluator",
        "resolve_caller_identity",
        "Root is somebody all the same: a method with AWS_IAM is told who has called it.",
        _resolve_caller_identity,
    ),
    *(
        Hook(
            module,
            "execution_credentials",
            "A function's secret follows from its ARN and its role in MiniStack, and anybody could tell it.",
            _execution_credentials,
        )
        for module in ("ministack.core.lambda_runtime", "ministack.services.lambda_svc")
    ),
)
