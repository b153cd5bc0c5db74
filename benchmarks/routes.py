"""How long an API of 1, 10 and 50 routes takes to apply from nothing and to destroy, with both engines, in one sandbox.

    python -m benchmarks.routes --rounds 5

Rounds alternate, so that a machine that slows down slows all. The initialization is not measured. Processor time is
that of Terraform and the provider, and depends less on what else the machine does. Limit: with the engine openapi the
most routes take at most 1.5 times as long to apply as the fewest, by the shortest times: they waited least for others.
"""

import argparse
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.server import running_server
from sfn_harness.deployments import Deployer

ROOT = Path(__file__).parents[1]
CONFIGURATION = "benchmarks/configurations/routes"
ENGINES = ("resources", "openapi")
LIMIT = 1.5


@dataclass
class Times:
    """Of one command, round by round, in seconds."""

    passed: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def measure(self, command: Callable[[], object]) -> None:
        """Run a command."""
        passed, processor = time.monotonic(), _processor_seconds()
        command()
        self.passed.append(time.monotonic() - passed)
        self.processor.append(_processor_seconds() - processor)

    def __str__(self) -> str:
        shortest, median = min(self.passed), statistics.median(self.passed)
        return f"{shortest:6.2f} s   median {median:6.2f} s   processor {min(self.processor):6.2f} s"


def _processor_seconds() -> float:
    """Return the processor time of all processes that were started from here and have ended."""
    used = os.times()
    return used.children_user + used.children_system


def main() -> int:
    """Measure and print; return 1 where the limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--routes", type=int, nargs="+", default=[1, 10, 50])
    options = parser.parse_args()
    cases = list(itertools.product(options.routes, ENGINES))
    applies, destroys = {case: Times() for case in cases}, {case: Times() for case in cases}
    with running_server() as server, Deployer(server, ROOT) as deploy:
        # One apply before those that count: the first of a configuration initializes it.
        deployments = {case: deploy(CONFIGURATION, routes=case[0], engine=case[1], fresh=True) for case in cases}
        for deployment in deployments.values():
            deployment.destroy()
        for _ in range(options.rounds):
            for case, deployment in deployments.items():
                applies[case].measure(deployment.apply)
                destroys[case].measure(deployment.destroy)
    for name, measured in (("apply", applies), ("destroy", destroys)):
        for (routes, engine), times in measured.items():
            print(f"{name:<8}{routes:3} routes   {engine:<10}{times}")
    fewest, most = min(options.routes), max(options.routes)
    growth = {engine: min(applies[most, engine].passed) / min(applies[fewest, engine].passed) for engine in ENGINES}
    for engine in ENGINES:
        print(f"{most} routes / {fewest}, {engine:<10}{growth[engine]:5.2f}")
    return int(growth["openapi"] > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
