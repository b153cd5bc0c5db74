"""The execution log of a test invocation: the lines that API Gateway writes, without any credentials.

Source: logs that TestInvokeMethod and the console's test returned on AWS. As there, a line ends after 1,024 characters.
Unlike there, a credential is hidden wherever it turns up, and altogether: AWS shows its last characters, and shows it
in full where a template copies it into a body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, quote_plus, urlencode

from sfn_harness.apigateway.backends.services import parse_service_uri
from sfn_harness.apigateway.request import BackendRequest, GatewayFailure

__all__ = ["ExecutionLog", "address", "reason"]

_LONGEST_LINE = 1024
_HIDDEN = "****"
_SHORTEST_SECRET = 6  # a shorter one is hidden where its name says what it is, and not in other text
_SECRETS = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "cookie",
        "id_token",
        "proxy-authorization",
        "set-cookie",
        "token",
        "x-amz-credential",
        "x-amz-security-token",
        "x-amz-signature",
        "x-api-key",
    }
)

Values = Mapping[str, str | Sequence[str]]


def _texts(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


class ExecutionLog:
    """The log of one invocation. ``text`` is all of it."""

    def __init__(self, request_id: str) -> None:
        """Begin the log of a request."""
        self._title = f"Execution log for request {request_id}"
        self._lines: list[tuple[str, str]] = []
        self._secrets: set[str] = set()
        self.add(f"Starting execution for request: {request_id}")

    def add(self, line: str) -> None:
        """Add a line, with the time before it."""
        self._lines.append((time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime()), line))

    def add_values(self, label: str, values: Values) -> None:
        """Add headers or parameters as ``label: {name=value, ...}``; credentials among them are hidden from here on."""
        shown = []
        for name, value in values.items():
            if name.lower() in _SECRETS:
                self.hide(_texts(value))
                value = _HIDDEN
            shown.append(f"{name}={', '.join(_texts(value))}")
        self.add(f"{label}: {{{', '.join(shown)}}}")

    def hide(self, secrets: Iterable[str]) -> None:
        """Hide these texts in the whole log, however they are escaped; of ``Bearer x``, ``x`` as well."""
        for secret in secrets:
            for part in (secret, secret.rpartition(" ")[2]):
                if len(part) >= _SHORTEST_SECRET:
                    self._secrets |= {part, json.dumps(part)[1:-1], quote(part, safe=""), quote_plus(part)}

    def _shown(self, line: str) -> str:
        # The longest first: one may be a part of another.
        for secret in sorted(self._secrets, key=len, reverse=True):
            line = line.replace(secret, _HIDDEN)
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} [TRUNCATED]"

    @property
    def text(self) -> str:
        """The log as TestInvokeMethod returns it."""
        return "".join([f"{self._title}\n", *(f"{moment} : {self._shown(line)}\n" for moment, line in self._lines)])


def address(request: BackendRequest) -> str:
    """Return the address that an integration's request goes to: for a service's ARN, the service's endpoint."""
    uri = parse_service_uri(request.uri)
    if uri is None:
        query = urlencode([(name, value) for name, values in request.querystring.items() for value in values])
        return f"{request.uri}{'?' if query else ''}{query}"
    suffix = "amazonaws.com.cn" if uri.partition == "aws-cn" else "amazonaws.com"
    path = f"?Action={uri.rest}" if uri.kind == "action" else uri.rest.lstrip("/")
    return f"https://{uri.service}.{uri.region}.{suffix}/{path}"


def reason(failure: GatewayFailure, *, content_type: str, endpoint_status: int | None = None) -> str:
    """Return the line that says why a call failed; ``endpoint_status`` is the endpoint's answer, if it gave one."""
    detail = failure.detail or failure.message or ""
    match failure.response_type:
        case "BAD_REQUEST_BODY" if failure.validation is not None:
            # The failure has it as a template would put it into JSON.
            found = json.loads(f'"{failure.validation}"') or "[Unknown error parsing request body]"
            return f"Request body does not match model schema for content type {content_type}: {found}"
        case "API_CONFIGURATION_ERROR" | "DEFAULT_5XX":
            if detail.startswith("No match for output mapping") and endpoint_status is not None:
                detail = f"{detail}. Endpoint Response Status Code: {endpoint_status}"
            return f"Execution failed due to configuration error: {detail}"
        case "INTEGRATION_TIMEOUT":
            return "Execution failed due to a timeout error"
        case "INTEGRATION_FAILURE":
            return f"Execution failed due to a network error communicating with endpoint: {detail}"
    return f"Execution failed: {detail}"
