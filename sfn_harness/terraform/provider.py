"""Keeps a provider running between Terraform commands.

Most of the time of a plan goes into starting the AWS provider and checking its 600 MB. A provider that is started with
`-debug` stays, and Terraform attaches to it: a plan takes half as long. Such a provider reads its own environment, so
it serves one account and region.
"""

import json
import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from sfn_harness.processes import Guarded

VARIABLE = "TF_REATTACH_PROVIDERS"
DEADLINE = 20.0  # seconds for a provider to get ready; it takes about one


class RunningProvider(AbstractContextManager["RunningProvider"]):
    """The AWS provider that `terraform init` put under `workspace`, running until the context ends.

    `variables` is what Terraform's environment needs to attach to it: {} where it could not be started, which costs
    time and nothing else.
    """

    def __init__(self, workspace: Path, environment: Mapping[str, str]) -> None:
        self.variables: dict[str, str] = {}
        self._process: Guarded | None = None
        self._directory = TemporaryDirectory(prefix="sfn-harness-provider-")
        data = Path(environment.get("TF_DATA_DIR") or workspace / ".terraform")
        found = sorted(data.glob("providers/*/hashicorp/aws/*/*/terraform-provider-aws*"))
        if not found:
            return
        log = Path(self._directory.name, "log")
        # Its socket goes where the rest of it is: the directory is removed with it.
        self._process = Guarded(
            [str(found[0]), "-debug"], environment={**environment, "TMPDIR": self._directory.name}, log=log
        )
        announced = self._wait(log)
        if announced:
            # The provider announces itself under the registry it was published in, Terraform looks for the registry it
            # installed it from.
            address = "/".join(found[0].parts[-6:-3])
            self.variables = {VARIABLE: json.dumps({address: announced})}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.stop()
        self._directory.cleanup()

    def _wait(self, log: Path) -> dict | None:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            text = log.read_text(encoding="utf-8", errors="replace")
            match = re.search(rf"{VARIABLE}='(\{{.*\}})'", text)
            if match:
                return next(iter(json.loads(match[1]).values()))
            if self._process.poll() is not None:
                return None
            time.sleep(0.02)
        return None
