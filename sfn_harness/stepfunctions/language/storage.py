"""Reads where the items of a distributed Map state come from, how they are batched, and where its results go.

The words for CSV files: badmintoncryer/cdk-preflight, rule pf-sfn-asl-map-distributed, measured on AWS on 2026-09-05.
The fields and their values: AWS, "ItemReader (Map)", "ItemBatcher (Map)" and "ResultWriter (Map)".
"""

from __future__ import annotations

from sfn_harness.stepfunctions.expressions.types import Expression, QueryLanguage, Template
from sfn_harness.stepfunctions.language.fields import Fields
from sfn_harness.stepfunctions.language.integrations import READERS, WRITERS
from sfn_harness.stepfunctions.language.resources import read_storage_resource
from sfn_harness.stepfunctions.language.tree import ItemBatcher, ItemReader, ResultWriter

_MAX_ITEMS = 100_000_000
_MAX_INPUT_BYTES = 262_144

_READER = frozenset({"Arguments", "Parameters", "ReaderConfig", "Resource"})
_BATCHER = frozenset(
    {"BatchInput", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "MaxItemsPerBatch", "MaxItemsPerBatchPath"}
)
_WRITER = frozenset({"Arguments", "Parameters", "Resource", "WriterConfig"})

# Member => its values; none are listed for one that takes others.
_READER_CONFIG: dict[str, tuple[str, ...]] = {
    "CSVDelimiter": ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
    "CSVHeaderLocation": ("FIRST_ROW", "GIVEN"),
    "CSVHeaders": (),
    "InputType": ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"),
    "ItemsPointer": (),
    "ManifestType": ("ATHENA_DATA", "S3_INVENTORY"),
    "MaxItems": (),
    "MaxItemsPath": (),
    "Transformation": ("LOAD_AND_FLATTEN", "NONE"),
}
_WRITER_CONFIG: dict[str, tuple[str, ...]] = {
    "OutputType": ("JSON", "JSONL"),
    "Transformation": ("COMPACT", "FLATTEN", "NONE"),
}


def read_item_reader(fields: Fields) -> ItemReader | None:
    """Return the ItemReader."""
    reader = fields.child("ItemReader")
    if reader is None:
        return None
    reader.refuse_others(_READER)
    reader.require("Resource", _parameters_name(fields))
    resource = read_storage_resource(reader, READERS)
    config = reader.child("ReaderConfig")
    limit = None if config is None else _check_reader_config(config)
    parameters = _parameters(reader)
    if resource is None:
        return None
    members = {} if config is None else dict(config.members)
    return ItemReader(resource=resource, parameters=parameters, config=members, max_items=limit)


def _check_reader_config(config: Fields) -> int | Expression | None:
    """Report what is wrong, and return the limit of items."""
    _check_config(config, _READER_CONFIG)
    kind = config.members.get("InputType")
    if kind == "CSV" and "CSVHeaderLocation" not in config:
        config.error("The field 'CSVHeaderLocation' is required")
    if kind in ("JSON", "JSONL") and "CSVHeaderLocation" in config:
        config.error("Field 'CSVHeaderLocation' is not supported")
    if config.members.get("CSVHeaderLocation") == "GIVEN":
        config.require("CSVHeaders")
    return config.whole_or_expression("MaxItems", 0, _MAX_ITEMS)


def read_item_batcher(fields: Fields) -> ItemBatcher | None:
    """Return the ItemBatcher."""
    batcher = fields.child("ItemBatcher")
    if batcher is None:
        return None
    batcher.refuse_others(_BATCHER)
    if not any(name in batcher for name in _BATCHER - {"BatchInput"}):
        batcher.error("At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]")
    return ItemBatcher(
        max_items=batcher.whole_or_expression("MaxItemsPerBatch", 0),
        max_input_bytes=batcher.whole_or_expression("MaxInputBytesPerBatch", 0, _MAX_INPUT_BYTES),
        batch_input=batcher.template("BatchInput"),
    )


def read_result_writer(fields: Fields) -> ResultWriter | None:
    """Return the ResultWriter: a place, or a form, or both."""
    writer = fields.child("ResultWriter")
    if writer is None:
        return None
    writer.refuse_others(_WRITER)
    parameters = _parameters_name(fields)
    if "Resource" in writer or parameters in writer or "WriterConfig" not in writer:
        writer.require("Resource", parameters)
    config = writer.child("WriterConfig")
    if config is not None:
        _check_config(config, _WRITER_CONFIG)
    return ResultWriter(
        resource=read_storage_resource(writer, WRITERS),
        parameters=_parameters(writer),
        config={} if config is None else dict(config.members),
    )


def _check_config(config: Fields, known: dict[str, tuple[str, ...]]) -> None:
    config.refuse_others(frozenset(known))
    for name, words in known.items():
        if words:
            config.text(name, words)


def _parameters_name(fields: Fields) -> str:
    return "Parameters" if fields.language is QueryLanguage.JSONPATH else "Arguments"


def _parameters(fields: Fields) -> Template | None:
    return fields.template(_parameters_name(fields))
