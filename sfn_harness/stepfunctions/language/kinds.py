"""Which fields each type of state takes, by query language."""

from __future__ import annotations

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

JSONATA_ONLY = frozenset({"Arguments", "Output", "Items"})
JSONPATH_ONLY = frozenset(
    {
        "InputPath",
        "OutputPath",
        "Parameters",
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
