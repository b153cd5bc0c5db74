"""What a function that fails answers: its exception's name, message and stack trace, as Lambda's runtimes give them.

Sources: recorded on AWS for Python (localstack/localstack tests v4.14.0, stepfunctions/v2/error_handling,
2024-11-28): ``errorMessage``, ``errorType``, ``requestId`` and ``stackTrace``, with paths in ``/var/task``; for Node.js
"AWS Lambda function errors in Node.js", Lambda developer guide: ``errorType``, ``errorMessage`` and ``trace``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sfn_harness.sandbox.hooks.registry import Hook

__all__ = ["HOOKS", "USES"]

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


USES: dict[str, tuple[str, ...]] = {}

HOOKS = (
    Hook(
        "ministack.core.lambda_runtime",
        "_PYTHON_WORKER_SCRIPT",
        "A function's exception has its name and its stack trace.",
        lambda script: _replaced(script, _PYTHON),
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
)
