"""Many POSTs from many connections: whether each is an execution, and the server holds nothing besides them.

    python -m benchmarks.endurance --requests 20000 --connections 64

One server gets the requests through the API, another the same number of StartExecution calls directly. Afterwards, of
those through the API: every 200 has its execution, no other execution exists, none is there twice, all have SUCCEEDED.
The growth of resident memory per execution is compared: what the API costs is the difference, and should be nothing.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass

from benchmarks.load import Load, run
from benchmarks.post_rate import ROOT, Call, directly, through_the_api
from benchmarks.server import Server, running_server
from sfn_harness.deployments import Deployer, Deployment

# Resident memory comes in pages and arenas, so two runs of the same thing differ by this much.
TOLERANCE = 0.05
WARM_UP = 500


@dataclass
class Endured:
    """What a run left behind. Memory is in bytes; `grown` is after the run, `settled` once all had ended."""

    load: Load
    answered: Counter[str]
    listed: Counter[str]
    statuses: Counter[str]
    grown: int
    settled: int
    threads: int

    @property
    def per_execution(self) -> float:
        """Bytes of resident memory for each execution."""
        return self.settled / len(self.listed)

    def faults(self) -> list[str]:
        """Return what is not as it has to be."""
        bad = {status: count for status, count in self.load.statuses.items() if status != 200}
        checks = {
            f"answers other than 200: {bad}": bad,
            "answers without an execution": self.answered - self.listed,
            "executions without an answer": self.listed - self.answered,
            "executions there twice": [arn for arn, count in self.listed.items() if count > 1],
            "one execution answered twice": [arn for arn, count in self.answered.items() if count > 1],
            f"not all succeeded: {dict(self.statuses)}": set(self.statuses) - {"SUCCEEDED"},
        }
        return [text for text, found in checks.items() if found]


def executions(deployment: Deployment) -> list[dict[str, str]]:
    """Return every execution of the state machine."""
    pages = deployment.account.client("stepfunctions").get_paginator("list_executions")
    machine = deployment.outputs["state_machine_arn"]
    return [each for page in pages.paginate(stateMachineArn=machine, maxResults=1000) for each in page["executions"]]


def settle(server: Server) -> None:
    """Wait until the server has nothing more to do: until its processor time stands still for half a second."""
    before = -1.0
    while server.processor_seconds() - before > 0.02:
        before = server.processor_seconds()
        time.sleep(0.5)


def endure(call: Call, *, requests: int, connections: int) -> Endured:
    """Send the requests to a server of their own, and look at what there is afterwards."""
    with running_server() as server, Deployer(server, ROOT) as deploy:
        deployment = deploy("tests/e2e/configurations/contract")
        url, request = call(deployment)
        # What is loaded and remembered once is not growth.
        asyncio.run(run(url, request, connections=connections, count=WARM_UP))
        settle(server)
        before = {each["executionArn"] for each in executions(deployment)}
        settle(server)
        resident = server.resident()
        load = asyncio.run(run(url, request, connections=connections, count=requests, keep_bodies=True))
        grown = server.resident() - resident
        settle(server)
        settled, threads = server.resident() - resident, server.threads()
        found = [each for each in executions(deployment) if each["executionArn"] not in before]
        return Endured(
            load,
            Counter(json.loads(body)["executionArn"] for status, body in load.bodies if status == 200),
            Counter(each["executionArn"] for each in found),
            Counter(each["status"] for each in found),
            grown,
            settled,
            threads,
        )


def main() -> int:
    """Measure and print; return 1 where something is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    per_execution, failed = {}, False
    for name, call in {"directly": directly, "through the API": through_the_api}.items():
        result = endure(call, requests=options.requests, connections=options.connections)
        per_execution[name] = result.per_execution
        load = result.load
        print(
            f"{name}: {len(load.latencies)} calls in {load.seconds:.1f} s ({load.rate:.0f} per s), "
            f"p50 {load.percentile(0.5):.0f} ms, p99 {load.percentile(0.99):.0f} ms\n"
            f"  {len(result.answered)} executions answered, {len(result.listed)} there, {dict(result.statuses)}\n"
            f"  resident memory +{result.grown / 1e6:.1f} MB, +{result.settled / 1e6:.1f} MB when all had ended: "
            f"{result.per_execution:.0f} bytes per execution; {result.threads} threads"
        )
        for fault in result.faults():
            failed = True
            print(f"  WRONG: {fault}")
    ratio = per_execution["through the API"] / per_execution["directly"]
    print(f"memory per execution, through the API / directly: {ratio:.3f}")
    return int(failed or ratio > 1 + TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
