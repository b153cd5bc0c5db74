"""Reads what a state does about errors: Retry and Catch."""

from __future__ import annotations

from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.tree import Catcher, Retrier

_MAX_SECONDS = 99_999_999


def read_retriers(fields: Fields) -> tuple[Retrier, ...]:
    """Return the entries of Retry."""
    retriers = [_retrier(one) for one in fields.children("Retry")]
    return tuple(one for one in retriers if one is not None)


def _retrier(fields: Fields) -> Retrier | None:
    errors = _error_equals(fields)
    interval = fields.whole("IntervalSeconds", 1, _MAX_SECONDS)
    attempts = fields.whole("MaxAttempts", 0, _MAX_SECONDS)
    rate = fields.real("BackoffRate", 1.0)
    delay = fields.whole("MaxDelaySeconds", 1, 31_622_399)
    jitter = fields.text("JitterStrategy", ("FULL", "NONE"))
    if errors is None:
        return None
    return Retrier(
        error_equals=errors,
        interval_seconds=1 if interval is None else interval,
        max_attempts=3 if attempts is None else attempts,
        backoff_rate=2.0 if rate is None else rate,
        max_delay_seconds=delay,
        jitter=jitter == "FULL",
    )


def read_catchers(fields: Fields) -> tuple[Catcher, ...]:
    """Return the entries of Catch."""
    catchers = [_catcher(one) for one in fields.children("Catch")]
    return tuple(one for one in catchers if one is not None)


def _catcher(fields: Fields) -> Catcher | None:
    errors = _error_equals(fields)
    target = fields.text("Next") if fields.require("Next") else None
    discard = fields.members.get("ResultPath", "") is None
    reference = None if discard else fields.reference("ResultPath")
    assign, output = fields.template("Assign"), fields.template("Output")
    if errors is None or target is None:
        return None
    return Catcher(
        error_equals=errors,
        next=target,
        result_path=reference,
        discard_result=discard,
        assign=assign,
        output=output,
    )


def _error_equals(fields: Fields) -> tuple[str, ...] | None:
    if not fields.require("ErrorEquals"):
        return None
    errors = fields.array("ErrorEquals")
    if errors is None:
        return None
    for index, error in enumerate(errors):
        if not isinstance(error, str):
            fields.error("Expected value of type String", f"ErrorEquals[{index}]")
            return None
    if not errors:
        fields.error("Minimum number of items is 1", "ErrorEquals")
    return tuple(errors)
