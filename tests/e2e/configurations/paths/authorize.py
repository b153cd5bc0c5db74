"""A Lambda authorizer that finds what its caller says in the token, a header or the query: "friend" may call."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Return the policy for a caller, and what the API's routes may know of it."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    query = event.get("queryStringParameters") or {}
    said = event.get("authorizationToken") or headers.get("authorization") or query.get("who") or "nobody"
    statement = {
        "Effect": "Allow" if said == "friend" else "Deny",
        "Action": "execute-api:Invoke",
        # The answer is kept for the identity, whatever it calls next.
        "Resource": event["methodArn"].split("/")[0] + "/*",
    }
    return {
        "principalId": said,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"tenant": "blue"},
    }
