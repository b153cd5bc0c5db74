"""Signature Version 4: who a request says that it is from, and whether its signature proves it.

Header and query ("presigned") signatures, and S3's variations: unsigned payloads, and payloads in chunks, signed one by
one, with or without trailing headers.

Sources, of which excerpts and not the whole pages were read, on 2026-11-24: "Create a signed AWS API request", IAM User
Guide; "Authenticating Requests: Using Query Parameters" (sigv4-query-string-auth), "Signature Calculations for the
Authorization Header: Transferring Payload in Multiple Chunks" (sigv4-streaming) and "Signature calculations for
trailing headers" (sigv4-streaming-trailers), S3 API Reference; "Common Errors" of the services, RequestExpired, for the
15 minutes. The signatures in the examples of chunks and trailers are as public test files quote them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

__all__ = ["Claim", "SignatureFailure", "SignedRequest", "claim_of", "verify", "version_2_key"]

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
UNSIGNED_CHUNKS = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
CHUNKS_WITH_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"

SKEW = timedelta(minutes=15)
LONGEST_PRESIGNED = 7 * 24 * 3600  # seconds

_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_EMPTY_HASH = hashlib.sha256(b"").hexdigest()
_HASH = re.compile(r"[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")
_VERSION_4 = (b"x-amz-algorithm", b"x-amz-credential", b"x-amz-signature")
_QUERY_NAMES = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature")


class SignatureFailure(Exception):  # noqa: N818  (the name that AWS's own documentation uses for it)
    """A signature that does not hold: `code` is AWS's name for the reason, the text is its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class SignedRequest:
    """A request as it arrived; `path` and `query` as they stood in its first line, names of headers in any case."""

    method: str
    path: bytes
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = b""

    @cached_property
    def by_name(self) -> dict[str, list[bytes]]:
        """The values of each header, by its name in lower case."""
        found: dict[str, list[bytes]] = {}
        for name, value in self.headers:
            found.setdefault(name.decode("latin-1").lower(), []).append(value)
        return found

    @cached_property
    def parameters(self) -> list[tuple[bytes, bytes]]:
        """The query's parameters, decoded."""
        pairs = [part.partition(b"=") for part in self.query.split(b"&") if part]
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]

    def header(self, name: str) -> str:
        """Return a header's only value, or "" where there is none or several."""
        values = self.by_name.get(name, ())
        return values[0].decode("latin-1").strip() if len(values) == 1 else ""


@dataclass(frozen=True)
class Claim:
    """What a signature claims; `expires` is in seconds, None where the signature is in a header."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: str
    signature: str
    timestamp: str
    token: str
    presigned: bool = False
    expires: int | None = None

    @property
    def scope(self) -> str:
        """The credential's scope."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def claim_of(request: SignedRequest) -> Claim | None:
    """Return what the request's signature claims, None for a request without one.

    Raises:
        SignatureFailure: it can't be read, or there is more than one.

    """
    authorizations = request.by_name.get("authorization", [])
    presigned = any(name.lower() in _VERSION_4 for name, _ in request.parameters)
    if any(each.startswith(b"AWS") for each in authorizations):
        if presigned or len(authorizations) > 1:
            raise SignatureFailure("IncompleteSignature", "Only one signature is allowed in a request.")
        return _claim_in_header(request)
    if presigned:
        return _claim_in_query(request)
    if any(name == b"AWSAccessKeyId" for name, _ in request.parameters):
        raise SignatureFailure("UnsupportedSignature", "The request signature does not conform to AWS standards.")
    return None


def version_2_key(request: SignedRequest) -> str:
    """Return the access key of a presigned request of Signature Version 2, "" for any other request."""
    keys = [value for name, value in request.parameters if name == b"AWSAccessKeyId"]
    other = any(name.lower() in _VERSION_4 for name, _ in request.parameters) or "authorization" in request.by_name
    return keys[0].decode("latin-1") if len(keys) == 1 and not other else ""


def verify(request: SignedRequest, claim: Claim, secret: str, now: datetime | None = None) -> None:
    """Return if `secret` made the signature, of this request, at a time that is still good.

    Raises:
        SignatureFailure: it did not.

    """
    if claim.date != claim.timestamp[:8]:
        raise SignatureFailure(
            "CredentialDateMismatch",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ",
        )
    _check_time(claim, now or datetime.now(UTC))
    names = claim.signed_headers.split(";")
    if "host" not in names:
        raise SignatureFailure(
            "IncompleteSignature", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        )
    declared = _payload(request, claim)
    key = _signing_key(secret, claim.date, claim.region, claim.service)
    tail = b"\n".join(
        [_canonical_query(request, claim), _canonical_headers(request, names), claim.signed_headers.encode("latin-1")]
    )
    for path in _canonical_paths(request.path, claim.service):
        canonical = b"\n".join([request.method.encode(), path, tail, declared.encode()])
        text = f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{hashlib.sha256(canonical).hexdigest()}"
        if hmac.compare_digest(_sign(key, text).encode(), claim.signature.encode()):
            break
    else:
        raise SignatureFailure("SignatureDoesNotMatch", _MISMATCH)
    if declared in (CHUNKS, CHUNKS_WITH_TRAILER):
        _check_chunks(request.body, claim, key, with_trailer=declared == CHUNKS_WITH_TRAILER)


