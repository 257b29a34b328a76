"""`python -P -m sandbox.runtime.launcher PARENT_PID MODULE ARGS…`: run a module that dies with its parent.

A sandbox that is killed can't end its processes, so the kernel does: on Linux by the parent-death signal, elsewhere
by a thread that watches for a new parent. One interpreter runs both this and the module, so it costs no second start.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Arrange to be killed when the process `parent` ends."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    # The parent may have ended before the signal was asked for.
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)


def main() -> None:
    """Become the module that the arguments name."""
    parent, module, *arguments = sys.argv[1:]
    die_with(int(parent))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
