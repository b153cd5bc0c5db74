"""Reads Map states."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sfn_harness.stepfunctions.expressions.types import Template
from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.diagnostics import LABEL
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.storage import read_item_batcher, read_item_reader, read_result_writer
from sfn_harness.stepfunctions.language.tree import Map, Program

_MAX_LABEL = 40
# What a label may not have, as the names of the API: white space, brackets, wildcards, special and control characters.
_NOT_IN_LABEL = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")

_PROCESSOR_FIELDS = frozenset({"Comment", "ProcessorConfig", "StartAt", "States"})
_CONFIG_FIELDS = frozenset({"Comment", "ExecutionType", "Mode"})


def read_map(
    fields: Fields, common: dict[str, Any], context: Context, read_program: Callable[[Fields, Context], Program | None]
) -> Map | None:
    """Return a Map state; ``common`` is what all states that can fail have."""
    fields.exactly_one("ItemProcessor", "Iterator")
    is_legacy = "ItemProcessor" not in fields
    processor_fields = fields.child("Iterator" if is_legacy else "ItemProcessor")
    distributed, execution_type, processor = False, "STANDARD", None
    if processor_fields is not None:
        distributed, execution_type, processor = _processor(processor_fields, context, read_program)
    fields.only_one("ItemSelector", "Parameters")
    concurrency = fields.whole_or_expression("MaxConcurrency", 0)
    settings: dict[str, Any] = {
        **common,
        "distributed": distributed,
        "execution_type": execution_type,
        "is_legacy": is_legacy,
        "label": _label(fields, context),
        "items": _items(fields),
        "items_path": fields.reference("ItemsPath", to_context=True),
        "item_selector": fields.template("ItemSelector"),
        "item_reader": read_item_reader(fields),
        "item_batcher": read_item_batcher(fields),
        "result_writer": read_result_writer(fields),
        "max_concurrency": 0 if concurrency is None else concurrency,
        "tolerated_failure_count": fields.whole_or_expression("ToleratedFailureCount", 0),
        "tolerated_failure_percentage": fields.real_or_expression("ToleratedFailurePercentage", 0.0, 100.0),
    }
    return None if processor is None else Map(**settings, processor=processor)


def _processor(
    fields: Fields, context: Context, read_program: Callable[[Fields, Context], Program | None]
) -> tuple[bool, str, Program | None]:
    fields.refuse_others(_PROCESSOR_FIELDS)
    config = fields.child("ProcessorConfig")
    distributed, execution_type = (False, "STANDARD") if config is None else _mode(config, context)
    inside = context.as_child(express=execution_type == "EXPRESS") if distributed else context
    return distributed, execution_type, read_program(fields, inside)


def _mode(config: Fields, context: Context) -> tuple[bool, str]:
    """Return whether the processor is distributed, and the type of its executions.

    The words: badmintoncryer/cdk-preflight, rules pf-sfn-asl-map-distributed and pf-sfn-express-unsupported, measured
    on AWS on 2026-09-05.
    """
    config.refuse_others(_CONFIG_FIELDS)
    mode = config.text("Mode", ("INLINE", "DISTRIBUTED")) or "INLINE"
    execution_type = config.text("ExecutionType", ("STANDARD", "EXPRESS")) or "STANDARD"
    if mode == "INLINE":
        if "Mode" in config and "ExecutionType" in config:
            config.error("Field 'ExecutionType' is not supported")
        return False, "STANDARD"
    config.require("ExecutionType")
    if context.express:
        config.error(
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines", "Mode"
        )
    return True, execution_type


def _items(fields: Fields) -> Template | None:
    if "Items" not in fields:
        return None
    return fields.jsonata("Items") if fields.is_expression("Items") else _literal_items(fields)


def _literal_items(fields: Fields) -> Template | None:
    return None if fields.array("Items") is None else fields.template("Items")


def _label(fields: Fields, context: Context) -> str | None:
    label = fields.text("Label")
    if label is None:
        return None
    place = fields.place("Label")
    unfit = _NOT_IN_LABEL.search(label)
    if not label:
        context.report.error("Label cannot be empty", place, LABEL)
    elif len(label) > _MAX_LABEL:
        context.report.error(f"Label cannot exceed {_MAX_LABEL} characters", place, LABEL)
    elif unfit is not None:
        context.report.error(f"Label contains invalid character: {unfit[0]!r}", place, LABEL)
    elif label in context.labels:
        context.report.error(f"Duplicate Label name: {label}", place, "DUPLICATE_LABEL_NAME")
    context.labels.add(label)
    return label
