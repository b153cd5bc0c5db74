"""Signatures, by botocore's own signer and by the examples of AWS's documentation, and each way to spoil one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sfn_harness.sandbox.signatures import SignatureFailure, SignedRequest, claim_of, verify

SECRET = "a-secret"
URL = "http://127.0.0.1:4566"
BODY = b'{"name": "it\'s"}'

# "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", S3 API Reference,
# example "PUT Object"; the third chunk's signature proves the second's, and so on. Read on 2026-11-24.
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EXAMPLE_TIME = datetime(2013, 5, 24, tzinfo=UTC)
CHUNK_SIGNATURES = (
    b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)


def arrived(request: AWSRequest) -> SignedRequest:
    """What the sandbox receives of a request that botocore has signed."""
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    headers = [(b"Host", parts.netloc.encode())]
    for name, value in prepared.headers.items():
        headers.append((name.encode(), value if isinstance(value, bytes) else value.encode()))
    return SignedRequest(request.method, parts.path.encode(), parts.query.encode(), headers, request.body or b"")


def by_header(
    path: str = "/", *, service: str = "states", body: bytes = BODY, method: str = "POST", token: str | None = None
) -> SignedRequest:
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    request = AWSRequest(method, f"{URL}{path}", {"X-Amz-Target": "AWSStepFunctions.ListStateMachines"}, body)
    signer(Credentials("111122223333", SECRET, token), service, "eu-west-1").add_auth(request)
    return arrived(request)


def presigned(path: str = "/bucket/key", *, service: str = "s3", expires: int = 60) -> SignedRequest:
    signer = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    request = AWSRequest("GET", f"{URL}{path}")
    signer(Credentials("111122223333", SECRET), service, "eu-west-1", expires=expires).add_auth(request)
    return arrived(request)


def check(request: SignedRequest, secret: str = SECRET, **when: datetime) -> None:
    claim = claim_of(request)
    assert claim is not None
    verify(request, claim, secret, **when)


def refusal(request: SignedRequest, secret: str = SECRET, **when: datetime) -> str:
    with pytest.raises(SignatureFailure) as caught:
        check(request, secret, **when)
    return caught.value.code


def with_header(request: SignedRequest, name: bytes, value: bytes | None) -> SignedRequest:
    kept = [each for each in request.headers if each[0].lower() != name.lower()]
    return replace(request, headers=kept if value is None else [*kept, (name, value)])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2015-03-31/functions/f/invocations",
        "/?b=2&a=1&a=0&empty=&flag",
        "/tags/arn%3Aaws%3Astates%3Aeu-west-1%3A111122223333%3AstateMachine%3Am",
        "/x/a%20b%2Fc?q=a%20b%2B%C3%A9~%2A",
        "/x//y/./z/../w/",
    ],
)
@pytest.mark.parametrize("service", ["states", "s3"])
@pytest.mark.parametrize("body", [b"", BODY])
def test_what_botocore_signs_holds(path, service, body):
    check(by_header(path, service=service, body=body))


def test_a_token_is_read():
    request = by_header(token="the token")
    assert claim_of(request).token == "the token"
    check(request)


def test_a_request_without_a_signature_claims_nothing():
    assert claim_of(SignedRequest("POST", b"/", b"Action=SignUp", [(b"Authorization", b"Bearer x")])) is None


def test_another_secret():
    assert refusal(by_header(), "another") == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b"{}"},
        {"body": b""},
        {"method": "PUT"},
        {"path": b"/other"},
        {"query": b"a=1"},
    ],
)
@pytest.mark.parametrize("service", ["states", "s3"])
def test_what_was_changed_on_the_way(changes, service):
    expected = "XAmzContentSHA256Mismatch" if service == "s3" and "body" in changes else "SignatureDoesNotMatch"
    assert refusal(replace(by_header(service=service), **changes)) == expected


@pytest.mark.parametrize("value", [b"AWSStepFunctions.DeleteStateMachine", None])
def test_a_signed_header_that_was_changed_or_left_out(value):
    assert refusal(with_header(by_header(), b"X-Amz-Target", value)) == "SignatureDoesNotMatch"


def test_a_second_value_of_a_signed_header():
    request = by_header()
    assert refusal(replace(request, headers=[*request.headers, (b"x-amz-target", b"y")])) == "SignatureDoesNotMatch"


def test_another_body_under_the_hash_of_the_first():
    """For a service other than S3, too, which have no word of their own for it."""
    request = with_header(by_header(), b"x-amz-content-sha256", b"0" * 64)
    assert refusal(request) == "SignatureDoesNotMatch"


def test_a_payload_that_s3_is_told_not_to_check():
    request = AWSRequest("PUT", f"{URL}/bucket/key", {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, b"one")
    signer = SigV4Auth(Credentials("111122223333", SECRET), "s3", "eu-west-1")
    signer.payload = lambda _: "UNSIGNED-PAYLOAD"
    signer.add_auth(request)
    check(replace(arrived(request), body=b"another"))


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (timedelta(minutes=-14), None),
        (timedelta(minutes=14), None),
        (timedelta(minutes=-16), "RequestTimeTooSkewed"),
        (timedelta(minutes=16), "RequestTimeTooSkewed"),
    ],
)
def test_a_clock_may_be_wrong_by_15_minutes(later, code):
    request, now = by_header(), datetime.now(UTC) + later
    if code is None:
        check(request, now=now)
    else:
        assert refusal(request, now=now) == code


def test_the_date_of_the_scope_is_the_date_of_the_request():
    [authorization] = (value for name, value in by_header().headers if name == b"Authorization")
    scope = authorization.replace(datetime.now(UTC).strftime("/%Y%m%d/").encode(), b"/20000101/")
    assert refusal(with_header(by_header(), b"Authorization", scope)) == "CredentialDateMismatch"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (b"AWS4-HMAC-SHA256", "IncompleteSignature"),
        (b"AWS4-HMAC-SHA256 Credential=1/2/3/4/aws4_request, SignedHeaders=host", "IncompleteSignature"),
        (b"AWS4-HMAC-SHA256 Credential=1/2/3/4, SignedHeaders=host, Signature=0", "IncompleteSignature"),
        (b"AWS4-HMAC-SHA256 Credential=1/2/3/4/other, SignedHeaders=host, Signature=0", "IncompleteSignature"),
        (
            b"AWS4-HMAC-SHA256 X=Credential=1/2/3/4/aws4_request, Credential=5/2/3/4/aws4_request, "
            b"SignedHeaders=host, Signature=0",
            "IncompleteSignature",
        ),
        (b"AWS4-ECDSA-P256-SHA256 Credential=1/2/3/aws4_request, Signature=0", "UnsupportedSignature"),
        (b"AWS 111122223333:c2lnbmF0dXJl", "UnsupportedSignature"),
    ],
)
def test_what_cannot_be_read(authorization, code):
    assert refusal(with_header(by_header(), b"Authorization", authorization)) == code


def test_the_host_has_to_be_signed():
    [authorization] = (value for name, value in by_header().headers if name == b"Authorization")
    changed = authorization.replace(b"SignedHeaders=host;", b"SignedHeaders=")
    assert refusal(with_header(by_header(), b"Authorization", changed)) == "IncompleteSignature"


def test_a_request_has_one_signature():
    request = by_header()
    assert refusal(replace(request, query=b"X-Amz-Signature=0")) == "IncompleteSignature"
    [authorization] = (value for name, value in request.headers if name == b"Authorization")
    twice = replace(request, headers=[*request.headers, (b"authorization", authorization)])
    assert refusal(twice) == "IncompleteSignature"


@pytest.mark.parametrize("service", ["s3", "states"])
def test_a_presigned_request(service):
    request = presigned(service=service)
    check(request)
    assert claim_of(request).access_key == "111122223333"
    assert refusal(request, "another") == "SignatureDoesNotMatch"
    assert refusal(replace(request, query=request.query + b"&x=1")) == "SignatureDoesNotMatch"
    assert refusal(replace(request, path=b"/bucket/other")) == "SignatureDoesNotMatch"
    assert refusal(replace(request, method="DELETE")) == "SignatureDoesNotMatch"


def test_a_presigned_request_expires():
    request, now = presigned(expires=3600), datetime.now(UTC)
    check(request, now=now + timedelta(seconds=3590))
    assert refusal(request, now=now + timedelta(seconds=3610)) == "RequestExpired"
    assert refusal(request, now=now - timedelta(minutes=16)) == "RequestTimeTooSkewed"
    assert refusal(presigned(expires=7 * 24 * 3600 + 1)) == "IncompleteSignature"
    assert refusal(presigned(expires=0)) == "IncompleteSignature"


@pytest.mark.parametrize("more", [b"&x-amz-credential=5/2/3/4/aws4_request", b"&X-Amz-Credential=5/2/3/4/aws4_request"])
def test_a_presigned_request_has_one_credential(more):
    request = presigned()
    assert refusal(replace(request, query=request.query + more)) == "IncompleteSignature"
    assert refusal(replace(request, query=b"X-Amz-Signature=0")) == "IncompleteSignature"


def chunked(
    signatures: Sequence[bytes] = CHUNK_SIGNATURES,
    seed: str = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    payload: str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    names: str = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
    "x-amz-storage-class",
    trailer: bytes = b"",
) -> SignedRequest:
    """The example of the documentation."""
    chunks = [
        b"%x;chunk-signature=%s\r\n" % (size, signature) + b"a" * size + (b"\r\n" if size else b"")
        for size, signature in zip((65536, 1024, 0), signatures, strict=True)
    ]
    authorization = (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={names},Signature={seed}"
    )
    headers = [
        (b"host", b"s3.amazonaws.com"),
        (b"x-amz-date", b"20130524T000000Z"),
        (b"x-amz-storage-class", b"REDUCED_REDUNDANCY"),
        (b"authorization", authorization.encode()),
        (b"x-amz-content-sha256", payload.encode()),
        (b"content-encoding", b"aws-chunked"),
        (b"x-amz-decoded-content-length", b"66560"),
        (b"content-length", b"66824"),
        (b"x-amz-trailer", b"x-amz-checksum-crc32c"),
    ]
    body = b"".join([*chunks, trailer, b"\r\n"])
    return SignedRequest("PUT", b"/examplebucket/chunkObject.txt", b"", headers, body)


def with_trailer() -> SignedRequest:
    """The same with a checksum behind the chunks: "Signature calculations for trailing headers", there."""
    return chunked(
        (
            b"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            b"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            b"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        ),
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;"
        "x-amz-trailer",
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"sOO8", b"sOO9"), (b"x-amz-trailer-signature", b"x-other"), (b"2ca2ab", b"2ca2ac"), (b"aa", b"ab")],
)
def test_a_trailer_is_signed_too(old, new):
    request = with_trailer()
    check(request, EXAMPLE_SECRET, now=EXAMPLE_TIME)
    assert old in request.body
    changed = replace(request, body=request.body.replace(old, new, 1))
    assert refusal(changed, EXAMPLE_SECRET, now=EXAMPLE_TIME) == "SignatureDoesNotMatch"


def test_a_payload_in_signed_chunks():
    check(chunked(), EXAMPLE_SECRET, now=EXAMPLE_TIME)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.replace(b"aa", b"ab", 1),
        lambda body: body[:-160] + body[-160:].replace(b"aa", b"ab", 1),
        lambda body: body[: body.rindex(b"0;chunk")],
        lambda body: body.replace(CHUNK_SIGNATURES[2], CHUNK_SIGNATURES[1]),
        lambda body: body[body.index(b"400;chunk") :],
        lambda body: b"",
        lambda body: b"not chunks",
    ],
    ids=["first", "second", "without the last", "last", "without the first", "empty", "no chunks"],
)
def test_a_spoilt_chunk(spoil):
    request = chunked()
    assert spoil(request.body) != request.body
    changed = replace(request, body=spoil(request.body))
    assert refusal(changed, EXAMPLE_SECRET, now=EXAMPLE_TIME) == "SignatureDoesNotMatch"
