"""Logging, tracing and encryption settings of state machines and activities."""

from __future__ import annotations

from sfn_harness.stepfunctions.engine.interface import Logging
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.operations.parts import Answer, Parts, Request
from sfn_harness.stepfunctions.ports import Scope

_OFF = "OFF"


# What AWS writes into a log group that it is to log to: recorded tests tell this stream from those of executions
# (localstack/localstack tests v4.14.0, logs/test_logs test_log_group_with_multiple_runs, 2024-06-10). The words are
# from memory.
_TRIAL_STREAM = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions"
_TRIAL = (
    "Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription."
)


def logging_configuration(parts: Parts, scope: Scope, given: Request | None) -> Answer:
    """Return a logging configuration as it is described, after a try to write to its log group.

    Raises ApiError (InvalidLoggingConfiguration).
    """
    given = given or {}
    answer: Answer = {
        "level": given.get("level") or _OFF,
        "includeExecutionData": bool(given.get("includeExecutionData")),
    }
    destinations = given.get("destinations")
    if destinations is not None:
        answer["destinations"] = destinations
    count = len(destinations or ())
    if count > 1 or (count == 0 and answer["level"] != _OFF):
        raise _invalid_logging("Must specify exactly one Log Destination.")
    for arn in _groups(answer):
        if not parts.logs.has_group(arn):
            raise _invalid_logging("Log Destination not found.")
        parts.logs.write(scope, arn, _TRIAL_STREAM, [(int(parts.now() * 1000), _TRIAL)])
    return answer


def logging(configuration: Answer) -> Logging:
    """Return a logging configuration as the engine takes it."""
    return Logging(configuration["level"], configuration["includeExecutionData"], tuple(_groups(configuration)))


def _groups(configuration: Answer) -> list[str]:
    destinations = configuration.get("destinations") or ()
    arns = [(one.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn") for one in destinations]
    return [arn for arn in arns if arn]


def _invalid_logging(reason: str) -> ApiError:
    return ApiError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {reason}")


def encryption_configuration(given: Request | None) -> Answer | None:
    """Return an encryption configuration as the Describe operations give it.

    Raises:
        ApiError: InvalidEncryptionConfiguration. Its words are not recorded.

    """
    if given is None:
        return None
    key, reuse = given.get("kmsKeyId"), given.get("kmsDataKeyReusePeriodSeconds")
    customer = given["type"] == "CUSTOMER_MANAGED_KMS_KEY"
    if customer and key is None:
        reason = "kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY"
    elif not customer and (key is not None or reuse is not None):
        reason = "kmsKeyId and kmsDataKeyReusePeriodSeconds can only be set for CUSTOMER_MANAGED_KMS_KEY"
    else:
        answer: Answer = {"type": given["type"]}
        if customer:
            # "The default period is 300 seconds" (API reference).
            answer |= {"kmsKeyId": key, "kmsDataKeyReusePeriodSeconds": 300 if reuse is None else reuse}
        return answer
    raise ApiError("InvalidEncryptionConfiguration", f"Invalid Encryption Configuration: '{reason}'")
