"""Start a program in a process group of its own, told to stop when its parent dies.

Run as a file by the adapter, before anything of envctl is imported: `launcher.py PARENT_PID OUTPUT PROGRAM ARGS…`.
OUTPUT is a file that takes what the program prints, or - for the pipes of the parent: a pipe breaks when its reader is
killed, which would end terraform at its next line, lock in hand; a file doesn't.

A terminal's Ctrl-C reaches a whole process group, and terraform takes a second interrupt as "stop now, and leave
the lock"; so terraform gets its own group, and envctl passes on exactly one interrupt. Where envctl itself is killed,
Linux interrupts terraform in its stead, which lets go of the lock.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, output, program = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    os.setpgid(0, 0)
    if output != "-":
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it died before the line above
            sys.exit(130)
    os.execv(program[0], program)  # noqa: S606  an argument list, no shell


if __name__ == "__main__":
    main()