def _claim_in_header(request: SignedRequest) -> Claim:
    algorithm, _, rest = request.header("authorization").partition(" ")
    if algorithm != ALGORITHM:
        raise SignatureFailure("UnsupportedSignature", "The request signature does not conform to AWS standards.")
    fields: dict[str, str] = {}
    for part in rest.split(","):
        name, equals, value = part.strip().partition("=")
        if not equals or name in fields or "Credential=" in value:
            raise SignatureFailure("IncompleteSignature", "The Authorization header can't be read.")
        fields[name] = value
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not fields.get(name)]
    if missing:
        said = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
        raise SignatureFailure("IncompleteSignature", said)
    timestamp = request.header("x-amz-date") or _from_date(request.header("date"))
    if not _TIMESTAMP.fullmatch(timestamp):
        raise SignatureFailure(
            "IncompleteSignature",
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        )
    return Claim(
        *_scope(fields["Credential"]),
        signed_headers=fields["SignedHeaders"],
        signature=fields["Signature"],
        timestamp=timestamp,
        token=request.header("x-amz-security-token"),
    )


def _claim_in_query(request: SignedRequest) -> Claim:
    found: dict[str, str] = {}
    for name, value in request.parameters:
        text = name.decode("latin-1")
        # One value of each, spelt as AWS does: another reader must not find another credential here.
        if text.lower() in found or (text not in _QUERY_NAMES and text.title() in map(str.title, _QUERY_NAMES)):
            raise SignatureFailure("IncompleteSignature", f"AWS query-string parameters must include one '{text}'.")
        if text.lower().startswith("x-amz-"):
            found[text.lower()] = value.decode("latin-1")
    missing = [name for name in _QUERY_NAMES if not found.get(name.lower())]
    if missing:
        said = " ".join(f"AWS query-string parameters must include '{name}'." for name in missing)
        raise SignatureFailure("IncompleteSignature", f"{said} Re-examine the query-string parameters.")
    if found["x-amz-algorithm"] != ALGORITHM:
        raise SignatureFailure("UnsupportedSignature", "The request signature does not conform to AWS standards.")
    if not _TIMESTAMP.fullmatch(found["x-amz-date"]):
        raise SignatureFailure("IncompleteSignature", "X-Amz-Date must be in ISO8601 'basic format'.")
    expires = found.get("x-amz-expires", str(int(SKEW.total_seconds())))
    if not re.fullmatch(r"\d{1,9}", expires) or not 0 < int(expires) <= LONGEST_PRESIGNED:
        raise SignatureFailure(
            "IncompleteSignature", f"X-Amz-Expires must be between 1 and {LONGEST_PRESIGNED} seconds."
        )
    return Claim(
        *_scope(found["x-amz-credential"]),
        signed_headers=found["x-amz-signedheaders"],
        signature=found["x-amz-signature"],
        timestamp=found["x-amz-date"],
        token=found.get("x-amz-security-token", ""),
        presigned=True,
        expires=int(expires),
    )


def _scope(credential: str) -> tuple[str, str, str, str]:
    parts = credential.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request" or not parts[0]:
        raise SignatureFailure(
            "IncompleteSignature",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{credential}'",
        )
    return parts[0], parts[1], parts[2], parts[3]


def _from_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    except (TypeError, ValueError):
        return ""


