"""Failures on demand: Step Functions answers an error, or late, for one account and action until told otherwise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from ministack.core.responses import get_account_id

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.stepfunctions.front import fault_answer
from sfn_harness.stepfunctions.errors import ApiError

__all__ = ["FAULTS", "HOOKS", "PATH", "USES", "Fault", "Faults"]

PATH = "/_sfn_harness/faults"

Response = tuple[int, dict[str, Any], bytes]


@dataclass(frozen=True)
class Fault:
    """What a call meets: an error, when it has a status; a delay before anything else, in seconds.

    The error's type is qualified as on AWS, unless told otherwise. A call that is `performed` is carried out all the
    same: it has its effect, and the caller is told of an error. After so many `calls`, the fault `then` is in force, or
    none.
    """

    status: int | None = None
    error_type: str = "InternalServerError"
    message: str = ""
    delay_seconds: float = 0.0
    qualified: bool = True
    performed: bool = False
    calls: int | None = None
    then: Fault | None = None

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Fault:
        """Make a fault of its JSON form. Raises TypeError: it has members that no fault has."""
        then = document.get("then")
        return cls(**{**document, "then": None if then is None else cls.from_document(then)})

    def next(self) -> Fault | None:
        """Return what is in force after a call that has met this fault."""
        if self.calls is None:
            return self
        return replace(self, calls=self.calls - 1) if self.calls > 1 else self.then

    async def meet(self, otherwise: Callable[[], Awaitable[Response]]) -> Response:
        """Wait, then answer the error, or what the call would have been answered without the fault."""
        await asyncio.sleep(self.delay_seconds)
        if self.status is None:
            return await otherwise()
        if self.performed:
            await otherwise()
        error = ApiError(self.error_type, self.message)
        return fault_answer(error, self.status, qualified=self.qualified)


class Faults:
    """The faults in force: account and action => fault."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str], Fault] = {}

    def of(self, account: str, action: str) -> Fault | None:
        """Return the fault in force, None in the ordinary case."""
        return self._faults.get((account, action)) if self._faults else None

    def met(self, account: str, action: str) -> Fault | None:
        """Return the fault in force, which one call more has met."""
        fault = self.of(account, action)
        if fault is not None:
            self._put((account, action), fault.next())
        return fault

    def change(self, method: str, document: dict[str, Any]) -> None:
        """Put (PUT) or lift (DELETE) a fault. Raises KeyError, TypeError: the document has not the shape of one."""
        key = document.pop("account"), document.pop("action")
        self._put(key, None if method == "DELETE" else Fault.from_document(document))

    def _put(self, key: tuple[str, str], fault: Fault | None) -> None:
        if fault is None:
            self._faults.pop(key, None)
        else:
            self._faults[key] = fault


FAULTS = Faults()


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        def otherwise() -> Awaitable[Response]:
            return original(method, path, headers, body, query_params)

        fault = FAULTS.met(get_account_id(), headers.get("x-amz-target", "").rpartition(".")[2])
        return await (fault.meet(otherwise) if fault else otherwise())

    return handle_request


def _admin(original: Callable[..., Awaitable[Response | None]]) -> Callable[..., Awaitable[Response | None]]:
    async def handle_admin_config_request(path: str, method: str, body: bytes) -> Response | None:
        if path != PATH:
            return await original(path, method, body)
        try:
            FAULTS.change(method, json.loads(body))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return 400, {"Content-Type": "text/plain"}, f"{type(error).__name__}: {error}".encode()
        return 204, {}, b""

    return handle_admin_config_request


USES = {"ministack.core.responses": ("get_account_id",)}

HOOKS = (
    Hook(
        "ministack.services.stepfunctions",
        "handle_request",
        "A direct call meets the faults.",
        _handle_request,
        part="faults",
    ),
    Hook("ministack.app", "_handle_admin_config_request", "Tests put and lift faults over HTTP.", _admin),
)
