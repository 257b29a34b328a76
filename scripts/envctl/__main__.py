"""`envctl` and `python -m envctl`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn


def main() -> None:
    """Run the command line. A user's mistake is one message and exit code 1; only a defect shows a traceback."""
    # A command lives for a second and frees its memory by ending: collecting only what is large saves a tenth of that.
    gc.set_threshold(1_000_000, 20, 20)
    # None is wanted, and looking for them reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from .interrupts import install

    install()
    try:
        code = _run()
    except KeyboardInterrupt as error:
        code = _interrupted(error)
    _end(code)


def _end(code: int) -> NoReturn:
    """Exit without first freeing one object after the other, which takes 0.15 s: the system frees all at once."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # the reader of a pipe has gone, or it was closed because of that
            code = code or 1
    os._exit(code)


def _run() -> int:
    import typer

    from .cli import Ended, application
    from .errors import UserError

    try:
        # Left to itself the parser ends a misspelt option with 2, which here means a difference or a finding.
        code = application(standalone_mode=False)
    except typer.Abort:
        sys.stderr.write("aborted\n")
        return 1
    except Ended as ended:
        raise ended.cause from None
    except UserError as error:
        from .console import report_error

        report_error(error)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has gone
        sys.stderr.close()
        return 1
    except Exception as error:
        show = getattr(error, "show", None)  # the parser's own errors know how
        if show is None:
            raise
        if said := getattr(error, "message", ""):
            vars(error)["message"] = said.replace("Value error, ", "")  # the parser's parser's own words
        show()
        sys.stderr.write(_hint(error))
        return 1
    return code if isinstance(code, int) else 0


def _hint(error: Exception) -> str:
    """After the parser's own words: what the missing option or argument is, and the command's example."""
    said = ""
    if type(error).__name__ == "MissingParameter" and (help := getattr(getattr(error, "param", None), "help", None)):
        said = f"  what it is: {help}\n"
    context = getattr(error, "ctx", None)
    for line in ((context.command.help if context else None) or "").splitlines():
        if line.startswith("Example: "):
            said += f"  what to do: such as `{line.removeprefix('Example: ')}`\n"
    return said


def _interrupted(error: KeyboardInterrupt) -> int:
    from .console import report_error
    from .errors import UserError
    from .interrupts import Interrupted

    if not isinstance(error, Interrupted):
        error = Interrupted(2)
    report_error(UserError(error.what, why=error.why, todo=error.todo))
    return error.exit_code


if __name__ == "__main__":
    main()
