"""A Lambda authorizer as a user would write one: who says "friend" may call, others may not."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Return the policy for a caller, and what the API's routes may know of it."""
    if event["type"] == "TOKEN":
        said = event["authorizationToken"]
    else:
        said = (event.get("queryStringParameters") or {}).get("who", "")
    statement = {
        "Effect": "Allow" if said == "friend" else "Deny",
        "Action": "execute-api:Invoke",
        # The answer is kept for the identity, whatever it calls next.
        "Resource": event["methodArn"].split("/")[0] + "/*",
    }
    return {
        "principalId": said or "nobody",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"tenant": 'o\'hara "7"', "level": 3},
    }
