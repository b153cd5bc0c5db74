"""Those who call an API: what they show to be let in, and calls that go on while it changes."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Keys

PAUSE = 0.02  # seconds between two calls, so that the apply has the processor, too
PASSWORD = "Secret-123"


class Credentials:
    """What callers of all kinds show in one account of `tests/e2e/configurations/paths`; a context manager."""

    def __init__(self, deployment: Any, client: Callable[[str], Any]) -> None:
        self._client = client
        self._region = deployment.account.region
        self._user = deployment.outputs["user_name"]
        self._pool = deployment.outputs["user_pool"]
        self._plans: list[str] = []
        self._key_id: str | None = None

    def __enter__(self) -> "Credentials":
        key = self._client("iam").create_access_key(UserName=self._user)["AccessKey"]
        self._keys = Keys(key["AccessKeyId"], key["SecretAccessKey"])
        self._tokens = self._signed_in()
        made = self._client("apigateway").create_api_key(name="paths-caller", enabled=True)
        self._key_id, self.api_key = made["id"], made["value"]
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()

    def forget(self) -> None:
        """Take away what was made for the callers; does nothing the second time."""
        self.forget_stages()
        if self._key_id is None:
            return
        self._client("apigateway").delete_api_key(apiKey=self._key_id)
        self._key_id = None
        self._client("iam").delete_access_key(UserName=self._user, AccessKeyId=self._keys.access_key)

    def know_stages(self, api_id: str, stages: list[str]) -> None:
        """Let the API key into these stages."""
        gateway = self._client("apigateway")
        plan = gateway.create_usage_plan(
            name="paths", apiStages=[{"apiId": api_id, "stage": stage} for stage in stages]
        )["id"]
        gateway.create_usage_plan_key(usagePlanId=plan, keyId=self._key_id, keyType="API_KEY")
        self._plans.append(plan)

    def forget_stages(self) -> None:
        """Take the usage plan away, which would keep a stage from being deleted."""
        gateway = self._client("apigateway")
        while self._plans:
            plan = self._plans.pop()
            stages = gateway.get_usage_plan(usagePlanId=plan).get("apiStages", [])
            gateway.update_usage_plan(
                usagePlanId=plan,
                patchOperations=[
                    {"op": "remove", "path": "/apiStages", "value": f"{each['apiId']}:{each['stage']}"}
                    for each in stages
                ],
            )
            gateway.delete_usage_plan(usagePlanId=plan)

    def shown(
        self, kind: str, method: str, url: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[str, dict[str, str]]:
        """Return the URL and the headers with which a caller of some kind sends a request."""
        said = {"TOKEN": "friend", "REQUEST": "friend", "stranger": "stranger"}.get(kind)
        if said:
            return f"{url}{'&' if urlsplit(url).query else '?'}who={said}", {"Authorization": said}
        if kind == "COGNITO_USER_POOLS":
            return url, {"Authorization": self._tokens["IdToken"]}
        if kind == "COGNITO_USER_POOLS with scopes":
            return url, {"Authorization": self._tokens["AccessToken"]}
        if kind == "AWS_IAM":
            signed = {name: value for name, value in headers.items() if name == "Content-Type"}
            request = AWSRequest(method, url, data=body or "", headers=signed)
            SigV4Auth(self._keys, "execute-api", self._region).add_auth(request)
            return url, dict(request.headers)
        return url, {}

    def _signed_in(self) -> dict[str, str]:
        users = self._client("cognito-idp")
        pool = {"UserPoolId": self._pool["id"], "Username": "anna"}
        users.admin_create_user(**pool, MessageAction="SUPPRESS")
        users.admin_set_user_password(**pool, Password=PASSWORD, Permanent=True)
        attributes = users.admin_get_user(**pool)["UserAttributes"]
        self.member = next(each["Value"] for each in attributes if each["Name"] == "sub")
        return users.admin_initiate_auth(
            UserPoolId=self._pool["id"],
            ClientId=self._pool["client_id"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "anna", "PASSWORD": PASSWORD},
        )["AuthenticationResult"]


@dataclass(frozen=True)
class Failure:
    """A call of an unchanged route that was not answered as before."""

    call: str
    expected: int
    answer: str


class Callers(threading.Thread):
    """Makes calls over and over, one after the other, and keeps what was not answered as before.

    Args:
        calls: title => a function that sends the request, and the status that it is answered with.

    """

    def __init__(self, calls: Mapping[str, tuple[Callable[[], Any], int]]) -> None:
        super().__init__(daemon=True)
        self._calls = calls
        self._done = threading.Event()
        self.made = 0
        self.failures: list[Failure] = []

    def run(self) -> None:
        while self._calls and not self._done.is_set():
            for title, (send, expected) in self._calls.items():
                answer = send()
                self.made += 1
                if answer.status != expected:
                    self.failures.append(Failure(title, expected, f"{answer.status} {answer.text[:300]}"))
                time.sleep(PAUSE)

    def summary(self) -> list[str]:
        """Return a line for each call that failed, with one of its answers."""
        return [
            f"{title}: {len(failed)} of {self.made} calls not {failed[0].expected} but {failed[0].answer}"
            for title in self._calls
            if (failed := [each for each in self.failures if each.call == title])
        ]

    def __enter__(self) -> "Callers":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join(timeout=60)
        assert not self.is_alive(), "a call took more than a minute"
