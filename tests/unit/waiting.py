"""Waiting for something that happens in another process."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 60.0  # seconds; only a test that fails takes so long, however busy the machine


def wait_until(condition: Callable[[], Found], seconds: float = PATIENCE, what: str = "the condition") -> Found:
    """Poll until the condition gives something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} was not met in {seconds} s")
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not. Needs /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # The process may end between the opening and the reading.
        return False
