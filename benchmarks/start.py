"""How long a sandbox takes to be ready, and what memory it has resident before and after the first request.

    python -m benchmarks.start --rounds 5

Ready is when the health check answers. Limits: ready in less than 1 s, less than 80 MB before the first request.
"""

import argparse
import statistics
import sys

from benchmarks.server import running_server

LIMIT_SECONDS, LIMIT_BYTES = 1.0, 80e6


def measure() -> tuple[float, int, int, int]:
    """Return (seconds to ready, bytes resident then, after a first IAM call, after a first execution)."""
    with running_server() as server:
        resident = [server.resident()]
        account = server.new_account()
        role = account.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument='{"Statement": []}')
        resident.append(server.resident())
        client = account.client("stepfunctions")
        definition = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}'
        machine = client.create_state_machine(name="m", definition=definition, roleArn=role["Role"]["Arn"])
        client.start_execution(stateMachineArn=machine["stateMachineArn"])
        resident.append(server.resident())
        return (server.seconds_to_ready, *resident)


def main() -> int:
    """Measure and print; return 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = [measure() for _ in range(parser.parse_args().rounds)]
    seconds, *resident = (statistics.median(each) for each in zip(*rounds, strict=True))
    fastest, slowest = min(each[0] for each in rounds), max(each[0] for each in rounds)
    print(f"ready after                {seconds:6.2f} s    (median; {fastest:.2f} to {slowest:.2f})")
    for name, size in zip(("when ready", "after a first request", "after an execution"), resident, strict=True):
        print(f"resident {name:<22}{size / 1e6:6.1f} MB")
    return int(seconds >= LIMIT_SECONDS or resident[0] >= LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
