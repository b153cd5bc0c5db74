"""What goes wrong: with a request, with a state, and with a service that a task calls."""

from __future__ import annotations

from sfn_harness.aws.errors import ApiError

__all__ = ["ApiError", "EvaluationError", "HeartbeatMissedError", "NotAssumableError", "ServiceError", "StateError"]


class StateError(Exception):
    """A state fails, and may be retried or caught.

    Args:
        error: the error's name, such as ``States.TaskFailed``; None only for a Fail state that names none.
        cause: the text beside it, or None where AWS gives none.

    """

    def __init__(self, error: str | None, cause: str | None = None) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


class HeartbeatMissedError(StateError):
    """A task has not sent a heartbeat in time.

    Its name is States.Timeout, as recorded on AWS (localstack/localstack tests v4.14.0, timeouts/test_heartbeats,
    2024-04-18); Retry and Catch may also name it States.HeartbeatTimeout (AWS's developer guide, "Handling errors in
    Step Functions workflows").
    """

    def __init__(self) -> None:
        super().__init__("States.Timeout")


class EvaluationError(StateError):
    """An expression can't be evaluated, or its value is not what its field takes.

    AWS puts "An error occurred while executing the state '...' (entered at the event id #...). " before the cause.

    Args:
        error: see StateError.
        cause: see StateError.
        location: the field in the state, such as ``Output/a``, which an EvaluationFailed event names; None where AWS
            names none.

    """

    def __init__(self, error: str | None, cause: str | None = None, location: str | None = None) -> None:
        super().__init__(error, cause)
        self.location = location


class ServiceError(Exception):
    """A service that a task calls has refused the call.

    Args:
        code: the error's code as the service gives it, such as ``ResourceNotFoundException``.
        message: the service's words.
        status: the HTTP status.
        request_id: the id of the refused request.

    """

    def __init__(self, code: str, message: str, status: int = 400, request_id: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.request_id = code, message, status, request_id


class NotAssumableError(Exception):
    """A role does not exist, or does not let Step Functions assume it."""
