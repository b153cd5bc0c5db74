"""The flow of a distributed Map state: its items, its map run, and what becomes of the results."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NoReturn

from sfn_harness.stepfunctions.engine.documents import Document, array
from sfn_harness.stepfunctions.engine.failures import StateFailedError
from sfn_harness.stepfunctions.engine.interface import Status, Workflow
from sfn_harness.stepfunctions.engine.items import find_items, item_input
from sfn_harness.stepfunctions.engine.labels import map_label
from sfn_harness.stepfunctions.engine.map_run import EXCEEDED, MapRun, Portion, Tolerance, describe
from sfn_harness.stepfunctions.engine.task import task_call
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.language import tree

Json = Any

_NOTHING = Document({})


async def run_distributed(visit: Visit, effective: Document, limit: int) -> Document:
    """Run a child execution for each item or batch; return the state's result. Raises StateFailedError, StateError."""
    state: tree.Map = visit.state
    branch = visit.branch
    run = visit.map_run
    if run is None or not run.has_items:
        items = None if state.item_reader is not None else find_items(visit, effective)
        branch.last = branch.history.add("MapStateStarted", branch.last, {"length": len(items or ())})
        plan = _Plan(visit, effective)
        run = visit.map_run = _make(visit, limit, plan.tolerance)
        branch.last = branch.history.add("MapRunStarted", branch.last, {"mapRunArn": run.arn})
        _make_known(run)
        work = _start(visit, run, plan, items)
    else:  # a redriven execution
        details = {"mapRunArn": run.arn, "redriveCount": run.redrive_count + 1}
        branch.last = branch.history.add("MapRunRedriven", branch.last, details)
        work = run.redrive()
    try:
        if not await work:
            raise StateError(EXCEEDED, "The specified tolerated failure threshold was exceeded")
        result = await _result(visit, run, effective)
    except asyncio.CancelledError:
        run.end(Status.ABORTED)
        raise
    except StateError as error:
        _fail(visit, run, error)
    run.end(Status.SUCCEEDED)
    # Recorded on AWS: MapStateExited, too, follows MapRunSucceeded (localstack/localstack tests v4.14.0,
    # scenarios/test_base_scenarios, 34 recordings until 2024-08; in 15 from 2024-11 on it follows MapRunStarted).
    branch.last = branch.history.add("MapRunSucceeded", branch.last)
    branch.history.add("MapStateSucceeded", branch.last)
    return result


class _Plan:
    """The settings of a run, which are evaluated before it starts."""

    def __init__(self, visit: Visit, effective: Document) -> None:
        state: tree.Map = visit.state
        self.effective = effective
        self.tolerance = Tolerance(
            visit.number(state.tolerated_failure_count, effective),
            visit.number(state.tolerated_failure_percentage, effective),
        )
        reader, batcher = state.item_reader, state.item_batcher
        data = visit.data(effective.value)
        self.max_items = None if reader is None else visit.number(reader.max_items, effective)
        self.reader_parameters = (
            None if reader is None or reader.parameters is None else reader.parameters.evaluate(data)
        )
        self.batch_items = self.batch_bytes = None
        self.batch_input: Json = None
        if batcher is not None:
            self.batch_items = visit.number(batcher.max_items, effective) or None
            self.batch_bytes = visit.number(batcher.max_input_bytes, effective) or None
            if batcher.batch_input is not None:
                self.batch_input = batcher.batch_input.evaluate(data)


def _make(visit: Visit, limit: int, tolerance: Tolerance) -> MapRun:
    state: tree.Map = visit.state
    execution = visit.branch.execution
    workflow = execution.workflow
    label = map_label(workflow.arn, state)
    name = f"{workflow.name}/{label}"
    children = Workflow(
        definition=tree.StateMachine(state.processor, workflow.definition.query_language),
        arn=f"{workflow.arn}/{label}",
        name=name,
        role_arn=workflow.role_arn,
        scope=workflow.scope,
        express=state.execution_type == "EXPRESS",
        logging=workflow.logging,
    )
    arn = workflow.scope.arn(f"mapRun:{name}:{execution.engine.new_id()}")
    return MapRun(execution, children, arn=arn, label=label, max_concurrency=limit, tolerance=tolerance)


def _make_known(run: MapRun) -> None:
    directory = run.execution.engine.directory
    if directory is not None:
        directory.add_map_run(run)


async def _start(visit: Visit, run: MapRun, plan: _Plan, items: Sequence[Json] | None) -> bool:
    state: tree.Map = visit.state
    if items is None:
        reader = state.item_reader
        config = dict(reader.config)
        config.pop("MaxItemsPath", None)
        if plan.max_items is not None:
            config["MaxItems"] = plan.max_items
        integrations = visit.branch.execution.engine.integrations
        call = task_call(visit, _NOTHING)
        items = await integrations.read_items(reader.resource, plan.reader_parameters, config, call)
    inputs = [item_input(visit, plan.effective, index, value) for index, value in enumerate(items)]
    return await run.run(_batches(inputs, plan) if state.item_batcher else [Portion(one, 1) for one in inputs])


def _batches(inputs: Sequence[Document], plan: _Plan) -> list[Portion]:
    """Return the inputs put together, as many and as long as the batcher says."""
    batches: list[list[Document]] = []
    size = 0
    for document in inputs:
        length = len(document.text.encode()) + 1
        is_full = not batches or len(batches[-1]) == plan.batch_items
        if is_full or (plan.batch_bytes is not None and size + length > plan.batch_bytes):
            batches.append([])
            size = len('{"Items":[]}')
        batches[-1].append(document)
        size += length
    before = {} if plan.batch_input is None else {"BatchInput": plan.batch_input}
    return [Portion(Document({**before, "Items": [one.value for one in batch]}), len(batch)) for batch in batches]


async def _result(visit: Visit, run: MapRun, effective: Document) -> Document:
    """Return the outputs, or where they have been written. Raises StateError."""
    writer = visit.state.result_writer
    if writer is not None and writer.resource is not None:
        parameters = None if writer.parameters is None else writer.parameters.evaluate(visit.data(effective.value))
        results = [describe(child) for child in run.ordered()]
        details = await visit.branch.execution.engine.integrations.write_results(
            writer.resource, parameters, writer.config, run.arn, results, task_call(visit, _NOTHING)
        )
        result = Document({"MapRunArn": run.arn, "ResultWriterDetails": details})
    else:
        result = _outputs(run, "COMPACT" if writer is None else writer.config.get("Transformation", "NONE"))
    run.items.results_written = run.items.succeeded
    run.executions.results_written = run.executions.succeeded
    return result


def _outputs(run: MapRun, transformation: str) -> Document:
    """Return the outputs as WriterConfig's Transformation has them."""
    if transformation == "NONE":
        return Document([describe(child) for child in run.ordered()])
    outputs = [Document(text=child.output) for child in run.succeeded()]
    if transformation == "FLATTEN":
        flat: list[Json] = []
        for output in outputs:
            flat.extend(output.value if isinstance(output.value, list) else [output.value])
        return Document(flat)
    return array(outputs)


def _fail(visit: Visit, run: MapRun, error: StateError) -> NoReturn:
    """End the run badly."""
    run.end(Status.FAILED)
    failure = visit.failure(error)
    branch = visit.branch
    details = {"error": failure.error, "cause": failure.cause}
    members = {member: text for member, text in details.items() if text is not None}
    last = branch.last = branch.history.add("MapRunFailed", failure.last, members)
    raise StateFailedError(failure.error, failure.cause, last) from error
