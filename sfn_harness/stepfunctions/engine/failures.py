"""How a state fails inside the engine, and which Retry and Catch entries take it."""

from __future__ import annotations

from collections.abc import Sequence

RUNTIME = "States.Runtime"

_TIMEOUT = "States.Timeout"


class StateFailedError(Exception):
    """A state has failed.

    It goes from the state up through the branches around it, until one is retried or caught.

    Attributes:
        error: the error's name, or None.
        cause: the text beside it, or None.
        last: the id of the event after which it failed.
        other_name: a further name that Retry and Catch may know it by.

    """

    def __init__(self, error: str | None, cause: str | None, last: int, other_name: str | None = None) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause, self.last, self.other_name = error, cause, last, other_name

    @property
    def is_final(self) -> bool:
        """Whether it ends the execution, whatever Retry and Catch say."""
        return self.error == RUNTIME

    def output(self) -> dict[str, str | None]:
        """Return the error output: what a catcher gets.

        Recorded on AWS: a timeout, which has no cause, has an empty one here (localstack/localstack tests v4.14.0,
        error_handling/test_task_service_lambda test_invoke_timeout, 2024-11-28).
        """
        cause = "" if self.cause is None and self.error == _TIMEOUT else self.cause
        return {"Error": self.error, "Cause": cause}


def matches(failure: StateFailedError, names: Sequence[str]) -> bool:
    """Return whether an ErrorEquals takes a failure.

    States.ALL takes all; States.TaskFailed all but a timeout (AWS's developer guide, "Handling errors in Step Functions
    workflows", seen 2026-11).
    """
    for name in names:
        if name in (failure.error, "States.ALL") or name == failure.other_name is not None:
            return True
        if name == "States.TaskFailed" and failure.error != _TIMEOUT:
            return True
    return False
