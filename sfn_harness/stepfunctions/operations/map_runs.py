"""Map runs: runs of distributed Map states."""

from __future__ import annotations

from sfn_harness.stepfunctions.engine.interface import Counts, MapRun, Status
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.operations.lookup import find_execution, find_map_run
from sfn_harness.stepfunctions.operations.parts import Answer, Call, date, present
from sfn_harness.stepfunctions.pages import Pages


def describe_map_run(call: Call) -> Answer:
    """Describe a map run."""
    run = find_map_run(call.here, call.request["mapRunArn"])
    return present(
        mapRunArn=run.arn,
        executionArn=run.execution.arn,
        status=run.status.value,
        startDate=date(run.started),
        stopDate=date(run.stopped),
        maxConcurrency=run.max_concurrency,
        toleratedFailurePercentage=float(run.tolerated_failure_percentage),
        toleratedFailureCount=run.tolerated_failure_count,
        itemCounts=_counts(run.items, run),
        executionCounts=_counts(run.executions, run),
        redriveCount=run.redrive_count,
        redriveDate=date(run.redriven),
    )


def _counts(counts: Counts, run: MapRun) -> Answer:
    answer: Answer = {
        "pending": counts.pending,
        "running": counts.running,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "timedOut": counts.timed_out,
        "aborted": counts.aborted,
        "total": counts.total,
        "resultsWritten": counts.results_written,
    }
    # A map run that has not been redriven, and has no failures, is recorded without them.
    if run.redrive_count or counts.failures_not_redrivable or counts.pending_redrive:
        answer |= {
            "failuresNotRedrivable": counts.failures_not_redrivable,
            "pendingRedrive": counts.pending_redrive,
        }
    return answer


def list_map_runs(call: Call) -> Answer:
    """List the map runs of an execution, the latest first."""
    execution = find_execution(call.here, call.request["executionArn"])
    machine = call.here.machines[execution.workflow.name.partition("/")[0]]
    runs = [run for run in machine.map_runs.values() if run.execution is execution]
    listed = [(-number, run) for number, run in enumerate(runs)][::-1]
    return Pages(["ListMapRuns", execution.arn], call.request, call.parts.now()).of(
        "mapRuns", listed, lambda pair: [pair[0]], lambda pair: _listed(pair[1])
    )


def _listed(run: MapRun) -> Answer:
    return present(
        executionArn=run.execution.arn,
        mapRunArn=run.arn,
        stateMachineArn=f"{run.execution.workflow.arn}/{run.label}",
        startDate=date(run.started),
        stopDate=date(run.stopped),
    )


def update_map_run(call: Call) -> Answer:
    """Change the settings of a map run that goes on."""
    run = find_map_run(call.here, call.request["mapRunArn"])
    if run.status is not Status.RUNNING:
        # The words are not recorded.
        raise ApiError("ValidationException", f"Map Run is {run.status.value} and cannot be updated: '{run.arn}'")
    run.update(
        call.request.get("maxConcurrency"),
        call.request.get("toleratedFailureCount"),
        call.request.get("toleratedFailurePercentage"),
    )
    return {}
