"""A service's refusal of a request."""

from __future__ import annotations


class ApiError(Exception):
    """An operation of an API refuses a request.

    Args:
        code: the error's name in the service model, such as ``StateMachineDoesNotExist``.
        message: AWS's words.
        members: further members of the error's body, such as ``reason``.

    """

    def __init__(self, code: str, message: str = "", **members: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.members = code, message, members
