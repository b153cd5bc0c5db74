"""Reads what a state does about errors: Retry and Catch."""

from __future__ import annotations

from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.kinds import CATCHER, RETRIER
from sfn_harness.stepfunctions.language.tree import Catcher, Retrier

# The ranges and words: badmintoncryer/cdk-preflight, rules pf-sfn-asl-numeric-ranges and pf-sfn-asl-retry-catch,
# measured on AWS on 2026-09-05.
_MAX_WHOLE = 99_999_999
_MAX_DELAY = 31_622_400


def read_retriers(fields: Fields) -> tuple[Retrier, ...]:
    """Return the entries of Retry."""
    retriers = [_retrier(one) for one in fields.children("Retry")]
    _check_last(fields, "Retry")
    return tuple(one for one in retriers if one is not None)


def _retrier(fields: Fields) -> Retrier | None:
    fields.refuse_others(RETRIER)
    errors = _error_equals(fields)
    interval = fields.whole("IntervalSeconds", 0, _MAX_WHOLE)
    attempts = fields.whole("MaxAttempts", 0, _MAX_WHOLE)
    rate = fields.real("BackoffRate", 1.0)
    delay = fields.whole("MaxDelaySeconds", 1, _MAX_DELAY)
    jitter = fields.text("JitterStrategy", ("NONE", "FULL"))
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
    _check_last(fields, "Catch")
    return tuple(one for one in catchers if one is not None)


def _catcher(fields: Fields) -> Catcher | None:
    fields.refuse_others(CATCHER)
    errors = _error_equals(fields)
    target = fields.text("Next") if fields.require("Next") else None
    discard = fields.members.get("ResultPath", "") is None
    reference = None if discard else fields.target("ResultPath")
    assign, output = fields.assign(), fields.template("Output")
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
    errors = fields.filled_array("ErrorEquals")
    if errors is None:
        return None
    for index, error in enumerate(errors):
        if not isinstance(error, str):
            fields.error("Expected value of type String", f"ErrorEquals[{index}]")
            return None
    return tuple(errors)


def _check_last(fields: Fields, name: str) -> None:
    """Report ``States.ALL`` that is not by itself in the last entry."""
    entries = list(fields.array(name) or ())
    for index, entry in enumerate(entries):
        errors = entry.get("ErrorEquals") if isinstance(entry, dict) else None
        if isinstance(errors, list) and "States.ALL" in errors and (len(errors) > 1 or index < len(entries) - 1):
            fields.error("States.ALL must appear alone and at end of list", f"{name}[{index}]/ErrorEquals")
