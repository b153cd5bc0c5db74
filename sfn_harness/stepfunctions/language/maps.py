"""Reads Map states."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sfn_harness.stepfunctions.language.context import Context
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.tree import ItemBatcher, ItemReader, Map, Program, ResultWriter

_MAX_WHOLE = 2**31 - 1
_MAX_ITEMS = 100_000_000
_MAX_INPUT_BYTES = 262_144
_MAX_LABEL = 40
# What a label may not have, as the names of the API: white space, brackets, wildcards, special and control characters.
_NOT_IN_LABEL = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")

_PROCESSOR_FIELDS = frozenset({"Comment", "ProcessorConfig", "StartAt", "States"})


def read_map(
    fields: Fields, common: dict[str, Any], context: Context, read_program: Callable[[Fields, Context], Program | None]
) -> Map | None:
    """Return a Map state; ``common`` is what all states that can fail have."""
    is_legacy = "Iterator" in fields and "ItemProcessor" not in fields
    fields.only_one("ItemProcessor", "Iterator")
    processor_fields = fields.child("Iterator") if is_legacy else None
    if not is_legacy and fields.require("ItemProcessor"):
        processor_fields = fields.child("ItemProcessor")
    distributed, execution_type, processor = False, "STANDARD", None
    if processor_fields is not None:
        distributed, execution_type, processor = _processor(processor_fields, context, read_program)
    fields.only_one("ItemSelector", "Parameters")
    concurrency = fields.whole_or_expression("MaxConcurrency", 0, _MAX_WHOLE)
    settings: dict[str, Any] = {
        **common,
        "distributed": distributed,
        "execution_type": execution_type,
        "is_legacy": is_legacy,
        "label": _label(fields, context),
        "items": fields.template("Items"),
        "items_path": fields.path("ItemsPath"),
        "item_selector": fields.template("ItemSelector"),
        "item_reader": _item_reader(fields),
        "item_batcher": _item_batcher(fields),
        "result_writer": _result_writer(fields),
        "max_concurrency": 0 if concurrency is None else concurrency,
        "tolerated_failure_count": fields.whole_or_expression("ToleratedFailureCount", 0, _MAX_WHOLE),
        "tolerated_failure_percentage": fields.real_or_expression("ToleratedFailurePercentage", 0.0, 100.0),
    }
    return None if processor is None else Map(**settings, processor=processor)


def _processor(
    fields: Fields, context: Context, read_program: Callable[[Fields, Context], Program | None]
) -> tuple[bool, str, Program | None]:
    fields.refuse_others(_PROCESSOR_FIELDS)
    mode, execution_type = "INLINE", "STANDARD"
    config = fields.child("ProcessorConfig")
    if config is not None:
        mode = config.text("Mode", ("INLINE", "DISTRIBUTED")) or mode
        if mode == "DISTRIBUTED":
            config.require("ExecutionType")
        execution_type = config.text("ExecutionType", ("STANDARD", "EXPRESS")) or execution_type
    distributed = mode == "DISTRIBUTED"
    inside = context.as_child(express=execution_type == "EXPRESS") if distributed else context
    return distributed, execution_type, read_program(fields, inside)


def _label(fields: Fields, context: Context) -> str | None:
    label = fields.text("Label")
    if label is None:
        return None
    place = fields.place("Label")
    unfit = _NOT_IN_LABEL.search(label)
    if not label:
        context.report.error("Label cannot be empty", place, "INVALID_LABEL_NAME")
    elif len(label) > _MAX_LABEL:
        context.report.error(f"Label cannot exceed {_MAX_LABEL} characters", place, "INVALID_LABEL_NAME")
    elif unfit is not None:
        context.report.error(f"Label contains invalid character: {unfit[0]!r}", place, "INVALID_LABEL_NAME")
    elif label in context.labels:
        context.report.error(f"Duplicate Label name: {label}", place, "DUPLICATE_LABEL_NAME")
    context.labels.add(label)
    return label


def _item_reader(fields: Fields) -> ItemReader | None:
    reader = fields.child("ItemReader")
    if reader is None or not reader.require("Resource"):
        return None
    resource = reader.text("Resource")
    config = reader.child("ReaderConfig")
    limit = None if config is None else config.whole_or_expression("MaxItems", 0, _MAX_ITEMS)
    parameters = _parameters(reader)
    if resource is None:
        return None
    members = {} if config is None else dict(config.members)
    return ItemReader(resource=resource, parameters=parameters, config=members, max_items=limit)


def _item_batcher(fields: Fields) -> ItemBatcher | None:
    batcher = fields.child("ItemBatcher")
    if batcher is None:
        return None
    return ItemBatcher(
        max_items=batcher.whole_or_expression("MaxItemsPerBatch", 0, _MAX_WHOLE),
        max_input_bytes=batcher.whole_or_expression("MaxInputBytesPerBatch", 0, _MAX_INPUT_BYTES),
        batch_input=batcher.template("BatchInput"),
    )


def _result_writer(fields: Fields) -> ResultWriter | None:
    writer = fields.child("ResultWriter")
    if writer is None:
        return None
    config = writer.child("WriterConfig")
    return ResultWriter(
        resource=writer.text("Resource"),
        parameters=_parameters(writer),
        config={} if config is None else dict(config.members),
    )


def _parameters(fields: Fields) -> Any:
    """Return Parameters or Arguments, by the query language."""
    return fields.template("Arguments") if "Arguments" in fields else fields.template("Parameters")
