"""`envctl` and `python -m envctl`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line. A user's mistake is one message and exit code 1; only a defect shows a traceback."""
    # A command lives for a second and frees its memory by ending: collecting less often saves a tenth of that.
    gc.set_threshold(50_000, 20, 20)
    import typer

    from .cli import application
    from .errors import UserError

    try:
        # Left to itself the parser ends a misspelt option with 2, which here means a difference or a finding.
        code = application(standalone_mode=False)
    except typer.Abort:
        sys.stderr.write("aborted\n")
        sys.exit(1)
    except UserError as error:
        from .console import report_error

        report_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has gone
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        show = getattr(error, "show", None)  # the parser's own errors know how
        if show is None:
            raise
        show()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
