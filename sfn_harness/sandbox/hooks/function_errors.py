"""What a function that fails answers: its exception's name, message and stack trace, as Lambda's runtimes give them.

Sources: recorded on AWS for Python (localstack/localstack tests v4.14.0, stepfunctions/v2/error_handling,
2024-11-28): ``errorMessage``, ``errorType``, ``requestId`` and ``stackTrace``, with paths in ``/var/task``; for Node.js
"AWS Lambda function errors in Node.js", Lambda developer guide: ``errorType``, ``errorMessage`` and ``trace``.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], Any]

# MiniStack passes on one text of a failure. What begins like this is the whole answer.
_MARK = "sfn-harness error: "

_PYTHON = (
    '{"status": "error", "error": str(e), "trace": traceback.format_exc()}',
    '{"status": "error", "error": ' + repr(_MARK) + " + json.dumps({"
    '"errorMessage": str(e), "errorType": type(e).__name__, "requestId": _ms_ctx.get("request_id", ""), '
    '"stackTrace": [\'  File "%s", line %s, in %s\\n    %s\\n\' % '
    '(f.filename.replace(code_dir, "/var/task"), f.lineno, f.name, f.line) '
    "for f in traceback.extract_tb(e.__traceback__)[1:]]}), "
    '"trace": traceback.format_exc()}',
)

# What JSON has no form for: bytes that a handler returns are the answer as it stands; Lambda's runtime writes a Decimal
# as a number, and refuses the rest.
_PYTHON_RESULT = (
    'json.dumps({"status": "ok", "result": result})',
    'json.dumps({"status": "ok", "result": _sfn_harness_whole(result)}, default=_sfn_harness_plain)',
)
_PYTHON_PLAIN = """
def _sfn_harness_whole(result):
    if not isinstance(result, bytes):
        return result
    try:
        return json.loads(result)
    except ValueError:
        return result.decode(errors="replace")


def _sfn_harness_plain(value):
    if type(value).__name__ == "Decimal":
        return float(value)
    said = "Unable to marshal response: Object of type %s is not JSON serializable" % type(value).__name__
    raise type("Runtime.MarshalError", (TypeError,), {})(said)
"""

_NODE_ERROR = """
function sfnHarnessError(err) {
  const known = err instanceof Error || (err && typeof err === "object" && "message" in err && "name" in err);
  const trace = known ? String(err.stack || "").replaceAll(process.env.LAMBDA_TASK_ROOT, "/var/task").split("\\n") : [];
  return MARK + JSON.stringify({
    errorType: known ? err.name : typeof err,
    errorMessage: known ? err.message : String(err),
    trace,
  });
}
""".replace("MARK", json.dumps(_MARK))
_NODE = (
    (
        'status: "error", error: String(err.message || err), trace: err.stack || ""',
        'status: "error", error: sfnHarnessError(err), trace: err.stack || ""',
    ),
    ('status: "error", error: e.message, trace: e.stack', 'status: "error", error: sfnHarnessError(e), trace: e.stack'),
)


def _replaced(script: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        if before not in script:
            raise LookupError(f"MiniStack's worker does not contain {before}")
        script = script.replace(before, after)
    return script


def _execute_function_warm(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def execute_function_warm(*arguments: Any) -> dict[str, Any]:
        result = original(*arguments)
        body = result.get("body")
        said = body.get("errorMessage") if result.get("error") and isinstance(body, dict) else None
        if isinstance(said, str) and said.startswith(_MARK):
            result["body"] = json.loads(said.removeprefix(_MARK))
        return result

    return execute_function_warm


def _invoke(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def invoke(name: str, event: Any, headers: dict[str, str], *rest: Any, **named: Any) -> Response:
        status, answered, body = await original(name, event, headers, *rest, **named)
        if status == 404 and body:
            # Recorded on AWS, 2025-11-25 (v2/error_handling/test_task_service_lambda).
            body = body.replace(f':function:{name}"'.encode(), f':function:{name}:$LATEST"'.encode())
        if headers.get("x-amz-log-type") == "Tail" and status == 200:
            request_id = str(uuid.uuid4())
            tail = base64.b64decode(answered.get("X-Amz-Log-Result", "")).decode()
            lines = (f"START RequestId: {request_id} Version: $LATEST", tail, f"END RequestId: {request_id}", "")
            answered["X-Amz-Log-Result"] = base64.b64encode("\n".join(lines).encode()[-4096:]).decode()
        return status, answered, body

    return invoke


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "ministack.core.lambda_runtime",
        "_PYTHON_WORKER_SCRIPT",
        "A function's exception has its name and its stack trace.",
        lambda script: _PYTHON_PLAIN + _replaced(script, _PYTHON, _PYTHON_RESULT),
    ),
    Hook(
        "ministack.core.lambda_runtime",
        "_NODEJS_WORKER_SCRIPT",
        "The same in Node.js.",
        lambda script: _NODE_ERROR + _replaced(script, *_NODE),
    ),
    Hook(
        "ministack.services.lambda_svc",
        "_execute_function_warm",
        "MiniStack calls every exception Runtime.HandlerError.",
        _execute_function_warm,
    ),
    Hook(
        "ministack.services.lambda_svc",
        "_invoke",
        "The tail of a log has the lines that Lambda writes itself, whatever the function says.",
        _invoke,
    ),
)
