"""Run a program in a process group of its own, and end it when envctl is gone.

Run as a file by the adapter, before anything of envctl is imported:
`launcher.py PARENT_PID PATIENCE OUTPUT PROGRAM ARGS…`. OUTPUT is a file that takes what the program prints, or - for
the pipes of the parent: a pipe breaks when its reader is killed, which would end terraform at its next line, lock in
hand; a file doesn't.

A terminal's Ctrl-C reaches a whole process group, and terraform takes a second interrupt as "stop now, and leave
the lock"; so terraform gets its own group, and envctl passes on exactly one interrupt. The launcher stays as its
parent, hands on signals and the exit code, and where envctl itself is killed, interrupts terraform in its stead, which
lets go of the lock. A terraform whose provider has died too may wait for it for ever: after PATIENCE seconds it is
interrupted again, and then killed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
ORPHANED = signal.SIGUSR1
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, ORPHANED)
LAST_SECONDS = 10.0


def main() -> None:
    parent, patience, output, program = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]
    os.setpgid(0, 0)
    if output != "-":
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)  # until it is known whom to hand them to
    tell_of_death(parent, ORPHANED)
    launcher = os.getpid()
    child = os.fork()
    if child == 0:
        # Interrupts go through the launcher; this one is for when the launcher is killed.
        for number in HANDLED:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
        tell_of_death(launcher, signal.SIGINT)
        os.execv(program[0], program)  # noqa: S606  an argument list, no shell
    watch(child, patience)


def tell_of_death(parent: int, number: int) -> None:
    """Have Linux send this process a signal when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before the line above
            os._exit(130)


def watch(child: int, patience: float) -> None:
    """Hand on signals until the child ends, and end as it did."""
    expired, told = 0, False

    def hand_on(number: int, _frame: object) -> None:
        nonlocal told
        told = True
        os.kill(child, number)

    def orphaned(_number: int, _frame: object) -> None:
        # CI kills what it has interrupted before: a second interrupt would have terraform leave the lock.
        if not told:
            os.kill(child, signal.SIGINT)
        signal.setitimer(signal.ITIMER_REAL, patience, min(patience, LAST_SECONDS))

    def expire(_number: int, _frame: object) -> None:
        nonlocal expired
        expired += 1
        os.kill(child, signal.SIGINT if expired == 1 else signal.SIGKILL)

    signal.signal(signal.SIGINT, hand_on)
    signal.signal(signal.SIGTERM, hand_on)
    signal.signal(signal.SIGALRM, expire)
    signal.signal(ORPHANED, orphaned)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
    _, status = os.waitpid(child, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 255)


if __name__ == "__main__":
    main()
