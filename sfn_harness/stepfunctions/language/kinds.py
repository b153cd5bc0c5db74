"""Which fields each type of state takes, by query language.

AWS refuses all others. Measured there for 8 types and 50 fields (badmintoncryer/cdk-preflight, rules
pf-sfn-asl-state-fields and pf-sfn-asl-query-language, 2026-09-05).
"""

from __future__ import annotations

from sfn_harness.stepfunctions.expressions.choices import COMPARISONS, TESTS

_ALWAYS = frozenset({"Type", "Comment", "QueryLanguage"})
_PASSES_ON = frozenset({"Next", "End"})
_FILTERS = frozenset({"InputPath", "OutputPath", "Output"})
_ASSIGNS = frozenset({"Assign"})
_WORKS = _PASSES_ON | _FILTERS | _ASSIGNS | {"Parameters", "ResultPath"}
_FAILS = _WORKS | {"ResultSelector", "Retry", "Catch"}

KINDS: dict[str, frozenset[str]] = {
    "Task": _ALWAYS
    | _FAILS
    | {
        "Resource",
        "Arguments",
        "Credentials",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
    },
    "Wait": _ALWAYS | _PASSES_ON | _FILTERS | _ASSIGNS | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
    "Pass": _ALWAYS | _WORKS | {"Result"},
    "Succeed": _ALWAYS | _FILTERS,
    "Fail": _ALWAYS | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Choice": _ALWAYS | _FILTERS | _ASSIGNS | {"Choices", "Default"},
    "Parallel": _ALWAYS | _FAILS | {"Branches", "Arguments"},
    "Map": _ALWAYS
    | _FAILS
    | {
        "ItemProcessor",
        "Iterator",
        "Items",
        "ItemsPath",
        "ItemSelector",
        "ItemReader",
        "ItemBatcher",
        "ResultWriter",
        "Label",
        "MaxConcurrency",
        "MaxConcurrencyPath",
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    },
}

_PATH_RULES = (
    COMPARISONS
    | {f"{name}Path" for name in COMPARISONS if name != "StringMatches"}
    | TESTS
    | {"And", "Not", "Or", "Variable"}
)

RULE = frozenset({"Assign", "Comment", "Condition", "Next", "Output"}) | _PATH_RULES
RETRIER = frozenset(
    {"BackoffRate", "Comment", "ErrorEquals", "IntervalSeconds", "JitterStrategy", "MaxAttempts", "MaxDelaySeconds"}
)
CATCHER = frozenset({"Assign", "Comment", "ErrorEquals", "Next", "Output", "ResultPath"})

JSONATA_ONLY = frozenset({"Arguments", "Condition", "Items", "Output"})
JSONPATH_ONLY = _PATH_RULES | frozenset(
    {
        "InputPath",
        "OutputPath",
        "Parameters",
        "Result",
        "ResultPath",
        "ResultSelector",
        "ItemsPath",
        "SecondsPath",
        "TimestampPath",
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "ErrorPath",
        "CausePath",
        "MaxConcurrencyPath",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "MaxItemsPath",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatchPath",
    }
)
