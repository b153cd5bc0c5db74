"""Step Functions: this project's service answers in MiniStack's place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region

from sfn_harness.apigateway.backends.states import unqualified
from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.stepfunctions import events, front, logs, permissions, services, states, web
from sfn_harness.sandbox.stepfunctions.states import STATES
from sfn_harness.stepfunctions import json_text
from sfn_harness.stepfunctions.errors import ApiError

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]


def _handle_request(_original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        _method: str, _path: str, headers: dict[str, str], body: bytes | str, _query: dict[str, Any]
    ) -> Response:
        if isinstance(body, str):  # other services of the sandbox send text
            body = body.encode("utf-8", "surrogatepass")
        refused = front.too_large(body)
        if refused is not None:
            return refused
        try:
            operation, request = front.PROTOCOL.read(headers.get("x-amz-target", ""), body)
        except ApiError as error:
            return front.error_answer(error)
        scope = front.scope_of(get_account_id(), get_region())
        return await front.answered(STATES.service, operation, request, scope)

    return handle_request


def _reset(original: Callable[[], None]) -> Callable[[], None]:
    def reset() -> None:
        original()
        STATES.reset()

    return reset


def _dispatch_to_stepfunctions(_original: Callable[[str, str], None]) -> Callable[[str, str], None]:
    return STATES.start_soon


def _start_state_machine_from_records(_original: Callable[..., bool]) -> Callable[..., bool]:
    def start_state_machine_from_records(arn: str, _pipe: dict[str, Any], records: list[Any]) -> bool:
        STATES.start_soon(arn, json_text.write(records))
        return True

    return start_state_machine_from_records


def _extract_resource_arn(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(service: str, *request: Any) -> str:
        arn = original(service, *request)
        return unqualified(arn) if service == "states" and isinstance(arn, str) else arn

    return extract_resource_arn


_SFN = "ministack.services.stepfunctions"


def _joined(*uses: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    joined: dict[str, tuple[str, ...]] = {}
    for used in uses:
        for module, names in used.items():
            joined[module] = tuple(dict.fromkeys((*joined.get(module, ()), *names)))
    return joined


USES = _joined(
    events.USES,
    logs.USES,
    permissions.USES,
    services.USES,
    states.USES,
    web.USES,
    {"ministack.core.responses": ("get_account_id", "get_region")},
)

HOOKS = (
    Hook(_SFN, "handle_request", "This project's Step Functions answers.", _handle_request),
    Hook(_SFN, "reset", "A reset is this project's Step Functions' too.", _reset),
    Hook(
        "ministack.services.eventbridge",
        "_dispatch_to_stepfunctions",
        "A rule's target is started there.",
        _dispatch_to_stepfunctions,
    ),
    Hook(
        "ministack.services.pipes",
        "_start_state_machine_from_records",
        "A pipe's target is started there.",
        _start_state_machine_from_records,
    ),
    Hook(
        "ministack.core.iam_actions",
        "extract_resource_arn",
        "IAM is asked about the state machine, not about its version or alias.",
        _extract_resource_arn,
    ),
)
