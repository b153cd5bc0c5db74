"""The service as AWS publishes it."""

from __future__ import annotations

from functools import cache

from sfn_harness.aws.constraints import Wording
from sfn_harness.aws.model import Service

_WORDING = Wording(
    enum_orders={
        # Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api.py, test_state_machine_status_filter,
        # 14-03-2024.
        "ExecutionStatus": ("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"),
    },
    # "Length constraints apply to the payload size, and are expressed as bytes in UTF-8 encoding" (API reference). The
    # words "must have size ... bytes in UTF-8 encoding" stand in users' error logs of StartExecution.
    byte_sizes=frozenset({"SensitiveData", "SensitiveDataJobInput"}),
)


@cache
def service_model() -> Service:
    """Return the service's model, which is read once."""
    return Service("stepfunctions", _WORDING)