@lru_cache(maxsize=64)
def _time(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _check_time(claim: Claim, now: datetime) -> None:
    try:
        signed = _time(claim.timestamp)
    except ValueError:
        raise SignatureFailure("IncompleteSignature", f"{claim.timestamp} is not a time.") from None
    if signed > now + SKEW:
        raise SignatureFailure(
            "RequestTimeTooSkewed",
            f"Signature not yet current: {claim.timestamp} is still later than {now + SKEW:%Y%m%dT%H%M%SZ} "
            f"({now:%Y%m%dT%H%M%SZ} + 15 min.)",
        )
    if claim.expires is not None:
        if now > signed + timedelta(seconds=claim.expires):
            raise SignatureFailure("RequestExpired", "Request has expired")
    elif signed < now - SKEW:
        raise SignatureFailure(
            "RequestTimeTooSkewed",
            f"Signature expired: {claim.timestamp} is now earlier than {now - SKEW:%Y%m%dT%H%M%SZ} "
            f"({now:%Y%m%dT%H%M%SZ} - 15 min.)",
        )


def _payload(request: SignedRequest, claim: Claim) -> str:
    """Return what stands for the body in what was signed. Raises `SignatureFailure`: another body was declared."""
    declared = request.header("x-amz-content-sha256")
    if not declared:
        if claim.presigned and claim.service == "s3":
            return UNSIGNED
        return hashlib.sha256(request.body).hexdigest() if request.body else _EMPTY_HASH
    if declared in (UNSIGNED, UNSIGNED_CHUNKS, CHUNKS, CHUNKS_WITH_TRAILER):
        return declared
    if not _HASH.fullmatch(declared) or declared != hashlib.sha256(request.body).hexdigest():
        code = "XAmzContentSHA256Mismatch" if claim.service == "s3" else "SignatureDoesNotMatch"
        raise SignatureFailure(code, _MISMATCH)
    return declared


def _canonical_paths(raw: bytes, service: str) -> Iterator[bytes]:
    """Give the path as it may have been signed: S3 signs it as it is sent, the other services encode it once more."""
    if service.startswith("s3"):
        yield raw
        # Some clients send a character as it is that they sign encoded.
        encoded = _encoded(unquote_to_bytes(raw), safe="/")
        if encoded != raw:
            yield encoded
        return
    normal = _without_dots(raw)
    yield _encoded(normal, safe="/")
    if b"%" not in normal:
        twice = _encoded(_encoded(normal, safe="/"), safe="/")
        if twice != _encoded(normal, safe="/"):
            yield twice


def _without_dots(path: bytes) -> bytes:
    kept: list[bytes] = []
    for part in path.split(b"/"):
        if part == b"..":
            del kept[-1:]
        elif part not in (b"", b"."):
            kept.append(part)
    return b"/" + b"/".join(kept) + (b"/" if kept and path.endswith(b"/") else b"")


def _canonical_query(request: SignedRequest, claim: Claim) -> bytes:
    pairs = sorted(
        (_encoded(name), _encoded(value))
        for name, value in request.parameters
        if not (claim.presigned and name == b"X-Amz-Signature")
    )
    return b"&".join(name + b"=" + value for name, value in pairs)


def _canonical_headers(request: SignedRequest, names: Sequence[str]) -> bytes:
    lines = [
        name.encode("latin-1") + b":" + b",".join(b" ".join(value.split()) for value in request.by_name.get(name, ()))
        for name in names
    ]
    return b"\n".join([*lines, b""])


def _check_chunks(body: bytes, claim: Claim, key: bytes, *, with_trailer: bool) -> None:
    """Check the signature of each chunk, which covers the signature before it, and the trailer's."""
    previous, position = claim.signature, 0
    while True:
        end = body.find(b"\r\n", position)
        size, _, given = body[position:end].partition(b";chunk-signature=")
        if end < 0 or not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size):
            raise SignatureFailure("SignatureDoesNotMatch", _MISMATCH)
        start, length = end + 2, int(size, 16)
        digest = hashlib.sha256(body[start : start + length]).hexdigest()
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{claim.timestamp}\n{claim.scope}\n{previous}\n{_EMPTY_HASH}\n{digest}"
        previous = _sign(key, text)
        if not hmac.compare_digest(previous.encode(), given):
            raise SignatureFailure("SignatureDoesNotMatch", _MISMATCH)
        position = start + length + (2 if length else 0)
        if not length:
            break
    if with_trailer:
        _check_trailer(body[position:], claim, key, previous)


def _check_trailer(trailer: bytes, claim: Claim, key: bytes, previous: str) -> None:
    lines = [line.partition(b":") for line in trailer.split(b"\r\n") if line]
    given = [value.strip() for name, _, value in lines if name.lower() == b"x-amz-trailer-signature"]
    signed = b"".join(
        name.lower() + b":" + value.strip() + b"\n"
        for name, _, value in lines
        if name.lower() != b"x-amz-trailer-signature"
    )
    digest = hashlib.sha256(signed).hexdigest()
    text = f"AWS4-HMAC-SHA256-TRAILER\n{claim.timestamp}\n{claim.scope}\n{previous}\n{digest}"
    if len(given) != 1 or not hmac.compare_digest(_sign(key, text).encode(), given[0]):
        raise SignatureFailure("SignatureDoesNotMatch", _MISMATCH)


@lru_cache(maxsize=1024)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _sign(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("latin-1"), "sha256").hex()


def _decoded(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _encoded(text: bytes, safe: str = "") -> bytes:
    return quote_from_bytes(text, safe=safe).encode()
