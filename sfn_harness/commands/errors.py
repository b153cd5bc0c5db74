"""How a command fails."""


class CommandError(Exception):
    """A command can't do what it was asked; the text is for the person, `code` is the exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class UsageError(CommandError):
    """The command was asked for something that can't be meant; the exit code is 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, 2)
