"""POST -> StartExecution through the API, beside StartExecution called directly, on one server in one run.

    python -m benchmarks.post_rate --seconds 10 --rounds 3

Rounds alternate, so that a machine that slows down slows both. The direct call is signed once and sent again: signing
is the client's work, not the server's. The last column is the server's processor time per call, what executions take
included, which does not depend on what else the machine does.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from benchmarks.load import Load, request_bytes, run
from benchmarks.server import running_server
from sfn_harness.deployments import Deployer, Deployment

ROOT = Path(__file__).parents[1]
SETTLING_SECONDS = 0.5  # until the last executions have ended, so that no round pays for another's
Call = Callable[[Deployment], tuple[str, bytes]]
BODY = json.dumps({"order": 1, "note": "it's"}).encode()


def through_the_api(deployment: Deployment) -> tuple[str, bytes]:
    """Return the URL and the request of a POST to the API."""
    url = deployment.url("/generated")
    return url, request_bytes("POST", url, {"Content-Type": "application/json"}, BODY)


def directly(deployment: Deployment) -> tuple[str, bytes]:
    """Return the URL and the request of StartExecution itself."""
    account = deployment.account
    body = json.dumps({"stateMachineArn": deployment.outputs["state_machine_arn"], "input": BODY.decode()})
    url = f"{account.endpoint}/"
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.StartExecution"}
    request = AWSRequest("POST", url, headers, body)
    SigV4Auth(account.session().get_credentials(), "states", account.region).add_auth(request)
    return url, request_bytes("POST", url, dict(request.headers), body.encode())


def report(name: str, loads: list[Load], processor: float) -> None:
    """Print one line about all rounds together: rate, p50, p99, processor time, and every status that was no 200."""
    whole = Load(sum(load.seconds for load in loads), [each for load in loads for each in load.latencies])
    failed = {status: load.statuses[status] for load in loads for status in load.statuses if status != 200}
    p50, p99 = whole.percentile(0.5), whole.percentile(0.99)
    times = f"p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {processor:5.2f} ms"
    print(f"{name:<18} {whole.rate:7.0f} per s   {times}   {failed or ''}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-hook", action="append", default=[], metavar="NAME", help="as the server takes it")
    options = parser.parse_args()
    skipped = [f"--without-hook={name}" for name in options.without_hook]
    with running_server(skipped) as server, Deployer(server, ROOT) as deploy:
        deployment = deploy("tests/e2e/configurations/contract")
        calls = {"through the API": through_the_api(deployment), "directly": directly(deployment)}
        loads: dict[str, list[Load]] = {name: [] for name in calls}
        used = dict.fromkeys(calls, 0.0)
        for _ in range(options.rounds):
            for name, (url, request) in calls.items():
                before = server.processor_seconds()
                loads[name].append(
                    asyncio.run(run(url, request, connections=options.connections, seconds=options.seconds))
                )
                time.sleep(SETTLING_SECONDS)
                used[name] += server.processor_seconds() - before
        for name, measured in loads.items():
            report(name, measured, 1000 * used[name] / sum(len(load.latencies) for load in measured))
        ratio = sum(load.rate for load in loads["through the API"]) / sum(load.rate for load in loads["directly"])
        print(f"through the API / directly: {ratio:.2f}")


if __name__ == "__main__":
    main()
