"""Where configurations are applied: a local sandbox (the default), any endpoint, or AWS itself.

with open_sandbox("local") as sandbox:
account = sandbox.new_account()
account.client("stepfunctions").list_state_machines()
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sfn_harness.sandbox.account import Account
    from sfn_harness.sandbox.kinds import AwsSandbox, EndpointSandbox, Sandbox, check_spec, open_sandbox
    from sfn_harness.sandbox.local import LocalSandbox, SandboxError

__all__ = [
    "Account",
    "AwsSandbox",
    "EndpointSandbox",
    "LocalSandbox",
    "Sandbox",
    "SandboxError",
    "check_spec",
    "open_sandbox",
]


def __getattr__(name: str) -> Any:
    # The server's process imports this package too, and has no use for boto3 and tftest, which take half its start.
    if name in __all__:
        for module in ("account", "kinds", "local"):
            found = vars(importlib.import_module(f"sfn_harness.sandbox.{module}"))
            if name in found:
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
